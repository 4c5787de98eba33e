"""A mark as it is drawn: a few flat layers, whatever colours they are printed in."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

LONG_SIDE = 256
"""Pixels of the longer side at which layers are kept."""
MOST_LAYERS = 3
_APART = 24.0
"""Distance in RGB under which two tones are the same ink."""
_FEWEST_SHARE = 0.012
"""Of the picture; tones that cover less are edges between others."""
_EVEN = 40
"""Grey levels that a pixel and its neighbours may differ by within an ink."""
_ROUNDS = 12


class MarkUnusable(ValueError):
    """The picture shows no mark: send the mark alone, flat, on a ground of one colour."""


@dataclass(frozen=True, eq=False)
class Layers:
    """Where each ink of a mark lies. The ground around it is no layer."""

    masks: NDArray[np.uint8]
    """Shape (L, H, W), 0 to 255, how much of each place an ink covers; L from 1 to `MOST_LAYERS`."""

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.masks.shape[2] / self.masks.shape[1])


def layers_of(pixels: RGB) -> Layers:
    """Part an (H, W, 3) picture of a mark on a ground of one colour into its inks, cut to where ink is.

    Raises:
        MarkUnusable: there is nothing but ground, or what there is has no extent.
    """
    small = _sized(pixels, LONG_SIDE)
    inks = _inks(small)
    masks = _soft(small, inks)
    covered = masks.sum(axis=0)
    rows, columns = np.flatnonzero(covered.max(axis=1) > 0.5), np.flatnonzero(covered.max(axis=0) > 0.5)
    if len(rows) < 4 or len(columns) < 4:
        raise MarkUnusable("There is no mark in the picture. Send the mark alone, on a ground of one colour.")
    cut = masks[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Layers(np.round(cut * 255).astype(np.uint8))


def _sized(pixels: RGB, side: int) -> RGB:
    height, width = pixels.shape[:2]
    factor = side / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def _inks(pixels: RGB) -> NDArray[np.float32]:
    """The ground first, then the inks by how much they cover; shape (1 + L, 3)."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(border, axis=0).astype(np.float32)
    flat = _within_inks(pixels)
    tones = [ground]
    for _ in range(MOST_LAYERS):
        away = np.stack([np.linalg.norm(flat - tone, axis=1) for tone in tones]).min(axis=0)
        if np.mean(away > _APART) < _FEWEST_SHARE:
            break
        tones.append(_densest(flat[away > _APART]))
    if len(tones) == 1:
        raise MarkUnusable("The picture is of one colour. Send the mark on a ground that it stands out from.")
    return _settled(flat, np.stack(tones))


def _within_inks(pixels: RGB) -> NDArray[np.float32]:
    """Tones of pixels that look like their neighbours: between two inks lie mixtures of both, which are none."""
    spread = cv2.dilate(pixels, np.ones((3, 3))).astype(np.int16) - cv2.erode(pixels, np.ones((3, 3)))
    even = spread.max(axis=2) < _EVEN
    return np.asarray(pixels[even if even.any() else np.ones_like(even)], np.float32)


def _densest(tones: NDArray[np.float32]) -> NDArray[np.float32]:
    """The tone that most others are near to."""
    keys = (tones // 24).astype(np.int64) @ np.array([1, 16, 256])
    values, counts = np.unique(keys, return_counts=True)
    return np.asarray(tones[keys == values[counts.argmax()]].mean(axis=0), np.float32)


def _settled(flat: NDArray[np.float32], tones: NDArray[np.float32]) -> NDArray[np.float32]:
    """k-means from these tones; the ground keeps its own."""
    for _ in range(_ROUNDS):
        nearest = np.linalg.norm(flat[:, None] - tones[None], axis=2).argmin(axis=1)
        for at in range(1, len(tones)):
            if (nearest == at).any():
                tones[at] = flat[nearest == at].mean(axis=0)
    return tones


def _soft(pixels: RGB, tones: NDArray[np.float32]) -> NDArray[np.float32]:
    """Nearest ink, smoothed by a pixel so that edges are not stairs; shape (L, H, W), 0 to 1."""
    away = np.linalg.norm(pixels[:, :, None].astype(np.float32) - tones, axis=3)
    nearest = away.argmin(axis=2)
    masks = [(nearest == at).astype(np.float32) for at in range(1, len(tones))]
    return np.stack([cv2.GaussianBlur(mask, (0, 0), 0.7) for mask in masks])
