"""Designs of things as scanners see them: outlines filled with material. One design is drawn many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.xray.attenuation import Attenuation, Material, Plane

Points = NDArray[np.float64]
"""Shape (N, 2): x and y, in units of the item's size around its middle."""

_SUPERSAMPLED = 3


@dataclass(frozen=True, eq=False)
class Part:
    """An outline of one material; where parts lie over each other their thicknesses add up."""

    outline: Points
    material: Material
    thickness: float
    stroke: float = 0.0
    """Width of the line along the outline; 0 where the outline is filled."""


@dataclass(frozen=True, eq=False)
class Design:
    """One thing, as it is made again and again."""

    kind: str
    parts: tuple[Part, ...]

    @property
    def reach(self) -> float:
        """Of the farthest point from the middle, in units of size."""
        return max(float(np.abs(np.hypot(*part.outline.T)).max()) + part.stroke for part in self.parts)


@dataclass(frozen=True)
class Pose:
    """Where and how an item lies; `squeeze` below 1 is a tilt out of the plane."""

    x: float
    y: float
    size: float
    degrees: float
    squeeze: float = 1.0


def new_design(kind: str, rng: np.random.Generator) -> Design:
    """A design of the kind with proportions of its own.

    Raises:
        KeyError: there is no such kind; `KINDS` has them all.
    """
    return Design(kind, tuple(_MAKERS[kind](rng)))


def place(scene: Attenuation, design: Design, pose: Pose) -> None:
    """Add the item to the scene, in place; what lies outside is cut off."""
    for part in design.parts:
        coverage = _coverage(scene.low.shape, part, pose)
        low, high = part.material.value
        np.add(scene.low, coverage * np.float32(low * part.thickness), out=scene.low)
        np.add(scene.high, coverage * np.float32(high * part.thickness), out=scene.high)


