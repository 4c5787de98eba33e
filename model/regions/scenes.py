"""Pictures in which products fill a small part: kit products put into photos of other things, with their truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.evaluation.kit import KitProduct, ProductKind
from model.evaluation.kit.camera import Camera, look_at
from model.evaluation.kit.defects import genuine
from model.evaluation.kit.develop import develop, draw_conditions
from model.evaluation.kit.scene import Floor, Light, put
from model.evaluation.kit.solids import Solid, solid
from model.regions.boxes import overlap

HARDNESS = 0.25
"""Of the light and the camera: a fair day."""
_TRIALS = 60
_GAP = 0.02
"""Least distance of a product from the picture's edge, in shares of the side."""


@dataclass(frozen=True, eq=False)
class Scene:
    pixels: RGB
    boxes: NDArray[np.float64]
    """(N, 4): left, top, right, bottom of each product, in shares of the picture."""
    products: tuple[KitProduct, ...]


def scene(
    background: RGB, products: Sequence[KitProduct], rng: np.random.Generator, shares: tuple[float, float]
) -> Scene:
    """Products standing or lying in a photo, each with its own shadow, none covering another.

    Args:
        shares: each product's silhouette fills at least and at most this share of the picture's area. Where no free
            place is found for a product, it is left out; the first always has one if its share is below about 0.3.
    """
    picture = background.copy()
    placed: list[KitProduct] = []
    boxes = np.empty((0, 4))
    for product in products:
        view = _free_view(product, picture.shape[1::-1], boxes, float(rng.uniform(*shares)), rng)
        if view is None:
            continue
        _draw(picture, product, view, rng)
        placed.append(product)
        boxes = np.vstack([boxes, _box(view, solid(product, genuine(product)), picture.shape[1::-1])])
    return Scene(develop(picture, draw_conditions(rng, HARDNESS)), boxes, tuple(placed))


def _free_view(
    product: KitProduct,
    size: tuple[int, int],
    taken: NDArray[np.float64],
    share: float,
    rng: np.random.Generator,
) -> Camera | None:
    thing = solid(product, genuine(product))
    for _ in range(_TRIALS):
        view = _view(thing, size, share, rng)
        box = _box(view, thing, size)
        inside = box.min() > _GAP and box.max() < 1 - _GAP
        if inside and not (overlap(box[None], taken) > 0).any():
            return view
    return None


def _view(thing: Solid, size: tuple[int, int], share: float, rng: np.random.Generator) -> Camera:
    """A camera that sees the thing somewhere in the picture, little turned, at its share of the area."""
    whole = np.vstack([thing.outline, thing.front])
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    angles = float(rng.uniform(-0.4, 0.4)), float(rng.uniform(0.02, 0.3)), float(rng.normal(0, 0.1))
    shift = float(rng.uniform(-0.4, 0.4)), float(rng.uniform(-0.4, 0.4))
    span = float(np.ptp(whole, axis=0).max()) * 2
    camera = _seen_from(middle, angles, shift, span, size)
    for _ in range(3):  # the area goes with the inverse square of the span, but for perspective
        span *= float(np.sqrt(_area(camera, thing) / (share * size[0] * size[1])))
        camera = _seen_from(middle, angles, shift, span, size)
    return camera


def _seen_from(
    middle: NDArray[np.float64],
    angles: tuple[float, float, float],
    shift: tuple[float, float],
    span: float,
    size: tuple[int, int],
) -> Camera:
    azimuth, elevation, roll = angles
    return look_at(
        middle, azimuth=azimuth, elevation=elevation, roll=roll, span=span, size=size, shift=shift, lens=1.6
    )


def _draw(picture: RGB, product: KitProduct, view: Camera, rng: np.random.Generator) -> None:
    thing = solid(product, genuine(product))
    axis = 2 if product.kind is ProductKind.TAG else 1
    lowest = float(np.vstack([thing.outline, thing.front])[:, axis].min())
    towards = np.array([rng.normal(0, 0.4), rng.uniform(0.6, 1.1), rng.uniform(0.6, 1.1)])
    light = Light(towards / np.linalg.norm(towards), float(rng.uniform(0.2, 0.45)), 0.012)
    put(picture, view, [thing], Floor(axis, lowest), light)


def _hull(camera: Camera, thing: Solid) -> NDArray[np.float32]:
    seen = camera.project(np.vstack([thing.outline, thing.front])).astype(np.float32)
    return np.asarray(cv2.convexHull(seen)[:, 0], np.float32)


def _area(camera: Camera, thing: Solid) -> float:
    return float(cv2.contourArea(_hull(camera, thing)))


def _box(camera: Camera, thing: Solid, size: tuple[int, int]) -> NDArray[np.float64]:
    hull = _hull(camera, thing) / np.array(size, np.float32)
    return np.concatenate([hull.min(axis=0), hull.max(axis=0)]).astype(np.float64)
