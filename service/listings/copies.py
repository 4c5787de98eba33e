"""Is a picture a copy of a stored one? Candidates by quick measures, each worth it compared point by point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.listings.question import Comparing, Question
from service.listings.searching import COPIES, Near
from service.screening.rules.copies import CopyMatch

WORTH_COSINE = 0.80
"""Of whole pictures; under it, and without another reason, a stored picture is not looked at closely."""


@dataclass(frozen=True)
class Stored:
    """What must be known of a stored picture to call it the original."""

    item_id: str
    brand_id: str
    sha256: str
    product_id: str | None = None


def copy_matches(
    comparing: Comparing, question: Question, near: Sequence[Near], stored: Mapping[str, Stored]
) -> list[CopyMatch]:
    """Everything that one library holds near to the pictures, with what a closer look says of the nearest.

    Raises:
        OutOfTime: not every candidate that is worth it was compared.
    """
    found = []
    for picture, each in enumerate(near):
        candidates = _candidates(question, picture, each, stored)
        found += _looked_at(comparing, question, candidates, stored)
    return found


def copies_of_parts(
    comparing: Comparing,
    question: Question,
    near: Mapping[int, Near],
    stored: Mapping[str, Stored],
    known: Sequence[CopyMatch],
) -> list[CopyMatch]:
    """What views alone find: a part of a stored picture, or one that is a part of the picture.

    Args:
        near: pictures that no copy explains yet.
        known: what whole pictures found; nothing is compared twice.

    Raises:
        OutOfTime: likewise.
    """
    compared = {(each.picture, each.item_id) for each in known if each.finding}
    found = []
    for picture, each in near.items():
        candidates = [
            one
            for one in _candidates(question, picture, each, stored)
            if (picture, one.item_id) not in compared
        ]
        found += _looked_at(comparing, question, candidates, stored)
    return found


def _candidates(
    question: Question, picture: int, near: Near, stored: Mapping[str, Stored]
) -> list[CopyMatch]:
    cosines = near.cosines
    return [
        CopyMatch(
            stored[item].brand_id,
            item,
            picture,
            near.distances.get(item),
            cosines.get(item),
            near.views.get(item),
            product_id=stored[item].product_id,
            same_bytes=stored[item].sha256 == question.seen[picture].sha256,
        )
        for item in sorted(near.ids & stored.keys())
    ]


def _looked_at(
    comparing: Comparing, question: Question, candidates: Sequence[CopyMatch], stored: Mapping[str, Stored]
) -> list[CopyMatch]:
    worth = sorted((each for each in candidates if _is_worth_it(each)), key=_nearest_first)[:COPIES]
    if not worth:
        return list(candidates)
    seen = question.seen[worth[0].picture]
    findings = comparing.compare(seen, [stored[each.item_id].sha256 for each in worth])
    of = {each.item_id: finding for each, finding in zip(worth, findings, strict=True)}
    return [replace(each, finding=of.get(each.item_id)) for each in candidates]


def _is_worth_it(match: CopyMatch) -> bool:
    if match.same_bytes:
        return False
    by_whole = match.cosine is not None and match.cosine >= WORTH_COSINE
    return match.hash_distance is not None or by_whole or match.view_score is not None


def _nearest_first(match: CopyMatch) -> tuple[int, float, float, str]:
    distance = 257 if match.hash_distance is None else match.hash_distance
    return distance, -(match.view_score or 0.0), -(match.cosine or 0.0), match.item_id
