"""How an aligned suspect differs from the genuine, beyond what light, printing and a pixel's shift explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.anomaly.alignment import Aligned
from model.encoders.base import RGB

Excess = NDArray[np.float32]

LEAST_MASS = 8.0
"""Summed excess from which a region counts."""

_TOLERANCE = 2
"""Pixels by which an edge may lie elsewhere."""
_EDGE = 4
"""Pixels from either picture's end that are not judged."""
_BLUR = 0.8
_LIGHT = 0.12
"""Share of the longer side over which light may change; finer changes are not light."""
_DARK = 8.0
"""Grey levels added to both sides of a factor, so that black on black is no light at all."""
_SAMPLES = 20_000
_TRIMS = 4
_LEAST_RANGE = 30.0
"""Grey levels that the pairs must span for a gain to be told from them."""
_GAINS = (0.4, 2.5)


@dataclass(frozen=True)
class Box:
    """Where something differs, in fractions of the picture, and by how much: pixels of full contrast."""

    x0: float
    y0: float
    x1: float
    y1: float
    mass: float


def excess(reference: RGB, aligned: Aligned) -> Excess:
    """Shape (H, W), 0 to 1: the part of the difference that no small shift and no light explains.

    Each pixel of one picture must lie between the darkest and the lightest of the other within the tolerance, in each
    colour channel, both ways round: what was added shows one way, what was taken away the other. A strip along the
    end of either picture is left out.
    """
    ours = _soft(reference)
    theirs = _soft(relit(aligned.suspect, reference, aligned.visible))
    beyond = np.maximum(_outside(theirs, ours), _outside(ours, theirs)).max(axis=-1)
    return np.where(_near_an_edge(aligned.visible), 0, beyond / 255).astype(np.float32)


def tolerated(each: Sequence[Excess]) -> Excess:
    """What differs from every one of several genuine pictures: the least excess at each pixel."""
    return np.asarray(np.minimum.reduce(list(each)), np.float32)


def relit(suspect: RGB, reference: RGB, visible: NDArray[np.bool_]) -> RGB:
    """The suspect in the reference's light: a factor that changes slowly, then one gain and offset a channel."""
    if not visible.any():
        return suspect
    sigma = _LIGHT * max(reference.shape[:2])
    mask = visible.astype(np.float32)[..., None]
    factor = (_slow(reference * mask, sigma) + _DARK) / (_slow(suspect * mask, sigma) + _DARK)
    evened = suspect * np.clip(factor, *_GAINS)
    toned = [_toned(evened[..., channel], reference[..., channel], visible) for channel in range(3)]
    return np.clip(np.stack(toned, axis=-1), 0, 255).astype(np.uint8)


def boxes(
    found: Excess,
    *,
    least: float = 0.4,
    least_mass: float = LEAST_MASS,
    joined: int = 7,
    margin: float = 0.016,
) -> list[Box]:
    """Regions of an excess map of shape (H, W), most different first.

    Args:
        least: excess from which a pixel counts.
        least_mass: summed excess from which a region counts.
        joined: pixels that lie as near as this are one region.
        margin: share of the longer side by which a box is drawn larger than what differs.
    """
    height, width = found.shape
    differs = (found > least).astype(np.uint8)
    _, labels = cv2.connectedComponents(cv2.dilate(differs, np.ones((joined, joined), np.uint8)))
    labels = np.where(differs > 0, labels, 0)
    masses = np.bincount(labels.ravel(), weights=found.ravel())
    pad = round(margin * max(height, width))
    regions = []
    for label in np.flatnonzero(masses >= least_mass):
        if label == 0:
            continue
        rows, columns = np.nonzero(labels == label)
        regions.append(
            Box(
                float(max(0, columns.min() - pad)) / width,
                float(max(0, rows.min() - pad)) / height,
                float(min(width, columns.max() + 1 + pad)) / width,
                float(min(height, rows.max() + 1 + pad)) / height,
                round(float(masses[label]), 2),
            )
        )
    return sorted(regions, key=lambda box: -box.mass)


def _toned(
    suspect: NDArray[np.float32], reference: NDArray[np.uint8], visible: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """By the straight line through most pairs of levels: what was altered is left out of the fit, trim by trim."""
    every = max(1, int(visible.sum()) // _SAMPLES)
    theirs = suspect[visible][::every].astype(np.float64)
    ours = reference[visible][::every].astype(np.float64)
    gain, offset = 1.0, float(np.median(ours) - np.median(theirs))
    for _ in range(_TRIMS):
        apart = np.abs(gain * theirs + offset - ours)
        kept = apart <= max(float(np.quantile(apart, 0.8)), 4.0)
        if np.ptp(theirs[kept]) < _LEAST_RANGE:
            break
        gain, offset = (float(each) for each in np.polyfit(theirs[kept], ours[kept], 1))
    return np.asarray(np.clip(gain, *_GAINS) * suspect.astype(np.float32) + offset, np.float32)


def _soft(pixels: RGB) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), _BLUR), np.float32)


def _slow(pixels: NDArray[np.floating], sigma: float) -> NDArray[np.float32]:
    """A wide blur, made quick by making it on a small picture."""
    height, width = pixels.shape[:2]
    factor = max(1.0, sigma / 8)
    small = cv2.resize(
        pixels.astype(np.float32),
        (max(1, round(width / factor)), max(1, round(height / factor))),
        interpolation=cv2.INTER_AREA,
    )
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _outside(pixels: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each value lies outside the range that the other picture has within the tolerance."""
    lightest, darkest = cv2.dilate(other, _disc(_TOLERANCE)), cv2.erode(other, _disc(_TOLERANCE))
    return np.asarray(np.maximum(0, np.maximum(pixels - lightest, darkest - pixels)), np.float32)


def _near_an_edge(visible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Within a few pixels of the end of either picture: what lies there may lie outside the other one."""
    hidden = cv2.dilate(
        (~visible).astype(np.uint8), _disc(_EDGE), borderType=cv2.BORDER_CONSTANT, borderValue=1
    )
    return np.asarray(hidden > 0, np.bool_)


def _disc(radius: int) -> NDArray[np.uint8]:
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
