"""The colours of a print, and by how much each differs on a suspect once the light that falls on both is the same.

Light is a gain of each channel times a field that changes slowly over the goods and is one for all colours; it is
found robustly over the reference's own colours, so that one printed in another tint cannot pass for light.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.anomaly.ground import Mask
from model.encoders.base import RGB

Floats = NDArray[np.float32]

_COLOURS = 10
_DARK = 10.0
"""Grey levels added to both sides of a ratio: black has no gain."""
_FLAT = 24
"""Largest change of grey levels within a few pixels where a colour is measured and not an edge."""
_SAMPLES = 8000
_FEWEST = 40
_LEAST_AREA = 0.006
_MOST_WEIGHT = 0.15
_TELLS_GAIN = (50, 228)
"""Grey levels: darker, and the veil of the lens counts more than the gain; brighter, and the sensor is full."""
_VEIL = 10.0
_SHOULDER = (222, 18.0)
_WIDE = 0.02
_NEAR = 14.0
_ROUNDS = 6


@dataclass(frozen=True, eq=False)
class Palette:
    """The colours of a reference and where they are flat; the same for every suspect."""

    labels: NDArray[np.intp]
    """Shape (H, W): the nearest colour."""
    flat: Mask
    lab: Floats
    """Shape (K, 3), CIELAB as OpenCV has it in bytes."""
    rgb: NDArray[np.float64]
    """Shape (K, 3); 0 for colours that are flat nowhere."""


@dataclass(frozen=True, eq=False)
class Relit:
    """Suspect and reference in one light and in the suspect's tints, so that what is left is shape."""

    suspect: Floats
    expected: Floats
    tint: float
    """Largest difference of one printed colour, grey levels, root mean square over the channels."""


def palette(reference: RGB, found: Mask) -> Palette | None:
    """None where the goods have no flat colour."""
    lab = cv2.cvtColor(reference, cv2.COLOR_RGB2LAB).astype(np.float32)
    edges = cv2.morphologyEx(reference, cv2.MORPH_GRADIENT, np.ones((7, 7), np.uint8)).max(axis=2)
    flat = found & (edges < _FLAT)
    pixels = lab[flat]
    if len(pixels) < 200:
        return None
    rng = np.random.default_rng(0)
    drawn = pixels[rng.choice(len(pixels), min(6000, len(pixels)), replace=False)]
    cv2.setRNGSeed(1)
    start = np.zeros((len(drawn), 1), np.int32)
    _, _, centres = cv2.kmeans(drawn, _COLOURS, start, (3, 20, 0.5), 2, cv2.KMEANS_PP_CENTERS)
    labels = nearest(lab, centres)[0]
    means = [
        reference[at].mean(axis=0) if (at := flat & (labels == k)).any() else np.zeros(3)
        for k in range(len(centres))
    ]
    return Palette(labels, flat, centres, np.array(means))


