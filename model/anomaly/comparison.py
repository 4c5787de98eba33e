"""Compares a suspect with genuine pictures of the same view, and shows where it differs (S8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from model.anomaly.alignment import Aligned, lay_over
from model.anomaly.difference import Box, Excess, boxes, excess, tolerated
from model.anomaly.ground import Mask, goods
from model.anomaly.prints import Studio, difference, studio
from model.encoders.base import RGB

Corners = tuple[tuple[float, float], ...]
"""In fractions of a picture's width and height."""

_HEAT = 0.55
_LEAST_PRINTED = 0.15
"""Excess from which a pixel of a print counts: sharpness and light are alike already, so less is needed than else."""


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
    tint: float | None = None
    """Grey levels by which the most different printed colour differs; None where tints were not compared."""
    hidden: Mask | None = None
    """Shape (H, W): what something lies over, as a hand or a sticker; None where that was not looked for."""

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

    Where the first is a studio picture, on one even ground, the goods alone are judged, in shape and in tint.

    Args:
        references: genuine pictures of one view, (H, W, 3) each; others are laid over the first, and one that
            cannot be is left out.
    """
    found = lay_over(references[0], suspect)
    return None if found is None else compared(View.of(references[0]), found, suspect, references[1:])


@dataclass(frozen=True, eq=False)
class View:
    """A reference, with what is known of it whatever is laid over it."""

    pixels: RGB
    studio: Studio | None

    @classmethod
    def of(cls, pixels: RGB) -> View:
        found = goods(pixels)
        return cls(pixels, None if found is None else studio(pixels, found))


def compared(view: View, found: Aligned, suspect: RGB, others: Sequence[RGB] = ()) -> Comparison:
    """The same for a suspect that was laid over the reference already."""
    printed = difference(view.studio, found) if view.studio else None
    maps = [printed.excess if printed else excess(view.pixels, found)]
    for other in others:
        aligned = lay_over(view.pixels, other)
        if aligned is not None:
            maps.append(_where_seen(_between(view, aligned, found), maps[0], aligned))
    least = tolerated(maps)
    regions = boxes(least, least=_LEAST_PRINTED) if printed else boxes(least)
    differences = tuple(Difference(box, _on_suspect(box, found, suspect)) for box in regions)
    if printed is None:
        return Comparison(found, least, differences)
    return Comparison(found, least, differences, printed.tint, printed.hidden)


def _between(view: View, other: Aligned, found: Aligned) -> Excess:
    """What differs between the suspect and another genuine picture, both in the first one's frame."""
    if view.studio is not None:
        against = studio(other.suspect, view.studio.goods & other.visible)
        told = difference(against, found) if against else None
        if told is not None:
            return told.excess
    return excess(other.suspect, found)


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
