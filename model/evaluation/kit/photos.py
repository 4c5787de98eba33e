"""Photos as sellers take them: the kit's products, or goods of nobody, on a table or a floor at home."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.evaluation.kit.brands import KitProduct
from model.evaluation.kit.camera import Camera, look_at
from model.evaluation.kit.defects import DefectKind, counterfeit, genuine
from model.evaluation.kit.develop import develop, draw_conditions
from model.evaluation.kit.goods import plain_thing
from model.evaluation.kit.props import occlude
from model.evaluation.kit.scene import Floor, Light, Picture, plane_picture, put, quad_around, wall_edge
from model.evaluation.kit.solids import Solid, solid
from model.evaluation.kit.surfaces import surface, wall

_CARD = 0.2
"""Centimetres from the middle to the front of what is too thin to stand."""


@dataclass(frozen=True, eq=False)
class SellerPhoto:
    pixels: RGB
    quads: NDArray[np.float64]
    """(N, 4, 2) pixels: around each product, the asked one first; may reach past the picture's edge."""
    fronts: NDArray[np.float64]
    """(N, 4, 2) pixels: corners of each product's printed front, from its top left clockwise."""
    products: tuple[KitProduct, ...]
    defects: frozenset[DefectKind]
    """Of the first product; the others are genuine."""


def seller_photo(
    product: KitProduct,
    rng: np.random.Generator,
    *,
    defects: Set[DefectKind] = frozenset(),
    hardness: float = 0.5,
    others: Sequence[KitProduct] = (),
    size: tuple[int, int] = (1200, 900),
) -> SellerPhoto:
    """Photograph a product at home.

    The defects change the print and nothing else: with the same state of `rng`, the photos with and without them
    differ inside the product alone.

    Args:
        hardness: 0 (close, sharp, well lit) to 1 (far, turned, dim, covered, recompressed).
        others: genuine products beside it.
        size: width and height in pixels.
    """
    child = np.random.default_rng(int(rng.integers(2**62)))
    recipe = counterfeit(product, defects, int(child.integers(2**31)))
    printed = [solid(product, recipe), *(solid(other, genuine(other)) for other in others)]
    lying = _lying(printed, wish=bool(child.random() < 0.4))
    pixels, camera, things = _shot(printed, child, lying=lying, hardness=hardness, size=size)
    return SellerPhoto(
        pixels,
        np.stack([quad_around(camera, thing) for thing in things]),
        np.stack([camera.project(thing.front) for thing in things]),
        (product, *others),
        frozenset(defects),
    )


def background_photo(
    rng: np.random.Generator, *, hardness: float = 0.5, size: tuple[int, int] = (1200, 900)
) -> RGB:
    """A listing photo that shows none of the kit's brands: plain goods, or packs of a name that nobody registered."""
    child = np.random.default_rng(int(rng.integers(2**62)))
    things = [plain_thing(child) for _ in range(int(child.integers(1, 4)))]
    lying = _lying(things, wish=bool(child.random() < 0.5))
    return _shot(things, child, lying=lying, hardness=hardness, size=size)[0]


def _lying(things: Sequence[Solid], *, wish: bool) -> bool:
    """Nobody balances a shoe box on its end, or a card on its edge where it can lie."""
    if any(np.ptp(thing.outline[:, 2]) > np.ptp(thing.outline[:, 1]) for thing in things):
        return False
    return wish or any(thing.front[0][2] < _CARD for thing in things)


def _shot(
    things: Sequence[Solid], rng: np.random.Generator, *, lying: bool, hardness: float, size: tuple[int, int]
) -> tuple[RGB, Camera, list[Solid]]:
    floor, placed = _arranged(things, rng, lying)
    camera = _camera(placed, rng, lying, hardness, size)
    picture = _ground(camera, floor, rng, size)
    put(picture, camera, placed, floor, _light(rng, lying, hardness))
    occlude(picture, camera.project(placed[0].front), rng, hardness)
    return develop(picture, draw_conditions(rng, hardness)), camera, placed


