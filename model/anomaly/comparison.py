"""Compares a suspect with genuine pictures of the same view, and shows where it differs (S8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from model.anomaly.alignment import Aligned, lay_over
from model.anomaly.difference import Box, Excess, boxes, excess, tolerated
from model.encoders.base import RGB

Corners = tuple[tuple[float, float], ...]
"""In fractions of a picture's width and height."""

_HEAT = 0.55


@dataclass(frozen=True, eq=False)
class Difference:
    """One region that differs, on the reference as a box and on the suspect as its four corners."""

    box: Box
    on_suspect: Corners


@dataclass(frozen=True, eq=False)
class Comparison:
    """What was found in the frame of the reference; most different first."""

    aligned: Aligned
    excess: Excess
    """Shape (H, W), 0 to 1."""
    differences: tuple[Difference, ...]

    @property
    def score(self) -> float:
        """Summed excess of everything that differs, in pixels of full contrast; 0 when nothing does."""
        return round(sum(each.box.mass for each in self.differences), 2)

    def heat_map(self) -> RGB:
        """The suspect as it lies over the reference, what differs in red."""
        heat = cv2.GaussianBlur(self.excess, (0, 0), 4) * 3
        strength = np.clip(np.maximum(heat, self.excess), 0, 1)[..., None] * _HEAT
        red = np.array([255.0, 30.0, 30.0])
        return np.asarray(self.aligned.suspect * (1 - strength) + red * strength, np.uint8)


def compare(suspect: RGB, references: Sequence[RGB]) -> Comparison | None:
    """Compare with the first reference; what any of the others shows too is tolerated. None where nothing aligns.

    Args:
        references: genuine pictures of one view, (H, W, 3) each; others are laid over the first, and one that
            cannot be is left out.
    """
    first = references[0]
    found = lay_over(first, suspect)
    if found is None:
        return None
    maps = [excess(first, found)]
    for other in references[1:]:
        aligned = lay_over(first, other)
        if aligned is not None:
            maps.append(_where_seen(excess(aligned.suspect, found), maps[0], aligned))
    least = tolerated(maps)
    differences = tuple(Difference(box, _on_suspect(box, found, suspect)) for box in boxes(least))
    return Comparison(found, least, differences)


def _where_seen(found: Excess, otherwise: Excess, reference: Aligned) -> Excess:
    """Outside the other reference's picture it says nothing."""
    return np.where(reference.visible, found, otherwise).astype(np.float32)


def _on_suspect(box: Box, aligned: Aligned, suspect: RGB) -> Corners:
    height, width = aligned.visible.shape
    rows = np.clip([box.y0 * height, box.y0 * height, box.y1 * height, box.y1 * height], 0, height - 1)
    columns = np.clip([box.x0 * width, box.x1 * width, box.x1 * width, box.x0 * width], 0, width - 1)
    places = aligned.places[rows.astype(int), columns.astype(int)]
    extent = np.array([suspect.shape[1], suspect.shape[0]])
    return tuple((float(x), float(y)) for x, y in np.clip(places / extent, 0, 1).round(4))
