"""Copies of what partners shared: candidates by hash and vectors, verified only where the partner gave its picture.

A partner's word never outweighs one's own genuine photo: a picture that is a verified copy of a reference is no
more than a candidate here. Neither is one whose signal is disputed, or whose partner was not heard of lately.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from index.base import Library, Scope
from service.exchange.signals import SharedFacts, facts
from service.listings.copies import Stored, copies_of_parts, copy_matches
from service.listings.question import Comparing, Question
from service.listings.searching import COPIES, Near, all_ids, search, search_views
from service.screening.rules.copies import CopyMatch
from service.vectors.serving import Serving


@dataclass(frozen=True)
class _Asking:
    session: Session
    serving: Serving
    comparing: Comparing
    question: Question

    @property
    def silence(self) -> timedelta:
        return timedelta(days=self.comparing.runtime.settings.exchange_silence_days)

    def facts(self, near: Sequence[Near]) -> dict[str, SharedFacts]:
        return facts(self.session, self.question.tenant_id, self.silence, all_ids(near))


def among_partners(
    session: Session,
    serving: Serving,
    comparing: Comparing,
    question: Question,
    genuine: Sequence[CopyMatch],
    fakes: Sequence[CopyMatch],
) -> list[CopyMatch]:
    """Everything shared that is near to the pictures; `item_id` is the id of the shared signal.

    Args:
        genuine: copies of one's own references.
        fakes: copies of one's own known counterfeits; a picture that is one is not looked for in parts.

    Raises:
        OutOfTime: not every candidate that is worth it was compared.
    """
    if not serving.hashes.count(Scope(question.tenant_id, Library.SHARED)):
        return []
    asking = _Asking(session, serving, comparing, question)
    found = _whole(asking)
    explained = {each.picture for each in [*genuine, *fakes, *(each for each, _ in found)] if each.verified}
    found += _in_parts(asking, [each for each, _ in found], explained)
    own = {each.picture for each in genuine if each.verified}
    return [_as_told(match, told, weakened=match.picture in own) for match, told in found]


def _whole(asking: _Asking) -> list[tuple[CopyMatch, SharedFacts]]:
    near = search(asking.serving, asking.question, Library.SHARED, COPIES)
    known = asking.facts(near)
    matches = copy_matches(asking.comparing, asking.question, near, _pictured(known))
    matches += _by_numbers_alone(dict(enumerate(near)), known)
    return [(each, known[each.item_id]) for each in matches]


def _in_parts(
    asking: _Asking, known_matches: Sequence[CopyMatch], explained: set[int]
) -> list[tuple[CopyMatch, SharedFacts]]:
    seen = asking.question.seen
    left = [at for at in range(len(seen)) if at not in explained]
    if not left or not asking.serving.copies.count(Scope(asking.question.tenant_id, Library.SHARED)):
        return []
    asked = asking.comparing.on_pool_each(lambda at: asking.serving.tiles(seen[at].pixels()), left)
    tiles = dict(zip(left, asked, strict=True))
    near = search_views(asking.serving, asking.question, Library.SHARED, tiles)
    known = asking.facts(list(near.values()))
    matches = copies_of_parts(asking.comparing, asking.question, near, _pictured(known), known_matches)
    matches += _by_numbers_alone(near, known)
    return [(each, known[each.item_id]) for each in matches]


def _pictured(known: Mapping[str, SharedFacts]) -> dict[str, Stored]:
    return {
        item: Stored(item, each.brand_id, each.picture)
        for item, each in known.items()
        if each.picture is not None
    }


def _by_numbers_alone(near: Mapping[int, Near], known: Mapping[str, SharedFacts]) -> list[CopyMatch]:
    """Hash or vectors came without the picture: a candidate, which nothing here can verify (decision 0233)."""
    return [
        CopyMatch(
            known[item].brand_id,
            item,
            picture,
            each.distances.get(item),
            each.cosines.get(item),
            each.views.get(item),
        )
        for picture, each in near.items()
        for item in sorted(each.ids & known.keys())
        if known[item].picture is None
    ]


def _as_told(match: CopyMatch, told: SharedFacts, *, weakened: bool) -> CopyMatch:
    named = replace(match, item_id=told.signal_id)
    if told.may_verify and not weakened:
        return named
    return replace(named, finding=None, same_bytes=False)
