"""Finds the small turn and shift between two pictures of one thing whose pattern repeats itself.

Phase correlation (Kuglin and Hines, 1975) after trying turns, then the enhanced correlation coefficient (Evangelidis
and Psarakis, PAMI 2008), both on small pictures.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

_SIDE = 256
_TURNS = np.arange(-6.0, 6.01, 1.0)
"""Degrees tried."""
_STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 40, 1e-4)


def hardly_moved(reference: Grey, suspect: Grey) -> NDArray[np.float64]:
    """The homography between two pictures that were taken alike, as a proposal: frame on frame, then refined."""
    return _between(reference, suspect, np.eye(3))


def small_turn(reference: Grey, suspect: Grey) -> NDArray[np.float64]:
    """The homography from pixels of the reference to those of the suspect under which they correlate most.

    It is only a proposal: whether they agree under it is for the caller to see.
    """
    ours, theirs = _small(reference), _small(suspect)
    turned = max((_shifted(ours, theirs, turn) for turn in _TURNS), key=lambda each: each[0])[1]
    return _between(reference, suspect, turned)


def _between(reference: Grey, suspect: Grey, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Refined on small pictures, for the large ones."""
    refined = _refined(_small(reference), _small(suspect), start)
    onto_small = np.diag([_SIDE / reference.shape[1], _SIDE / reference.shape[0], 1.0])
    from_small = np.diag([suspect.shape[1] / _SIDE, suspect.shape[0] / _SIDE, 1.0])
    return np.asarray(from_small @ refined @ onto_small, np.float64)


def _small(pixels: Grey) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(pixels, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _shifted(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], turn: float
) -> tuple[float, NDArray[np.float64]]:
    """How well the pictures correlate after that turn and the best shift, and both as one matrix."""
    middle = (_SIDE - 1) / 2
    rotation = np.vstack([cv2.getRotationMatrix2D((middle, middle), float(turn), 1.0), [0, 0, 1]])
    turned = cv2.warpAffine(
        theirs,
        rotation[:2],
        (_SIDE, _SIDE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    (x, y), peak = cv2.phaseCorrelate(ours, turned, cv2.createHanningWindow((_SIDE, _SIDE), cv2.CV_32F))
    return peak, rotation @ np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])


def _refined(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By ECC, as an affine map; the start itself where ECC finds nothing better to go to."""
    try:
        _, better = cv2.findTransformECC(
            ours, theirs, start[:2].astype(np.float32), cv2.MOTION_AFFINE, _STOP, None, 5
        )
    except cv2.error:  # it did not converge, which is its way to say that the pictures are uncorrelated
        return start
    return np.vstack([better, [0, 0, 1]]).astype(np.float64)
