"""From pictures to parts of them that can be searched with like whole pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB, Encoder, Vectors
from model.regions.boxes import Boxes, cut, grown
from model.regions.proposer import Proposals, Proposer

_MARGIN = 0.04
"""By how much of its length a box is widened on each side before it is cut out."""
_PAPER = 255
"""References are catalogue pictures: a crop is laid on white, as they are."""


@dataclass(frozen=True)
class Effort:
    """How much is looked at; each region costs one run of the encoder."""

    least: float = 0.5
    """Objectness under which a box is not looked into."""
    most: int = 4
    """Boxes of one picture."""


EFFORT = Effort()


@dataclass(frozen=True, eq=False)
class Regions:
    """R parts of one picture, the likeliest to be a thing first; perhaps none."""

    boxes: Boxes
    """Shape (R, 4): left, top, right, bottom, in shares of the picture."""
    objectness: NDArray[np.float64]
    """Shape (R,), in [0, 1]."""
    vectors: Vectors
    """Shape (R, D): each part as the encoder sees it, comparable with stored vectors of whole pictures."""

    def __len__(self) -> int:
        return len(self.boxes)


def propose(
    encoder: Encoder, proposer: Proposer, pictures: Sequence[RGB], effort: Effort = EFFORT
) -> list[Regions]:
    """The parts of N pictures that could be products, encoded in one call.

    Any encoder will do: the proposer has its own small network.
    """
    proposed = proposer.propose(pictures, effort.least, effort.most)
    crops = [
        region_picture(picture, box)
        for picture, each in zip(pictures, proposed, strict=True)
        for box in each.boxes
    ]
    vectors = encoder.encode(crops)
    ends = np.cumsum([len(each.boxes) for each in proposed])
    return [
        _regions(each, vectors[end - len(each.boxes) : end]) for each, end in zip(proposed, ends, strict=True)
    ]


def region_picture(picture: RGB, box: NDArray[np.float64]) -> RGB:
    """What is inside the box with a small margin, in the middle of a white square."""
    part = cut(picture, grown(box[np.newaxis], _MARGIN)[0])
    height, width = part.shape[:2]
    side = max(height, width)
    square = np.full((side, side, 3), _PAPER, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = part
    return square


def _regions(proposed: Proposals, vectors: Vectors) -> Regions:
    return Regions(proposed.boxes, proposed.objectness, vectors)
