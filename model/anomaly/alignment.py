"""Lays a suspect over a reference: one plane for the whole, then small shifts in places, as paper and cloth move.

The plane comes from keypoints (`model.keypoints`), or, where a pattern repeats itself too much for those, from trying
small turns (`model.anomaly.registration`). The shifts come from matching blocks within a few pixels, smoothed by the
median of their neighbours, so that a block that was altered follows its neighbours and not the alteration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from model.anomaly.registration import hardly_moved, small_turn
from model.encoders.base import RGB
from model.keypoints import Keypoints, align, detect, is_sane, match, rooted

Map = NDArray[np.float32]
Grey = NDArray[np.uint8]
Plane = NDArray[np.float64]

LEAST_AGREEMENT = 0.6
"""Share of textured blocks that must be found again; see README for what other goods reach."""
FULL_AGREEMENT = 0.9
"""Share from which no other plane is tried."""
_BLOCK_AGREES = 0.5
"""Correlation from which a block counts as found."""
_BLOCK = 64
_STEP = 32
_REACH = 6
"""Pixels of the reference's frame: side of a block, distance of their centres, largest shift."""
_LEAST_TEXTURE = 8.0
"""Standard deviation in grey levels under which a block cannot be found again."""
_FEWEST_BLOCKS = 6


@dataclass(frozen=True, eq=False)
class Aligned:
    """A suspect in the frame of a reference of H × W pixels."""

    suspect: RGB
    """Shape (H, W, 3)."""
    visible: NDArray[np.bool_]
    """Shape (H, W): the suspect's picture reaches here."""
    places: Map
    """Shape (H, W, 2): where in the suspect (x, y in its pixels) each pixel was taken from."""
    agreement: float
    """Share of textured blocks that were found again, in [0, 1]."""


def lay_over(
    reference: RGB,
    suspect: RGB,
    keypoints: Keypoints | None = None,
    of_suspect: Keypoints | None = None,
    *,
    by_keypoints_alone: bool = False,
) -> Aligned | None:
    """Lay the suspect over the reference; None where too little of both agrees.

    Args:
        keypoints: the reference's, where they are known already.
        of_suspect: the suspect's, likewise.
        by_keypoints_alone: try no small turns: for goods in a photo, which lie anywhere in it.
    """
    best: Aligned | None = None
    for plane in _planes(reference, suspect, keypoints, of_suspect, by_keypoints_alone):
        found = _aligned(reference, suspect, plane)
        if best is None or found.agreement > best.agreement:
            best = found
        if found.agreement >= FULL_AGREEMENT:
            break
    return best if best is not None and best.agreement >= LEAST_AGREEMENT else None


def _planes(
    reference: RGB,
    suspect: RGB,
    keypoints: Keypoints | None,
    of_suspect: Keypoints | None,
    by_keypoints_alone: bool,
) -> Iterator[Plane]:
    """Homographies from pixels of the reference to those of the suspect, the likeliest first."""
    by_keypoints = _plane(reference, suspect, keypoints, of_suspect)
    if by_keypoints is not None:
        yield by_keypoints
    if by_keypoints_alone:
        return
    yield hardly_moved(_grey(reference), _grey(suspect))
    yield small_turn(_grey(reference), _grey(suspect))


def _plane(
    reference: RGB, suspect: RGB, keypoints: Keypoints | None, of_suspect: Keypoints | None
) -> Plane | None:
    ours, theirs = keypoints or detect(reference), of_suspect or detect(suspect)
    pairs = match(rooted(ours.descriptors), rooted(theirs.descriptors))
    found = align(ours.xy[pairs.query], theirs.xy[pairs.reference])
    if found is None or not is_sane(found.homography, ours.width, ours.height):
        return None
    onto_working = np.diag([ours.width / reference.shape[1], ours.height / reference.shape[0], 1.0])
    from_working = np.diag([suspect.shape[1] / theirs.width, suspect.shape[0] / theirs.height, 1.0])
    return np.asarray(from_working @ found.homography @ onto_working, np.float64)


