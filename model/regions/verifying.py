"""Is it truly that product? Keypoints of a region against those of the references that its vector found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.keypoints import LocalPicture, Matches, align, is_sane, look_closely, match
from model.keypoints.detection import Detail
from model.regions.boxes import Boxes, cut, grown

REGION_DETAIL = Detail(side=160, most_enlarged=2.0, keypoints=250)
"""A region is small already: looked at like a whole picture it would take six times as long, for little more."""
_MARGIN = 0.04
_VISIBLE_SIZE = 5.0
"""Pixels across of the smallest keypoints of a reference that can be seen in a region, which shows it much smaller."""
_LAID_OVER = 3
"""References laid over a region: those with the most matches."""
_TOLERANCE = 6.0
"""Pixels of the reference, which is shown some three times as large as in the region."""
_TRIALS = 300


@dataclass(frozen=True)
class Near:
    """A reference that a region resembles."""

    reference: str
    product: str
    brand: str
    cosine: float
    matches: int | None = None
    """Keypoints that agree on one plane; None where nobody has looked, or too few matched to look on."""


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
    """The same references, with agreeing keypoints counted for those of the given ones that match most."""
    given = [each.reference for each in near if each.reference in references]
    compared = {reference: _compare(region, references[reference]) for reference in given}
    promising = sorted(compared, key=lambda one: (-len(compared[one].matches), one))[:_LAID_OVER]
    agreeing = {reference: _agreeing(region, compared[reference]) for reference in promising}
    return [replace(each, matches=agreeing.get(each.reference)) for each in near]


@dataclass(frozen=True, eq=False)
class _Compared:
    matches: Matches
    points: NDArray[np.float32]
    """Shape (K, 2), of the reference's keypoints that the matches point to."""


def _compare(region: LocalPicture, reference: LocalPicture) -> _Compared:
    visible = reference.keypoints.size >= _VISIBLE_SIZE
    return _Compared(match(region.roots, reference.roots[visible]), reference.keypoints.xy[visible])


def _agreeing(region: LocalPicture, compared: _Compared) -> int:
    """Matches that one sane homography carries over; none where there is no such plane."""
    points, matches = region.keypoints, compared.matches
    found = align(
        points.xy[matches.query], compared.points[matches.reference], threshold=_TOLERANCE, trials=_TRIALS
    )
    if found is None or not is_sane(found.homography, points.width, points.height):
        return 0
    return found.support
