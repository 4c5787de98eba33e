"""Procedural table tops, floors and walls to photograph things on."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Texture = NDArray[np.float32]
"""RGB, shape (SIDE, SIDE, 3), 0 to 255."""

SIDE = 640
SPAN = 80.0
"""Centimetres that a texture covers."""


def surface(rng: np.random.Generator) -> Texture:
    """Any of the materials that sellers lay their goods on."""
    return _MATERIALS[int(rng.integers(len(_MATERIALS)))](rng)


def wall(rng: np.random.Generator) -> Texture:
    """A wall, a curtain or a door behind a table."""
    tone = rng.uniform(150, 240) + rng.uniform(-14, 14, 3)
    flat = np.broadcast_to(tone.astype(np.float32), (SIDE, SIDE, 3)).copy()
    if rng.random() < 0.3:
        folds = np.sin(np.arange(SIDE) * float(rng.uniform(0.05, 0.12)) + 2 * _noise(rng, 4)[0])
        flat *= (1 + 0.08 * folds)[None, :, None].astype(np.float32)
    return flat * (1 + 0.03 * _clouds(rng, (5, 40)))[..., None]


def _noise(rng: np.random.Generator, cells: int, cells_down: int | None = None) -> NDArray[np.float32]:
    """Smooth noise of about unit variance; `cells` bumps across and `cells_down` down."""
    grid = rng.standard_normal((cells_down or cells, cells), dtype=np.float32)
    return np.asarray(cv2.resize(grid, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float32)


def _clouds(rng: np.random.Generator, octaves: tuple[int, ...]) -> NDArray[np.float32]:
    total = np.zeros((SIDE, SIDE), np.float32)
    for at, cells in enumerate(octaves):
        total += _noise(rng, cells) / (1 + at)
    return total


def _pick(rng: np.random.Generator, colours: tuple[tuple[int, int, int], ...]) -> NDArray[np.float32]:
    return np.array(colours[int(rng.integers(len(colours)))], np.float32) + rng.normal(0, 6, 3).astype(
        np.float32
    )


def _wood(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((182, 138, 92), (122, 82, 52), (212, 182, 140), (92, 66, 48), (160, 108, 64)))
    planks = int(rng.integers(3, 9))
    rows = (np.arange(SIDE) * planks // SIDE)[:, None]
    shade = rng.normal(1, 0.07, planks).astype(np.float32)[rows]
    warp = _noise(rng, 3, 8) * 5
    down = np.arange(SIDE, dtype=np.float32)[:, None]
    rings = np.sin(down * float(rng.uniform(0.12, 0.3)) + warp + rows * 11.0)
    grain = 0.045 * rings + 0.05 * _noise(rng, 6, 320) + 0.03 * _noise(rng, 20, 160)
    texture = tone * ((1 + grain) * shade)[..., None]
    texture[(np.arange(SIDE) * planks % SIDE) < planks] *= 0.62
    return np.asarray(texture.astype(np.float32), np.float32)


def _fabric(rng: np.random.Generator) -> Texture:
    tone = _pick(
        rng, ((206, 198, 186), (88, 98, 118), (168, 72, 70), (120, 140, 116), (232, 228, 220), (64, 60, 62))
    )
    along = np.arange(SIDE, dtype=np.float32)
    thread = np.sin(along * 1.7)
    weave = 0.05 * thread[:, None] * np.cos(along * 1.7)[None, :] + 0.03 * _noise(rng, 320)
    folds = 0.10 * _noise(rng, 4, 3)
    texture = tone * (1 + weave + folds)[..., None]
    if rng.random() < 0.35:
        pitch = int(rng.integers(30, 80))
        check = ((along // pitch) % 2)[:, None] + ((along // pitch) % 2)[None, :]
        texture *= (1 - 0.16 * check)[..., None]
    return np.asarray(texture.astype(np.float32), np.float32)


def _concrete(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((150, 148, 144), (118, 120, 122), (186, 182, 174)))
    speckle = _noise(rng, 320)
    return (tone * (1 + 0.05 * _clouds(rng, (4, 12, 60)) - 0.08 * (speckle > 1.9))[..., None]).astype(
        np.float32
    )


def _marble(rng: np.random.Generator) -> Texture:
    veins = np.abs(np.sin(_clouds(rng, (3, 6, 14)) * 2.2 + np.arange(SIDE, dtype=np.float32) * 0.006))
    pale = np.array([236, 235, 232], np.float32)
    return np.asarray(
        (pale * (1 - 0.13 * np.exp(-veins * 7))[..., None] * (1 + 0.015 * _noise(rng, 8))[..., None]).astype(
            np.float32
        ),
        np.float32,
    )


def _tatami(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((200, 188, 146), (206, 188, 138), (182, 178, 140)))
    reeds = np.sin(np.arange(SIDE, dtype=np.float32) * 1.9)[:, None]
    texture = tone * (1 + 0.07 * reeds + 0.05 * _noise(rng, 30, 320) + 0.03 * _noise(rng, 6))[..., None]
    edge = int(rng.integers(SIDE // 8, SIDE // 3))
    texture[:, edge : edge + 34] = np.array([46, 62, 54]) * (1 + 0.05 * _noise(rng, 160))[:, :34, None]
    return np.asarray(texture.astype(np.float32), np.float32)


def _cardboard(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((188, 148, 104), (170, 130, 90)))
    flutes = np.sin(np.arange(SIDE, dtype=np.float32) * 0.55)[None, :]
    return np.asarray(
        (tone * (1 + 0.018 * flutes + 0.025 * _clouds(rng, (5, 60, 300)))[..., None]).astype(np.float32),
        np.float32,
    )


def _painted(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((236, 234, 230), (40, 42, 46), (176, 196, 206), (226, 206, 196), (96, 110, 104)))
    return (tone * (1 + 0.025 * _clouds(rng, (4, 30)))[..., None]).astype(np.float32)


def _carpet(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((120, 108, 100), (86, 92, 110), (164, 150, 132), (70, 64, 60)))
    pile = 0.11 * _noise(rng, 240) + 0.07 * _noise(rng, 90)
    return np.asarray((tone * (1 + pile + 0.05 * _noise(rng, 6))[..., None]).astype(np.float32), np.float32)


_MATERIALS: tuple[Callable[[np.random.Generator], Texture], ...] = (
    _wood, _wood, _wood, _fabric, _fabric, _concrete, _marble, _tatami, _cardboard, _painted, _carpet,
)  # fmt: skip
