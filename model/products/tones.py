"""Does the print agree, and its colour, once the reference is laid over the query?"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.products.view import ProductView

QUERY_SIDE = 144
"""Pixels of the query's longer side at which tones are compared."""
_WINDOW = 7
_LEAST = 40
"""Pixels of overlap under which nothing is compared."""
_FLAT = 9.0
"""Variance of lightness under which a window shows no print."""
_FAINTEST = 4.0
_WHITE_BALANCE = 10.0
"""Most of a cast of colour, in CIELAB units, that the light may explain."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """Maps over the query, shape (h, w); they hold where `seen`."""

    seen: NDArray[np.bool_]
    printed: NDArray[np.bool_]
    correlation: NDArray[np.float32]
    """Of lightness in a small window, in [−1, 1]."""
    colour: NDArray[np.float32]
    """Distance in CIELAB's plane of colours after taking out the cast of the light."""
    raw_colour: NDArray[np.float32]
    lightness: NDArray[np.float32]
    """Distance after the straight line that fits best."""


def agreement(
    query: NDArray[np.float32],
    working: tuple[int, int],
    view: ProductView,
    homography: NDArray[np.float64],
) -> Agreement | None:
    """Lay a reference over a query in CIELAB, shape (h, w, 3); None where they hardly overlap.

    Args:
        working: width and height of the query's working picture, from which `homography` leads to the view's frame.
    """
    laid, seen = _laid(query, working, view, homography)
    if int(seen.sum()) < _LEAST:
        return None
    light, other = query[..., 0], laid[..., 0]
    correlation, textured = _correlation(light, other)
    apart = query[..., 1:] - laid[..., 1:]
    cast = np.clip(np.median(apart[seen], axis=0), -_WHITE_BALANCE, _WHITE_BALANCE)
    return Agreement(
        seen,
        textured & seen,
        correlation,
        np.linalg.norm(_smooth(apart - cast), axis=2),
        np.linalg.norm(_smooth(apart), axis=2),
        np.abs(_smooth(light - _exposed(other, light, seen))),
    )


def _laid(
    query: NDArray[np.float32],
    working: tuple[int, int],
    view: ProductView,
    homography: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    height, width = query.shape[:2]
    tones = view.tones
    into = np.diag([tones.shape[1] / view.frame[0], tones.shape[0] / view.frame[1], 1.0])
    matrix = into @ homography @ np.diag([working[0] / width, working[1] / height, 1.0])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(tones, matrix, (width, height), flags=how)
    ones = np.ones(tones.shape[:2], np.float32)
    seen = cv2.warpPerspective(ones, matrix, (width, height), flags=how) > 0.99
    return np.asarray(laid, np.float32), np.asarray(seen, np.bool_)


def _correlation(
    one: NDArray[np.float32], other: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    mean, other_mean = _smooth(one), _smooth(other)
    variance = _smooth(one * one) - mean * mean
    other_variance = _smooth(other * other) - other_mean * other_mean
    together = _smooth(one * other) - mean * other_mean
    scale = np.sqrt(np.maximum(variance, _FAINTEST) * np.maximum(other_variance, _FAINTEST))
    return together / scale, np.maximum(variance, other_variance) > _FLAT


def _exposed(
    reference: NDArray[np.float32], query: NDArray[np.float32], seen: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The reference's lightness as the query's exposure would show it."""
    there, wanted = reference[seen], query[seen]
    slope = float(np.cov(there, wanted)[0, 1] / max(float(there.var()), 1.0))
    offset = float(wanted.mean()) - slope * float(there.mean())
    return np.asarray(slope * reference + offset, np.float32)


def _smooth(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.blur(maps, (_WINDOW, _WINDOW)), np.float32)
