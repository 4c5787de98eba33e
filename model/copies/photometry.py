"""Do two pictures agree in tone, place by place, once one is laid over the other?

In a copy everything in the overlap agrees, the background included, under one homography and one tone curve. In
another photo of the same print the print agrees and little else: things stand apart, light falls otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from model.copies.regions import Overlap, area, to_fractions
from model.encoders.base import RGB
from model.keypoints.geometry import carried, inverse

Plane = NDArray[np.float32]
_Number = TypeVar("_Number", bound=np.generic)

WINDOW = 11
"""Pixels of a thumbnail on a side, over which tones are correlated."""
STEP = 3
"""Pixels between the centres of two windows."""
SOFTENED = 0.8
"""Both are blurred by this much (standard deviation in pixels), so that half a pixel of shift does little."""
TEXTURED = 4.0
"""Grey levels of standard deviation under which a window is even, and its correlation noise."""
AGREES = 0.7
"""Correlation from which a window agrees."""
CLOSELY = 0.9
"""Correlation that an edit leaves, and another photo seldom reaches."""
SMALLEST = 2 * WINDOW
"""Pixels; an overlap that is narrower says nothing."""
_CLASSES = 12
"""Of tones, equally full."""
_CELLS, _FEWEST, _PART = 8, 4, 0.25
"""Of `reach`: cells on a side, windows without which a cell is not counted, part of them that must agree."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """How well an overlap agrees, looked at in P windows that have texture in either picture."""

    places: NDArray[np.float64]
    """Shape (P, 2), the windows' centres in fractions of the query."""
    correlation: Plane
    """Shape (P,), in [-1, 1]."""
    tone_error: float
    """Median difference of local means from the best tone curve, over their spread.

    About 0.02 for a picture and itself, since each of `_CLASSES` classes of tones has one value; 1 without a curve.
    """

    @property
    def agreeing(self) -> NDArray[np.float64]:
        """Shape (A, 2), the centres that agree."""
        return self.places[self.correlation > AGREES]

    @property
    def share(self) -> float:
        """Of windows that agree; 0 where none has texture."""
        return float((self.correlation > AGREES).mean()) if len(self.correlation) else 0.0

    def quantile(self, part: float) -> float:
        """The correlation under which this part of the windows lies."""
        return float(np.quantile(self.correlation, part)) if len(self.correlation) else 0.0

    def reach(self) -> float:
        """Share of cells of a grid over the overlap in which a quarter of the windows, or more, agree closely.

        Words written over a copy touch every cell and fill none; a thing that stands before another background
        leaves whole cells without agreement.
        """
        _, seen, reached = self._cells()
        return float(reached[seen].mean()) if seen.any() else 0.0

    def core(self) -> NDArray[np.float64]:
        """Shape (C, 2), the centres that agree among others that do, in fractions of the query."""
        cells, _, reached = self._cells()
        return self.places[reached[cells] & (self.correlation > AGREES)]

    def _cells(self) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.bool_]]:
        """The cell of each place; of each cell, whether it has windows enough, and whether they agree closely."""
        if len(self.places) == 0:
            return np.empty(0, np.intp), np.zeros(0, bool), np.zeros(0, bool)
        low, high = self.places.min(axis=0), self.places.max(axis=0)
        across = np.minimum((self.places - low) / np.maximum(high - low, 1e-9) * _CELLS, _CELLS - 1)
        cells = across.astype(np.intp) @ np.array([1, _CELLS], np.intp)
        windows = np.bincount(cells, minlength=_CELLS**2)
        close = np.bincount(cells, self.correlation > CLOSELY, minlength=_CELLS**2)
        seen = windows >= _FEWEST
        return cells, seen, seen & (close >= _PART * windows)


NOTHING_TO_SEE = Agreement(np.empty((0, 2)), np.empty(0, np.float32), 1.0)


