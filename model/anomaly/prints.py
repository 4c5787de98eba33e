"""How a photo of goods differs from a studio picture of them: in shapes, and in the tint of what is printed.

What lies over the goods (a hand, a sticker, tape) is not the goods: colours that the reference has nowhere, and
whatever comes in over the goods' edge, are left out and told as hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from model.anomaly.alignment import Aligned
from model.anomaly.difference import Excess
from model.anomaly.ground import Mask, rim
from model.anomaly.tints import Floats, Palette, nearest, palette, relit
from model.encoders.base import RGB

_BLURS = (0.0, 0.6, 0.9, 1.3, 1.8, 2.5, 3.4)
"""Standard deviations in pixels by which the reference is made as unsharp as the suspect."""
_SOFTENED = 0.8
_TOLERANCE = 5
_EDGE = 13
"""Pixels across."""
_FOREIGN = 18.0
"""Distance in CIELAB, lightness at 0.6, from every colour of the reference."""
_FOREIGN_SHARE = 0.12
_FEWEST_FOREIGN = 40
_FEWEST_AT_RIM = 8
_LEAST_REGION = 60
_STARTS = 0.08
_SHADES = 24
_THIN = 0.3
"""Share of its bounding box under which a region along the rim is taken as it is, and not with what it encloses."""


@dataclass(frozen=True, eq=False)
class Studio:
    """What is known of a studio picture whatever it is compared with."""

    pixels: RGB
    goods: Mask
    rim: Mask
    colours: Palette


@dataclass(frozen=True, eq=False)
class PrintDifference:
    excess: Excess
    """Shape (H, W), 0 to 1: shapes that differ."""
    hidden: Mask
    """Shape (H, W): goods that something lies over."""
    tint: float
    """Grey levels by which the most different printed colour differs."""


def studio(pixels: RGB, found: Mask) -> Studio | None:
    """None where the goods have no flat colour to tell light by."""
    colours = palette(pixels, found)
    return None if colours is None else Studio(pixels, found, rim(found), colours)


def difference(reference: Studio, aligned: Aligned) -> PrintDifference | None:
    """None where too little of the goods is seen."""
    judged = reference.goods & aligned.visible
    same_light = relit(reference.pixels, aligned.suspect, judged, reference.colours)
    if same_light is None:
        return None
    blurred = _as_unsharp(same_light.expected, same_light.suspect, judged)
    ours, theirs = (cv2.GaussianBlur(each, (0, 0), _SOFTENED) for each in (blurred, same_light.suspect))
    beyond = np.maximum(_outside(theirs, ours), _outside(ours, theirs)).max(axis=-1) / 255
    inner = cv2.erode(judged.astype(np.uint8), np.ones((_EDGE, _EDGE), np.uint8)) > 0
    found = np.where(inner, beyond, 0).astype(np.float32)
    hidden = _overlaid(found, theirs, ours, inner, reference.rim)
    return PrintDifference(np.where(hidden, 0, found).astype(np.float32), hidden, same_light.tint)


def _as_unsharp(expected: Floats, suspect: Floats, judged: Mask) -> Floats:
    """Of the blurs the one under which the pictures are most alike."""
    tried = [
        np.asarray(cv2.GaussianBlur(expected, (0, 0), blur) if blur else expected, np.float32)
        for blur in _BLURS
    ]
    return min(tried, key=lambda each: float(np.abs(each - suspect)[judged][::7].mean()))


def _outside(pixels: Floats, other: Floats) -> Floats:
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_TOLERANCE, _TOLERANCE))
    lightest, darkest = cv2.dilate(other, near), cv2.erode(other, near)
    return np.asarray(np.maximum(0, np.maximum(pixels - lightest, darkest - pixels)), np.float32)


def _overlaid(found: Excess, suspect: Floats, expected: Floats, judged: Mask, edge: Mask) -> Mask:
    foreign = _foreign(suspect, expected, judged)
    regions = ((found > _STARTS) | foreign).astype(np.uint8)
    regions = cv2.morphologyEx(regions, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(regions)
    strange = np.bincount(labels.ravel(), weights=foreign.ravel(), minlength=count)
    at_rim = np.bincount(labels[judged & edge], minlength=count)
    covered = np.zeros(judged.shape, np.uint8)
    for k in range(1, count):
        left, top, width, height, area = (int(each) for each in stats[k])
        from_outside = at_rim[k] >= _FEWEST_AT_RIM
        if area < _LEAST_REGION or not (
            from_outside or strange[k] >= max(_FEWEST_FOREIGN, _FOREIGN_SHARE * area)
        ):
            continue
        part = (labels[top : top + height, left : left + width] == k).astype(np.uint8)
        if not (from_outside and area < _THIN * width * height):
            rows, columns = np.nonzero(part)
            hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))
            cv2.fillConvexPoly(part, hull, 1)
        covered[top : top + height, left : left + width] |= part
    return np.asarray((cv2.dilate(covered, np.ones((9, 9), np.uint8)) > 0) & judged, np.bool_)


def _foreign(suspect: Floats, expected: Floats, judged: Mask) -> Mask:
    """Pixels of a colour that the reference has nowhere; looked at on half the side."""
    ours, theirs = _lab(expected), _lab(suspect)
    pixels = ours[judged]
    if len(pixels) < 500:
        return np.zeros(judged.shape, np.bool_)
    rng = np.random.default_rng(0)
    drawn = pixels[rng.choice(len(pixels), min(5000, len(pixels)), replace=False)]
    cv2.setRNGSeed(1)
    start = np.zeros((len(drawn), 1), np.int32)
    _, _, shades = cv2.kmeans(drawn, _SHADES, start, (3, 12, 1.0), 1, cv2.KMEANS_PP_CENTERS)
    height, width = judged.shape
    small = cv2.resize(theirs, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    apart = cv2.resize(nearest(small, shades)[1], (width, height))
    return np.asarray((apart > _FOREIGN**2) & judged, np.bool_)


def _lab(pixels: Floats) -> Floats:
    softened = np.clip(cv2.GaussianBlur(pixels, (0, 0), 1.2), 0, 255).astype(np.uint8)
    lab = cv2.cvtColor(softened, cv2.COLOR_RGB2LAB).astype(np.float32)
    return np.asarray(lab * np.array([0.6, 1, 1], np.float32), np.float32)