def _aligned(reference: RGB, suspect: RGB, plane: Plane) -> Aligned:
    height, width = reference.shape[:2]
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)
    flat = _carried(grid, plane)
    shifts, agreement = _shifts(_grey(reference), _grey(_sampled(suspect, flat)), _inside(flat, suspect))
    places = _carried(grid + shifts, plane)
    return Aligned(_sampled(suspect, places), _inside(places, suspect), places, agreement)


def _carried(places: Map, homography: NDArray[np.float64]) -> Map:
    return cast("Map", cv2.perspectiveTransform(places, homography))


def _sampled(pixels: RGB, places: Map) -> RGB:
    return np.asarray(
        cv2.remap(pixels, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _inside(places: Map, pixels: RGB) -> NDArray[np.bool_]:
    height, width = pixels.shape[:2]
    x, y = places[..., 0], places[..., 1]
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1), np.bool_)


def _grey(pixels: RGB) -> Grey:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _shifts(reference: Grey, suspect: Grey, visible: NDArray[np.bool_]) -> tuple[Map, float]:
    """By how much each place of the reference must move to meet the suspect, (H, W, 2), and how many blocks did."""
    height, width = reference.shape
    ys = np.arange(_BLOCK // 2, max(height - _BLOCK // 2, _BLOCK // 2) + 1, _STEP)
    xs = np.arange(_BLOCK // 2, max(width - _BLOCK // 2, _BLOCK // 2) + 1, _STEP)
    around = cv2.copyMakeBorder(suspect, _REACH, _REACH, _REACH, _REACH, cv2.BORDER_REPLICATE)
    found = np.array(
        [
            [_block(reference, around, x, y) if visible[y, x] else _NO_BLOCK for x in xs]
            for y in np.minimum(ys, height - 1)
        ],
        np.float32,
    )
    likeness = found[..., 2]
    textured = ~np.isnan(likeness)
    agrees = textured & (np.nan_to_num(likeness) >= _BLOCK_AGREES)
    shifts = np.where(agrees[..., None], found[..., :2], np.nan)
    share = agrees.sum() / textured.sum() if textured.sum() >= _FEWEST_BLOCKS else 0.0
    return _spread(_smoothed(shifts), xs, ys, width, height), float(share)


_NO_BLOCK = (np.nan, np.nan, np.nan)


def _block(reference: Grey, around: Grey, x: int, y: int) -> tuple[float, float, float]:
    """Sub-pixel shift (x, y) and correlation of the block around (x, y); NaN where it has too little texture."""
    top, left = max(0, y - _BLOCK // 2), max(0, x - _BLOCK // 2)
    block = reference[top : top + _BLOCK, left : left + _BLOCK]
    if block.std() < _LEAST_TEXTURE:
        return _NO_BLOCK
    area = around[top : top + block.shape[0] + 2 * _REACH, left : left + block.shape[1] + 2 * _REACH]
    likeness = cv2.matchTemplate(area, block, cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(likeness)
    x_shift = column - _REACH + _vertex(-likeness[row], column)
    return x_shift, row - _REACH + _vertex(-likeness[:, column], row), best


def _vertex(values: NDArray[np.float32], at: int) -> float:
    """Where between its neighbours the parabola through three values has its lowest point."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend > 0 else 0.0


def _smoothed(shifts: Map) -> Map:
    """The median over each block and its neighbours; no shift where none of them has texture."""
    padded = np.pad(shifts, ((1, 1), (1, 1), (0, 0)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(0, 1))
    flat = windows.reshape(*shifts.shape, 9)
    known = ~np.isnan(flat).all(axis=-1)
    found = np.zeros_like(shifts)
    found[known] = np.nanmedian(flat[known], axis=-1)
    return found


def _spread(shifts: Map, xs: NDArray[np.intp], ys: NDArray[np.intp], width: int, height: int) -> Map:
    """From block centres to every pixel, linearly; beyond the outermost centres as there."""
    columns = np.clip((np.arange(width, dtype=np.float32) - xs[0]) / _STEP, 0, len(xs) - 1)
    rows = np.clip((np.arange(height, dtype=np.float32) - ys[0]) / _STEP, 0, len(ys) - 1)
    across, down = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
    return cast("Map", cv2.remap(shifts, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
