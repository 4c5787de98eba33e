"""What is measured of a mark that was laid over a picture, in numbers that a logistic may weigh."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from model.marks.alignment import Canvas, Fit, distinct, edges_alike, slopes

_STRONGEST = 0.2
"""Share of the pixels of a canvas that count as its edges."""
_SURE = 0.999


@dataclass(frozen=True)
class Measures:
    """All are about 0 to 4, so that one ridge does for all."""

    explained: float
    """Share of the picture there that the mark explains, 0 to 1."""
    edges: float
    """Cosine between the slopes of the mark and of the picture there."""
    distinct: float
    """What no plain shape explains too, against that and what is left unexplained, 0 to 1."""
    explained_much: float
    edges_much: float
    distinct_much: float
    """The same three, drawn apart towards 1."""
    mark_in_picture: float
    """Mean cosine of slopes at the edges of the mark."""
    picture_in_mark: float
    """Mean cosine of slopes at the edges of the picture."""
    shear: float
    """Cosine between the sides of the mark as it lies, 0 if upright."""
    turn: float
    """Units of 30° from level."""
    slant: float
    """How unlike opposite sides are, sum of logarithms."""
    stretch: float
    """Logarithm of the change of width against height, without sign."""
    stretch_much: float
    """Its square, in units of a quarter."""
    size: float
    """Decimal logarithm of the pixels of its side."""
    contrast: float
    """Decimal logarithm of the grey levels that it explains."""
    worst: float
    """Logarithm of one and the unexplained share at the worst place."""
    balance: float
    """Contrast of the faintest ink against the strongest, 0 to 1."""
    inks: float
    """More than one."""
    length: float
    """Logarithm of the longer side over the shorter."""
    likeness: float
    """Cosine over what is usual, when it was proposed."""
    plainness: float
    """Cosine that a rare everyday window has with the mark."""
    part: float
    """1 where only a part of a long mark was compared."""


NAMES = tuple(each.name for each in fields(Measures))


def measures_of(
    found: Fit,
    canvas: Canvas,
    quad: NDArray[np.float64],
    *,
    stretch: float,
    worst: float,
    likeness: float,
    plainness: float,
    part: bool,
) -> Measures:
    """Args: quad: shape (4, 2), where the corners of the whole mark are, pixels."""
    explained, edges, own = found.explained, edges_alike(found), distinct(found, canvas)
    mark_in_picture, picture_in_mark = _both_ways(found)
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.linalg.norm(sides, axis=1) + 1e-6
    narrowing = abs(math.log(lengths[0] / lengths[2])) + abs(math.log(lengths[1] / lengths[3]))
    log_stretch = abs(math.log(max(stretch, 1e-3)))
    aspect = canvas.size[0] / canvas.size[1]
    return Measures(
        explained=explained,
        edges=edges,
        distinct=own,
        explained_much=_apart(explained),
        edges_much=_apart(edges),
        distinct_much=_apart(own),
        mark_in_picture=mark_in_picture,
        picture_in_mark=picture_in_mark,
        shear=float(abs(sides[0] @ sides[1]) / (lengths[0] * lengths[1])),
        turn=abs(math.degrees(math.atan2(sides[0, 1], sides[0, 0]))) / 30,
        slant=min(4.0, narrowing),
        stretch=min(2.0, log_stretch),
        stretch_much=min(4.0, (log_stretch * 4) ** 2),
        size=0.5 * math.log10(1 + lengths[0] * lengths[1]),
        contrast=math.log10(1 + found.contrast),
        worst=math.log1p(worst),
        balance=_balance(found, canvas),
        inks=float(len(canvas.layers) - 1),
        length=abs(math.log(aspect)),
        likeness=likeness,
        plainness=plainness,
        part=float(part),
    )


def _apart(value: float) -> float:
    return math.atanh(min(max(value, 0.0), _SURE))


def _both_ways(found: Fit) -> tuple[float, float]:
    of_mark, of_picture = slopes(found.model), slopes(found.model + found.residual)
    mark, picture = np.hypot(*of_mark), np.hypot(*of_picture)
    along = (of_mark[0] * of_picture[0] + of_mark[1] * of_picture[1]) / (mark * picture + 1e-3)
    return _at_edges(along, mark), _at_edges(along, picture)


def _at_edges(along: NDArray[np.floating], strength: NDArray[np.floating]) -> float:
    count = max(1, round(_STRONGEST * strength.size))
    return float(along.ravel()[np.argpartition(strength.ravel(), -count)[-count:]].mean())


def _balance(found: Fit, canvas: Canvas) -> float:
    flat = canvas.layers.reshape(len(canvas.layers), -1)
    tones = np.abs(canvas.tones_of @ found.model.ravel())[: len(flat)]
    return float(tones.min() / (tones.max() + 1e-6))