def _arranged(things: Sequence[Solid], rng: np.random.Generator, lying: bool) -> tuple[Floor, list[Solid]]:
    """Things side by side on one floor, the first in the middle, each a little askew but the first."""
    axis = 2 if lying else 1
    floor = Floor(axis, float(things[0].outline[:, axis].min()))
    if not lying:
        floor = Floor(axis, float(min(things[0].outline[:, 1].min(), things[0].front[:, 1].min())))
    placed, reach = [things[0]], {1: _half(things[0]), -1: _half(things[0])}
    hand = 1 if rng.random() < 0.5 else -1
    for thing in things[1:]:
        x = hand * (reach[hand] + _half(thing) + float(rng.uniform(0.4, 2.5)))
        offset = np.array([x, 0.0, 0.0])
        offset[axis] = floor.level - thing.outline[:, axis].min()
        offset[3 - axis] = float(rng.uniform(-2.0, 0.8))
        placed.append(thing.swung(axis, float(rng.normal(0, 0.12)), offset))
        reach[hand] = abs(x) + _half(thing)
        hand = -hand
    return floor, placed


def _half(thing: Solid) -> float:
    return float(np.ptp(thing.outline[:, 0]) / 2)


def _camera(
    things: Sequence[Solid], rng: np.random.Generator, lying: bool, hardness: float, size: tuple[int, int]
) -> Camera:
    spread = 0.3 + 0.7 * hardness
    if lying:
        azimuth, elevation, roll = (
            rng.normal(0, 0.24 * spread),
            rng.normal(-0.12, 0.2 * spread),
            rng.normal(0, 0.25 * spread),
        )
        if rng.random() < 0.22 * hardness:
            roll += float(rng.choice([-1, 1])) * np.pi / 2
    else:
        azimuth, elevation, roll = (
            rng.uniform(-0.75, 0.75) * spread, rng.uniform(0.08, 0.2 + 0.3 * spread), rng.normal(0, 0.05 * spread),
        )  # fmt: skip
    fill = 0.86 - 0.34 * hardness + float(rng.uniform(-0.08, 0.06))
    points = np.vstack([np.vstack([thing.outline, thing.front]) for thing in things])
    slack = max(0.0, 1 - fill) * 0.3
    shift = (float(rng.uniform(-slack, slack)), float(rng.uniform(-slack, slack)))
    return look_at(
        (points.min(axis=0) + points.max(axis=0)) / 2, azimuth=float(azimuth), elevation=float(elevation),
        roll=float(roll), span=_span(points, float(roll), fill, size), size=size, shift=shift,
        lens=float(rng.uniform(1.15, 1.7)),
    )  # fmt: skip


def _span(points: NDArray[np.float64], roll: float, fill: float, size: tuple[int, int]) -> float:
    """Centimetres along the shorter side at which the things fill their share of the picture."""
    cos, sin = np.cos(roll), np.sin(roll)
    seen = points[:, :2] @ np.array([[cos, sin], [-sin, cos]])
    wide, high = np.ptp(seen[:, 0]), np.ptp(seen[:, 1])
    short = min(size)
    near = np.ptp(points[:, 2]) * 0.5
    return float(max(wide * short / size[0], high * short / size[1]) / fill + near)


def _ground(camera: Camera, floor: Floor, rng: np.random.Generator, size: tuple[int, int]) -> Picture:
    width, height = size
    table = surface(rng)
    if floor.axis == 2:
        return plane_picture(table, camera, 2, floor.level, width, (0, height))
    depth = float(rng.uniform(14, 45))
    edge = np.clip(wall_edge(camera, floor, depth, width), 0, height)
    high, low = min(int(edge.min()), height - 1), max(math.ceil(edge.max()), 1)
    behind = plane_picture(wall(rng), camera, 2, -depth, width, (0, low))
    picture = np.empty((height, width, 3), np.uint8)
    picture[high:] = plane_picture(table, camera, 1, floor.level, width, (high, height))
    picture[:high] = behind[:high]
    hidden = np.arange(high, low)[:, None] < edge
    np.copyto(picture[high:low], behind[high:], where=hidden[..., None])
    return picture


def _light(rng: np.random.Generator, lying: bool, hardness: float) -> Light:
    towards = np.array([rng.normal(0, 0.6), rng.uniform(0.5, 1.1), rng.uniform(0.5, 1.1)])
    towards[2 if lying else 1] += 0.9
    return Light(
        towards / np.linalg.norm(towards),
        float(rng.uniform(0.3, 0.5 + 0.2 * hardness)),
        float(rng.uniform(0.006, 0.03)),
    )