def _coverage(shape: tuple[int, ...], part: Part, pose: Pose) -> Plane:
    angle = np.deg2rad(pose.degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (part.outline * pose.size * np.array([1.0, pose.squeeze])) @ turn.T + np.array([pose.x, pose.y])
    full = np.zeros(shape, np.float32)
    margin = part.stroke * pose.size + 2
    left, top = np.maximum(np.floor(points.min(axis=0) - margin), 0).astype(int)
    right, bottom = np.minimum(np.ceil(points.max(axis=0) + margin), [shape[1], shape[0]]).astype(int)
    if left >= right or top >= bottom:
        return full
    patch = np.zeros(((bottom - top) * _SUPERSAMPLED, (right - left) * _SUPERSAMPLED), np.uint8)
    drawn = np.round((points - [left, top]) * _SUPERSAMPLED).astype(np.int32)
    if part.stroke:
        width = max(1, round(part.stroke * pose.size * _SUPERSAMPLED))
        cv2.polylines(patch, [drawn], isClosed=False, color=255, thickness=width)
    else:
        cv2.fillPoly(patch, [drawn], 255)
    small = cv2.resize(patch, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    full[top:bottom, left:right] = small.astype(np.float32) / 255.0
    return full


def _ellipse(across: float, up: float, x: float = 0.0, y: float = 0.0) -> Points:
    turn = np.linspace(0.0, 2 * np.pi, 48)
    return np.stack([x + across * np.cos(turn), y + up * np.sin(turn)], axis=1)


def _box(across: float, up: float, x: float = 0.0, y: float = 0.0) -> Points:
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return np.array([(x + across * a, y + up * b) for a, b in corners])


def _watch(rng: np.random.Generator) -> list[Part]:
    face, strap = rng.uniform(0.26, 0.34), rng.uniform(0.12, 0.17)
    return [
        Part(_box(strap, 0.95), Material.ORGANIC, rng.uniform(0.8, 1.6)),
        Part(_ellipse(face, face), Material.METAL, rng.uniform(0.35, 0.6)),
        Part(_ellipse(face * 0.6, face * 0.6), Material.METAL, rng.uniform(0.1, 0.3)),
        Part(_box(strap * 1.1, 0.06, y=0.93), Material.METAL, 0.4),
    ]


def _bottle(rng: np.random.Generator) -> list[Part]:
    wide, neck = rng.uniform(0.32, 0.5), rng.uniform(0.12, 0.2)
    return [
        Part(_box(wide, 0.6, y=0.3), Material.MINERAL, rng.uniform(0.5, 0.9)),
        Part(_box(neck, 0.28, y=-0.55), Material.MINERAL, 0.6),
        Part(_box(wide * 0.85, 0.5, y=0.35), Material.ORGANIC, rng.uniform(1.5, 3.0)),
        Part(_box(neck * 1.2, 0.1, y=-0.85), Material.METAL, 0.2),
    ]


def _telephone(rng: np.random.Generator) -> list[Part]:
    wide = rng.uniform(0.42, 0.5)
    return [
        Part(_box(wide, 0.95), Material.MINERAL, rng.uniform(0.6, 1.0)),
        Part(_box(wide * 0.6, 0.4, y=rng.uniform(0.1, 0.35)), Material.METAL, rng.uniform(0.2, 0.4)),
        Part(_ellipse(0.1, 0.1, wide * 0.5, -0.7), Material.METAL, 0.3),
    ]


def _sole(rng: np.random.Generator) -> list[Part]:
    wide = rng.uniform(0.27, 0.36)
    return [
        Part(_ellipse(wide, 0.5, y=-0.45), Material.ORGANIC, rng.uniform(2.0, 3.0)),
        Part(_ellipse(wide * 0.8, 0.42, y=0.5), Material.ORGANIC, rng.uniform(2.5, 3.5)),
        Part(_box(wide * 0.6, 0.45, y=0.05), Material.ORGANIC, 2.0),
        Part(_box(wide * 0.2, 0.35, y=0.1), Material.METAL, rng.uniform(0.2, 0.4)),
    ]


def _buckle(rng: np.random.Generator) -> list[Part]:
    wide, up = rng.uniform(0.7, 0.95), rng.uniform(0.5, 0.75)
    return [
        Part(_box(wide, up), Material.METAL, 0.55, stroke=0.16),
        Part(np.array([(-wide, 0.0), (wide, 0.0)]), Material.METAL, 0.5, stroke=0.12),
    ]


def _tin(rng: np.random.Generator) -> list[Part]:
    size = rng.uniform(0.7, 0.95)
    return [
        Part(_ellipse(size, size), Material.ORGANIC, rng.uniform(2.0, 3.5)),
        Part(_ellipse(size, size), Material.METAL, 0.35, stroke=0.1),
    ]


def _glasses(rng: np.random.Generator) -> list[Part]:
    ring = rng.uniform(0.34, 0.4)
    return [
        *(Part(_ellipse(ring, ring * 0.8, x), Material.MINERAL, rng.uniform(0.3, 0.5)) for x in (-0.5, 0.5)),
        *(Part(_ellipse(ring, ring * 0.8, x), Material.METAL, 0.3, stroke=0.07) for x in (-0.5, 0.5)),
        Part(np.array([(-0.15, 0.0), (0.15, 0.0)]), Material.METAL, 0.4, stroke=0.08),
    ]


def _charger(rng: np.random.Generator) -> list[Part]:
    return [
        Part(_box(0.45, 0.55, y=0.2), Material.ORGANIC, rng.uniform(1.2, 2.2)),
        Part(_ellipse(0.25, 0.25, y=0.2), Material.METAL, rng.uniform(0.3, 0.6)),
        *(Part(_box(0.06, 0.25, x, -0.55), Material.METAL, 0.5) for x in (-0.2, 0.2)),
    ]


_MAKERS: dict[str, Callable[[np.random.Generator], list[Part]]] = {
    "bottle": _bottle,
    "buckle": _buckle,
    "charger": _charger,
    "glasses": _glasses,
    "sole": _sole,
    "telephone": _telephone,
    "tin": _tin,
    "watch": _watch,
}
KINDS = tuple(sorted(_MAKERS))