def compare(query: RGB, reference: RGB, homography: NDArray[np.float64], seen: Overlap) -> Agreement:
    """Lay the finer of two thumbnails over the coarser and look at them window by window.

    Args:
        homography: from fractions of the query to fractions of the reference.
        seen: what that homography makes them share.
    """
    of_query, of_reference = _pixels_of(query), _pixels_of(reference)
    forth = of_reference @ homography @ inverse(of_query)
    on_query, on_reference = carried(seen.query, of_query), carried(seen.reference, of_reference)
    finer = area(on_query) / max(area(on_reference), 1e-9)
    if finer <= 1:
        laid = _lay(reference, query, inverse(forth), on_query, 1 / max(finer, 1e-9))
        back = inverse(of_query)
    else:
        laid = _lay(query, reference, forth, on_reference, finer)
        back = inverse(homography) @ inverse(of_reference)
    return _agreement(laid, back) if laid else NOTHING_TO_SEE


@dataclass(frozen=True, eq=False)
class _Laid:
    """Two grey pictures in one frame, and where both are known."""

    moved: Plane
    still: Plane
    known: NDArray[np.uint8]
    corner: tuple[int, int]
    """Where this cutting lies in the picture that stayed."""


def _pixels_of(picture: RGB) -> NDArray[np.float64]:
    return inverse(to_fractions(picture.shape[1], picture.shape[0]))


def _lay(
    moving: RGB, staying: RGB, homography: NDArray[np.float64], within: NDArray[np.float64], finer: float
) -> _Laid | None:
    """Only the bounding box of the overlap is looked at, in the frame of the picture that stays."""
    height, width = staying.shape[:2]
    left, top = np.maximum(np.floor(within.min(axis=0)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(within.max(axis=0)) + 1, (width, height)).astype(int)
    if min(right - left, bottom - top) < SMALLEST:
        return None
    shift = np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]])
    size = int(right - left), int(bottom - top)
    fine = _grey(moving)
    if finer > 1.2:
        fine = cv2.GaussianBlur(fine, (0, 0), 0.5 * float(np.sqrt(finer - 1)))
    moved = cv2.warpPerspective(fine, shift @ homography, size, borderMode=cv2.BORDER_REPLICATE)
    still = _grey(staying[top:bottom, left:right])
    known = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(known, np.round(within - (left, top)).astype(np.int32), 1)
    return _Laid(_soft(moved), _soft(still), known, (int(left), int(top)))


def _grey(pixels: RGB) -> Plane:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)


def _soft(plane: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), SOFTENED), np.float32)


def _agreement(laid: _Laid, back: NDArray[np.float64]) -> Agreement:
    rows, columns = np.nonzero(_windows(laid.known) == 1)
    if len(rows) == 0:
        return NOTHING_TO_SEE
    at = rows, columns
    moved, still = laid.moved - 128, laid.still - 128  # so that squares of bright even places lose no digits
    mean_a, mean_b = _means(moved)[at], _means(still)[at]
    variance_a = np.maximum(_means(moved * moved)[at] - mean_a**2, 0)
    variance_b = np.maximum(_means(still * still)[at] - mean_b**2, 0)
    covariance = _means(moved * still)[at] - mean_a * mean_b
    textured = np.maximum(variance_a, variance_b) > TEXTURED**2
    spread = np.sqrt(np.maximum(variance_a * variance_b, TEXTURED**4 / 16)[textured])
    centres = np.c_[columns, rows][textured] * STEP + WINDOW // 2 + np.array(laid.corner)
    error = _tone_error(mean_a, mean_b)
    return Agreement(carried(centres, back), (covariance[textured] / spread).astype(np.float32), error)


def _windows(known: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where a window, STEP from the next, lies within the overlap altogether."""
    inside = cv2.erode(known, np.ones((WINDOW, WINDOW), np.uint8))
    return _stepped(inside)


def _means(plane: Plane) -> Plane:
    return _stepped(cv2.blur(plane, (WINDOW, WINDOW)))


def _stepped(plane: NDArray[_Number]) -> NDArray[_Number]:
    half = WINDOW // 2
    return plane[half:-half:STEP, half:-half:STEP]


def _tone_error(moved: Plane, still: Plane) -> float:
    """The best curve from one picture's tones to the other's is the median in each of `_CLASSES` classes."""
    low, high = np.percentile(still, [10, 90])
    if high - low < TEXTURED or len(still) < _CLASSES:
        return 1.0
    classes = np.array_split(still[np.argsort(moved)], _CLASSES)
    off = np.concatenate([np.abs(each - np.median(each)) for each in classes])
    return float(np.median(off) / (high - low))
