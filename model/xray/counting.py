"""How many alike items does a capture show?

Things stand out of what lies flat over large parts of the picture; what hangs together is one blob. Blobs of one size,
weight and form are alike. One of the most numerous is then sought everywhere, so that those that touch, lie over each
other or under something else count too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.xray.attenuation import Plane, attenuation_of
from model.xray.matching import MatchLimits, find_again

_SIDE = 512
_LEVELS = (0.12, 0.2, 0.3, 0.45, 0.65)
"""Attenuations from which on something stands out; which one parts things best differs from parcel to parcel."""
_SMALLEST = 0.0006
_LARGEST = 0.25
"""Of a blob, in shares of the picture."""


@dataclass(frozen=True)
class CountLimits:
    """How much alike items may differ; chosen on rendered parcels of seeds that no figure rests on."""

    form: float = 0.20
    size: float = 0.16
    """Of the natural logarithm of area and weight."""
    correlation: float = 0.60
    contained: float = 0.75
    """As of `MatchLimits`."""


@dataclass(frozen=True)
class AlikeItems:
    """The largest group of alike items, and where its members lie."""

    count: int
    boxes: tuple[tuple[float, float, float, float], ...]
    """Left, top, right, bottom in shares of the picture's sides."""


def count_alike(picture: RGB, limits: CountLimits | None = None) -> AlikeItems:
    """Count the items of which there are most; 1 where no two are alike, 0 where nothing stands out.

    Args:
        picture: shape (height, width, 3), a capture of any size; grey or pseudo-coloured.
    """
    held = limits or CountLimits()
    plane = _raised(_sized(attenuation_of(picture)))
    groups = [_group(_blobs(plane, level), held) for level in _LEVELS]
    if not any(groups):
        return AlikeItems(0, ())
    small = _halved(plane)
    found = [_again(small, group, held) for group in groups if len(group) > 1]
    if not found:
        return AlikeItems(1, (_box(max((each[0] for each in groups if each), key=_weight), plane),))
    return max(found, key=lambda each: each[0])[1]


def _again(plane: Plane, group: Sequence[_Blob], limits: CountLimits) -> tuple[float, AlikeItems]:
    """All places of the group's middle member, and how much of the picture that explains."""
    member = sorted(group, key=_weight)[len(group) // 2]
    thing = _halved(member.weights)
    places = find_again(plane, thing, MatchLimits(limits.correlation, limits.contained))
    reach = max(thing.shape) / 2
    sides = np.array([plane.shape[1], plane.shape[0]] * 2, np.float64)
    corners = [np.array([p.x - reach, p.y - reach, p.x + reach, p.y + reach]) / sides for p in places]
    boxes = tuple(_shares(np.clip(each, 0.0, 1.0)) for each in corners)
    return len(places) * member.area, AlikeItems(len(places), boxes)


@dataclass(frozen=True, eq=False)
class _Blob:
    area: float
    weight: float
    """Attenuation summed over the area."""
    form: NDArray[np.float64]
    """The same under turning and mirroring."""
    box: NDArray[np.float64]
    weights: Plane


def _sized(plane: Plane) -> Plane:
    scale = _SIDE / max(plane.shape)
    size = max(16, round(plane.shape[1] * scale)), max(16, round(plane.shape[0] * scale))
    resized: Plane = cv2.resize(plane, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    smooth: Plane = cv2.GaussianBlur(resized, (0, 0), 0.8).astype(np.float32)
    return smooth


def _raised(plane: Plane) -> Plane:
    """What stands out of all that is broader than a third of the picture: walls, cloth, shade."""
    small = cv2.resize(plane, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    span = max(3, max(small.shape) // 3)
    flat = cv2.morphologyEx(small, cv2.MORPH_OPEN, np.ones((span, span), np.uint8))
    under = cv2.resize(cv2.blur(flat, (span // 2, span // 2)), plane.shape[::-1])
    raised: Plane = np.maximum(plane - under, 0.0).astype(np.float32)
    return raised


def _blobs(plane: Plane, level: float) -> list[_Blob]:
    mask = (plane > level).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    whole = plane.size
    found = []
    for at, (left, top, width, height, area) in enumerate(stats.tolist()):
        frame = width * height > 0.6 * whole
        if at == 0 or frame or not _SMALLEST * whole <= area <= _LARGEST * whole:
            continue
        window = np.s_[top : top + height, left : left + width]
        weights = np.where(labels[window] == at, plane[window], 0.0).astype(np.float32)
        box = np.array([left, top, left + width, top + height], np.float64)
        found.append(_Blob(float(area), float(weights.sum()), _form(weights), box, weights))
    return found


def _form(weights: Plane) -> NDArray[np.float64]:
    """Spread along both main axes, of the outline and of the attenuation within, both to the root of the area."""
    outline = (weights > 0).astype(np.float32)
    scale = np.sqrt(float(outline.sum()))
    form: NDArray[np.float64] = np.concatenate([_axes(outline), _axes(weights)]) / scale * 3.0
    return form


def _axes(weights: Plane) -> NDArray[np.float64]:
    moments = cv2.moments(weights)
    mass = moments["m00"] or 1.0
    spread = np.array([[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]]) / mass
    axes: NDArray[np.float64] = np.sqrt(np.maximum(np.linalg.eigvalsh(spread), 0.0))
    return axes


def _group(blobs: Sequence[_Blob], limits: CountLimits) -> list[_Blob]:
    """The most that are alike, the heaviest first member deciding between equals."""
    if not blobs:
        return []
    alike = _alike(blobs, limits)
    seed = max(range(len(blobs)), key=lambda at: (int(alike[at].sum()), blobs[at].weight))
    return [blobs[at] for at in np.flatnonzero(alike[seed]).tolist()]


def _alike(blobs: Sequence[_Blob], limits: CountLimits) -> NDArray[np.bool_]:
    sizes = np.log([[blob.area, blob.weight] for blob in blobs])
    forms = np.stack([blob.form for blob in blobs])
    near = np.abs(sizes[:, np.newaxis] - sizes[np.newaxis]).max(axis=2) <= limits.size
    same = np.abs(forms[:, np.newaxis] - forms[np.newaxis]).max(axis=2) <= limits.form
    found: NDArray[np.bool_] = near & same
    return found


def _halved(plane: Plane) -> Plane:
    halved: Plane = cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return halved


def _weight(blob: _Blob) -> float:
    return blob.weight


def _box(blob: _Blob, plane: Plane) -> tuple[float, float, float, float]:
    return _shares(blob.box / np.array([plane.shape[1], plane.shape[0]] * 2, np.float64))


def _shares(sides: NDArray[np.float64]) -> tuple[float, float, float, float]:
    left, top, right, bottom = sides.round(4).tolist()
    return left, top, right, bottom
