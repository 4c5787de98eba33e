"""Catalogue pictures as a brand's studio makes them: white ground, soft shadow, nothing in the way."""

from __future__ import annotations

import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit.brands import KitProduct, ProductKind
from model.evaluation.kit.camera import Camera, look_at
from model.evaluation.kit.defects import genuine
from model.evaluation.kit.scene import Floor, Light, put
from model.evaluation.kit.solids import Solid, solid

SIDE = 720
"""Pixels; catalogue pictures are square."""

_TURNS = ((0.0, 0.05), (0.46, 0.24), (-0.4, 0.3), (0.2, 0.1), (-0.18, 0.16))
"""Azimuth and elevation of the whole views, in the order in which they are taken."""


def catalogue_views(product: KitProduct, views: int = 3) -> list[RGB]:
    """Front, turned, detail of the brand, turned the other way, and so on; each of shape (720, 720, 3).

    Args:
        views: at least 1; beyond 6 the turned views come again.
    """
    thing = solid(product, genuine(product))
    pictures = [_whole(product, thing, 0)]
    if views > 1:
        pictures.append(_whole(product, thing, 1))
    if views > 2:
        pictures.append(_detail(product, thing))
    return pictures[:views] + [_whole(product, thing, at) for at in range(2, views - 1)]


def _whole(product: KitProduct, thing: Solid, at: int) -> RGB:
    azimuth, elevation = _TURNS[at % len(_TURNS)]
    flat = product.kind in (ProductKind.TAG, ProductKind.LABEL)
    whole = np.vstack([thing.outline, thing.front])
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    span = float(np.ptp(whole, axis=0)[:2].max()) / 0.9 + float(np.ptp(whole[:, 2])) * 0.45
    camera = look_at(
        middle, azimuth=azimuth * (0.7 if flat else 1), elevation=elevation, roll=0.0, span=span, size=(SIDE, SIDE),
        lens=2.4,
    )  # fmt: skip
    return _taken(product, thing, camera)


def _detail(product: KitProduct, thing: Solid) -> RGB:
    left, top = thing.front[0][0], thing.front[0][1]
    right, bottom = thing.front[2][0], thing.front[2][1]
    target = np.array([(left + right) / 2, top + (bottom - top) * 0.36, thing.front[0][2]])
    span = float(min(right - left, top - bottom)) * 1.02
    camera = look_at(target, azimuth=-0.12, elevation=0.06, roll=0.0, span=span, size=(SIDE, SIDE), lens=2.4)
    return _taken(product, thing, camera)


def _taken(product: KitProduct, thing: Solid, camera: Camera) -> RGB:
    axis = 2 if product.kind is ProductKind.TAG else 1
    lowest = np.vstack([thing.outline, thing.front])[:, axis].min()
    picture = np.full((SIDE, SIDE, 3), 255, np.uint8)
    light = np.array([-0.2, 0.55, 1.0])
    put(
        picture,
        camera,
        [thing],
        Floor(axis, float(lowest)),
        Light(light / np.linalg.norm(light), 0.22, 0.014),
    )
    return picture
