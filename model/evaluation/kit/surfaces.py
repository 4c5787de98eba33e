"""Procedural table tops, floors and walls to photograph things on."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Texture = NDArray[np.uint8]
"""RGB, shape (SIDE, SIDE, 3)."""

SIDE = 640
SPAN = 80.0
"""Centimetres that a texture covers."""

_Shade = NDArray[np.float32]
"""How bright each place is, shape (SIDE, SIDE), about 1."""


def surface(rng: np.random.Generator) -> Texture:
    """Any of the materials that sellers lay their goods on."""
    return _MATERIALS[int(rng.integers(len(_MATERIALS)))](rng)


def wall(rng: np.random.Generator) -> Texture:
    """A wall, a curtain or a door behind a table."""
    tone = rng.uniform(150, 240) + rng.uniform(-14, 14, 3)
    folds = np.ones(SIDE, np.float32)
    if rng.random() < 0.3:
        folds += 0.08 * np.sin(_along() * float(rng.uniform(0.05, 0.12)) + 2 * _noise(rng, 4)[0])
    return _toned(tone, folds * (1 + 0.03 * _clouds(rng, (5, 40))))


def _along() -> NDArray[np.float32]:
    return np.arange(SIDE, dtype=np.float32)


def _toned(tone: NDArray[np.floating], shade: _Shade) -> Texture:
    """Channel by channel: arrays with an inner length of 3 are slow."""
    return np.asarray(
        cv2.merge([cv2.convertScaleAbs(shade, alpha=float(channel)) for channel in tone]), np.uint8
    )


def _noise(rng: np.random.Generator, cells: int, cells_down: int | None = None) -> _Shade:
    """Smooth noise of about unit variance; `cells` bumps across and `cells_down` down."""
    grid = rng.standard_normal((cells_down or cells, cells), dtype=np.float32)
    return np.asarray(cv2.resize(grid, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float32)


def _clouds(rng: np.random.Generator, octaves: tuple[int, ...]) -> _Shade:
    total = np.zeros((SIDE, SIDE), np.float32)
    for at, cells in enumerate(octaves):
        total += _noise(rng, cells) / (1 + at)
    return total


def _pick(rng: np.random.Generator, colours: tuple[tuple[int, int, int], ...]) -> NDArray[np.float32]:
    chosen = np.array(colours[int(rng.integers(len(colours)))], np.float32)
    return np.maximum(chosen + rng.normal(0, 6, 3).astype(np.float32), 0)


def _wood(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((182, 138, 92), (122, 82, 52), (212, 182, 140), (92, 66, 48), (160, 108, 64)))
    planks = int(rng.integers(3, 9))
    rows = (np.arange(SIDE) * planks // SIDE)[:, None]
    shade = rng.normal(1, 0.07, planks).astype(np.float32)[rows]
    warp = _noise(rng, 3, 8) * 5
    down = _along()[:, None] * float(rng.uniform(0.12, 0.3)) + rows.astype(np.float32) * 11
    grain = 0.045 * np.sin(down + warp) + 0.05 * _noise(rng, 6, 320) + 0.03 * _noise(rng, 20, 160)
    shade = (1 + grain) * shade
    shade[(np.arange(SIDE) * planks % SIDE) < planks] *= 0.62
    return _toned(tone, shade)


def _fabric(rng: np.random.Generator) -> Texture:
    tone = _pick(
        rng, ((206, 198, 186), (88, 98, 118), (168, 72, 70), (120, 140, 116), (232, 228, 220), (64, 60, 62))
    )
    along = _along()
    weave = 0.05 * np.sin(along * 1.7)[:, None] * np.cos(along * 1.7)[None, :] + 0.03 * _noise(rng, 320)
    shade = 1 + weave + 0.10 * _noise(rng, 4, 3)
    if rng.random() < 0.35:
        stripe = (along // int(rng.integers(30, 80))) % 2
        shade *= 1 - 0.16 * (stripe[:, None] + stripe[None, :])
    return _toned(tone, shade)


def _concrete(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((150, 148, 144), (118, 120, 122), (186, 182, 174)))
    pits = (_noise(rng, 320) > 1.9).astype(np.float32)
    return _toned(tone, 1 + 0.05 * _clouds(rng, (4, 12, 60)) - 0.08 * pits)


def _marble(rng: np.random.Generator) -> Texture:
    """Veins run one way, bend, and are broad in some places and faint in others."""
    drift = _along()[None, :] * 0.021 + _along()[:, None] * 0.012
    veins = np.abs(np.sin(drift + _clouds(rng, (3, 6, 14)) * 1.1))
    depth = 0.05 + 0.10 * np.clip(_noise(rng, 5), 0, 1.2)
    return _toned(np.array([236, 235, 232]), (1 - depth * np.exp(-veins * 9)) * (1 + 0.015 * _noise(rng, 8)))


def _tatami(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((200, 188, 146), (206, 188, 138), (182, 178, 140)))
    reeds = np.sin(_along() * 1.9)[:, None]
    texture = _toned(tone, 1 + 0.07 * reeds + 0.05 * _noise(rng, 30, 320) + 0.03 * _noise(rng, 6))
    edge = int(rng.integers(SIDE // 8, SIDE // 3))
    cloth = _toned(np.array([46, 62, 54]), 1 + 0.05 * _noise(rng, 160))
    texture[:, edge : edge + 34] = cloth[:, :34]
    return texture


def _cardboard(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((188, 148, 104), (170, 130, 90)))
    flutes = np.sin(_along() * 0.55)[None, :]
    return _toned(tone, 1 + 0.018 * flutes + 0.025 * _clouds(rng, (5, 60, 300)))


def _painted(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((236, 234, 230), (40, 42, 46), (176, 196, 206), (226, 206, 196), (96, 110, 104)))
    return _toned(tone, 1 + 0.025 * _clouds(rng, (4, 30)))


def _carpet(rng: np.random.Generator) -> Texture:
    tone = _pick(rng, ((120, 108, 100), (86, 92, 110), (164, 150, 132), (70, 64, 60)))
    pile = 0.11 * _noise(rng, 240) + 0.07 * _noise(rng, 90)
    return _toned(tone, 1 + pile + 0.05 * _noise(rng, 6))


_MATERIALS: tuple[Callable[[np.random.Generator], Texture], ...] = (
    _wood, _wood, _wood, _fabric, _fabric, _concrete, _marble, _tatami, _cardboard, _painted, _carpet,
)  # fmt: skip