def relit(reference: RGB, suspect: RGB, judged: Mask, colours: Palette) -> Relit | None:
    """None where too little of any colour is seen."""
    height, width = judged.shape
    across, down = np.meshgrid(
        np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    )
    terms = np.stack([across, down, across**2, down**2, across * down], axis=-1)
    places = np.flatnonzero((colours.flat & judged).ravel())
    places = places[:: max(1, len(places) // _SAMPLES)]
    measured = _measured(reference, suspect, terms.reshape(-1, 5)[places], colours, places)
    if measured is None:
        return None
    field, offsets, areas = measured
    weights: NDArray[np.float64] = np.where(areas > _LEAST_AREA, np.minimum(areas, _MOST_WEIGHT), 0)
    seen = (colours.rgb + _DARK) * np.exp(offsets) - _DARK
    gain = _gain(colours.rgb, seen, offsets, weights)
    apart = _apart(colours.rgb, seen, gain)
    tint = float((np.sqrt((apart**2).mean(axis=1)) * (areas >= _WIDE)).max())
    light = (terms @ field)[..., None] + gain.astype(np.float32)
    evened = np.clip((suspect.astype(np.float32) + _DARK) * np.exp(-light) - _DARK, 0, 255)
    return Relit(evened.astype(np.float32), _expected(reference, colours, apart, areas >= _WIDE), tint)


def nearest(lab: Floats, centres: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Of each pixel, which centre is nearest and the square of how far it is."""
    apart = np.stack([((lab - centre) ** 2).sum(axis=-1) for centre in centres])
    return apart.argmin(axis=0), np.asarray(apart.min(axis=0), np.float32)


def _measured(
    reference: RGB, suspect: RGB, terms: Floats, colours: Palette, places: NDArray[np.intp]
) -> tuple[Floats, NDArray[np.float64], NDArray[np.float64]] | None:
    """The field's coefficients, and of each colour the logarithm of what became of it and its share of the area."""
    ours, theirs = (each.reshape(-1, 3)[places].astype(np.float32) for each in (reference, suspect))
    ratios = np.log((theirs + _DARK) / (ours + _DARK))
    labels, count = colours.labels.ravel()[places], len(colours.lab)
    used = [k for k in range(count) if (labels == k).sum() >= _FEWEST]
    if not used:
        return None
    field = _field(ratios.mean(axis=1), terms, np.stack([labels == k for k in used], axis=1))
    left = ratios - (terms @ field)[:, None]
    offsets, areas = np.zeros((count, 3)), np.zeros(count)
    for k in used:
        offsets[k], areas[k] = np.median(left[labels == k], axis=0), (labels == k).mean()
    return field, offsets, areas


def _field(ratios: Floats, terms: Floats, members: NDArray[np.bool_]) -> Floats:
    """Reweighted least squares (Cauchy) on the field and one level for each colour."""
    known, colours = members.any(axis=1), members.shape[1]
    design: NDArray[np.float64] = np.hstack([members.astype(np.float64), terms])
    ridge = np.diag([1e-3] * colours + [0.02 * len(ratios)] * terms.shape[1])
    found: NDArray[np.float64] = np.zeros(design.shape[1])
    weights: NDArray[np.float64] = np.asarray(known, np.float64)
    for _ in range(_ROUNDS):
        weighted = design * weights[:, None]
        found = np.asarray(np.linalg.solve(design.T @ weighted + ridge, weighted.T @ ratios), np.float64)
        left = np.abs(ratios - design @ found)
        scale = max(0.02, 1.5 * float(np.median(left[known])))
        weights = np.asarray(np.where(known, 1 / (1 + (left / scale) ** 2), 0), np.float64)
    return np.asarray(found[colours:], np.float32)


def _gain(
    ours: NDArray[np.float64],
    seen: NDArray[np.float64],
    offsets: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Of each channel, the weighted median of what became of the colours that tell it."""
    found: NDArray[np.float64] = np.zeros(3)
    for channel in range(3):
        telling = weights * (ours[:, channel] >= _TELLS_GAIN[0]) * (seen[:, channel] < _TELLS_GAIN[1])
        each = np.asarray(telling if telling.sum() >= _WIDE else weights)
        order = np.argsort(offsets[:, channel])
        summed = np.add.accumulate(each[order])
        if summed[-1] > 0:
            found[channel] = offsets[order[np.searchsorted(summed, summed[-1] / 2)], channel]
    return found


def _apart(
    ours: NDArray[np.float64], seen: NDArray[np.float64], gain: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Grey levels by which each colour differs in the reference's light, beyond veil and highlights."""
    found = (seen + _DARK) / np.exp(gain) - _DARK - ours
    found = np.where((ours < _TELLS_GAIN[0]) & (found > 0), np.maximum(0, found - _VEIL), found)
    bright, most = _SHOULDER
    return np.where((seen >= bright) & (found < 0), np.minimum(0, found + most), found)


def _expected(reference: RGB, colours: Palette, apart: NDArray[np.float64], wide: Mask) -> Floats:
    """The reference, its wide colours in the suspect's tints."""
    lab = cv2.cvtColor(reference, cv2.COLOR_RGB2LAB).astype(np.float32)
    shift = np.zeros(reference.shape, np.float32)
    total = np.full(reference.shape[:2], 0.25, np.float32)
    for k in np.flatnonzero(wide):
        share = np.exp(-((lab - colours.lab[k]) ** 2).sum(axis=-1) / (2 * _NEAR**2))
        shift += share[..., None] * apart[k].astype(np.float32)
        total += share
    return np.asarray(np.clip(reference + shift / total[..., None], 0, 255), np.float32)
