"""Is it truly that product? Keypoints of a region against those of the references that its vector found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from model.encoders.base import RGB
from model.keypoints import LocalPicture, look_closely, match
from model.keypoints.detection import Detail
from model.regions.boxes import Boxes, cut, grown

REGION_DETAIL = Detail(side=160, most_enlarged=2.0, keypoints=250)
"""A region is small already: looked at like a whole picture it would take six times as long, for little more."""
_MARGIN = 0.04
_VISIBLE_SIZE = 5.0
"""Pixels across of the smallest keypoints of a reference that can be seen in a region, which shows it much smaller."""


@dataclass(frozen=True)
class Near:
    """A reference that a region resembles."""

    reference: str
    product: str
    brand: str
    cosine: float
    matches: int | None = None
    """Keypoints that are each other's nearest; None where nobody has looked."""


def to_verify(near: Sequence[Near], products: int = 8) -> list[str]:
    """Ids of the references whose keypoints are wanted: the nearest one of each of the nearest products."""
    nearest: dict[str, str] = {}
    for each in sorted(near, key=lambda one: (-one.cosine, one.reference)):
        nearest.setdefault(each.product, each.reference)
    return list(nearest.values())[:products]


def look_at_regions(picture: RGB, boxes: Boxes) -> list[LocalPicture]:
    """The keypoints inside each of (R, 4) boxes of a picture."""
    return [look_closely(cut(picture, box), REGION_DETAIL) for box in grown(boxes, _MARGIN)]


def verified(
    region: LocalPicture, near: Sequence[Near], references: Mapping[str, LocalPicture]
) -> list[Near]:
    """The same references with their matches counted, where their keypoints are given."""
    return [
        replace(each, matches=_matches(region, references[each.reference]))
        if each.reference in references
        else each
        for each in near
    ]


def _matches(region: LocalPicture, reference: LocalPicture) -> int:
    visible = reference.keypoints.size >= _VISIBLE_SIZE
    return len(match(region.roots, reference.roots[visible]))
