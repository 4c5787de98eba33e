"""What fills a parcel beside the goods: folds of cloth, wires, springs, clips, plates and discs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from model.xray.attenuation import Attenuation, Material, empty
from model.xray.renderer.items import Design, Part, Points, Pose, place


def clutter(height: int, width: int, rng: np.random.Generator, things: int, folds: int = 12) -> Attenuation:
    """Soft folds all over, and `things` of no particular kind."""
    scene = _folds(height, width, rng, folds)
    for _ in range(things):
        add_thing(scene, rng)
    return scene


def add_thing(scene: Attenuation, rng: np.random.Generator, largest: float = 0.45) -> None:
    """One thing anywhere in the scene, in place.

    Args:
        largest: its half length at most, in shares of the scene's shorter side.
    """
    height, width = scene.low.shape
    size = min(height, width) * rng.uniform(0.12, largest)
    pose = Pose(rng.uniform(0, width), rng.uniform(0, height), size, rng.uniform(0, 360))
    place(scene, thing(rng), pose)


def thing(rng: np.random.Generator) -> Design:
    """Something that is no goods: its form is drawn anew each time."""
    makers: Sequence[Callable[[np.random.Generator], Part]] = (_plate, _disc, _wire, _spring, _clip, _bolt)
    return Design("thing", (makers[int(rng.integers(len(makers)))](rng),))


def _folds(height: int, width: int, rng: np.random.Generator, count: int) -> Attenuation:
    side = max(height, width)
    scene = empty(height, width)
    for _ in range(count):
        plane = np.zeros((height, width), np.float32)
        start, bend = rng.uniform(-0.2, 1.2, (2, 2)) * [width, height], rng.uniform(-0.4, 0.4, 2) * side
        along = np.linspace(0.0, 1.0, 24)[:, np.newaxis]
        line = start[0] * (1 - along) + start[1] * along + bend * np.sin(np.pi * along)
        thick = max(1, round(side * rng.uniform(0.005, 0.12)))
        cv2.polylines(plane, [np.round(line).astype(np.int32)], isClosed=False, color=1.0, thickness=thick)
        soft = cv2.GaussianBlur(plane, (0, 0), max(0.6, thick * rng.uniform(0.05, 0.5)))
        low, high = Material.ORGANIC.value
        depth = rng.uniform(0.1, 0.9)
        scene = Attenuation(
            scene.low + soft * np.float32(low * depth), scene.high + soft * np.float32(high * depth)
        )
    return scene


def _material(rng: np.random.Generator) -> tuple[Material, float]:
    material = list(Material)[int(rng.integers(3))]
    return material, float(rng.uniform(0.4, 2.0))


def _plate(rng: np.random.Generator) -> Part:
    across, up = rng.uniform(0.1, 1.0, 2)
    corners = np.array([(-across, -up), (across, -up), (across, up), (-across, up)])
    return Part(corners + rng.normal(0, 0.05, (4, 2)), *_material(rng))


def _disc(rng: np.random.Generator) -> Part:
    turn = np.linspace(0, 2 * np.pi, 40)
    return Part(
        np.stack([np.cos(turn), rng.uniform(0.4, 1.0) * np.sin(turn)], axis=1) * rng.uniform(0.3, 0.8),
        *_material(rng),
    )


def _wire(rng: np.random.Generator) -> Part:
    return Part(np.cumsum(rng.normal(0, 0.3, (9, 2)), axis=0), Material.METAL, 0.5, rng.uniform(0.02, 0.08))


def _spring(rng: np.random.Generator) -> Part:
    along = np.linspace(-1, 1, 90)
    wave = rng.uniform(0.1, 0.25) * np.sin(along * rng.uniform(15, 35))
    return Part(np.stack([along, wave], axis=1), Material.METAL, 0.5, rng.uniform(0.02, 0.05))


def _clip(rng: np.random.Generator) -> Part:
    bent: Points = np.array([(-0.8, -0.2), (0.8, -0.2), (0.8, 0.2), (-0.6, 0.2), (-0.6, -0.1), (0.6, -0.1)])
    return Part(bent * rng.uniform(0.6, 1.0), Material.METAL, 0.5, 0.06)


def _bolt(rng: np.random.Generator) -> Part:
    head, shaft = rng.uniform(0.25, 0.4), rng.uniform(0.1, 0.2)
    outline = [(-head, -0.8), (head, -0.8), (head, -0.5), (shaft, -0.5), (shaft, 0.8), (-shaft, 0.8)]
    return Part(np.array([*outline, (-shaft, -0.5), (-head, -0.5)]), Material.METAL, rng.uniform(0.5, 1.5))
