"""Identification points: does the suspect show what a genuine one shows, at a place that its maker named (S4)?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from model.anomaly.comparison import Comparison
from model.anomaly.difference import boxes
from model.encoders.base import RGB

LEAST_VISIBLE = 0.9
"""Share of a point's region that the suspect must show."""
COARSEST = 0.6
"""Pixels of the suspect for one of the reference, along a side, under which details are guessed and not seen."""
LEAST_MASS = 5.0
"""Less than for a whole picture: an expert says where to look, and few places are looked at."""


class PointFinding(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_VISIBLE = "not_visible"


@dataclass(frozen=True)
class Region:
    """In fractions of the reference's width and height."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, eq=False)
class JudgedPoint:
    finding: PointFinding
    mass: float
    """Excess within the region, in pixels of full contrast."""
    genuine: RGB
    """The region on the reference."""
    suspect: RGB
    """The region on the suspect, as it lies over the reference."""


def judge(comparison: Comparison, reference: RGB, region: Region) -> JudgedPoint:
    """Look at one region of an aligned suspect."""
    height, width = comparison.excess.shape
    rows = slice(int(region.y0 * height), max(int(region.y0 * height) + 1, round(region.y1 * height)))
    columns = slice(int(region.x0 * width), max(int(region.x0 * width) + 1, round(region.x1 * width)))
    mass = sum(box.mass for box in boxes(comparison.excess[rows, columns], least_mass=LEAST_MASS))
    return JudgedPoint(
        _finding(comparison, rows, columns, mass),
        round(mass, 2),
        reference[rows, columns],
        comparison.aligned.suspect[rows, columns],
    )


def _finding(comparison: Comparison, rows: slice, columns: slice, mass: float) -> PointFinding:
    seen = comparison.aligned.visible[rows, columns]
    if comparison.hidden is not None:
        seen = seen & ~comparison.hidden[rows, columns]
    visible = seen.mean()
    if visible < LEAST_VISIBLE or _fineness(comparison, rows, columns) < COARSEST:
        return PointFinding.NOT_VISIBLE
    return PointFinding.DIFFERS if mass > 0 else PointFinding.AGREES


def _fineness(comparison: Comparison, rows: slice, columns: slice) -> float:
    """Pixels of the suspect for one of the reference, along a side."""
    places = comparison.aligned.places[rows, columns]
    if min(places.shape[:2]) < 2:
        return 1.0
    across = np.linalg.norm(np.diff(places, axis=1), axis=-1).mean()
    down = np.linalg.norm(np.diff(places, axis=0), axis=-1).mean()
    return float(min(across, down))
