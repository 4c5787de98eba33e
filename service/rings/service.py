"""Rings of sellers and senders who share own pictures. A ring is a reason to look, and nobody's guilt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from index.base import Library, Scope
from model.copies.hashes import MATCH_DISTANCE, as_vector, cosine_at
from model.copies.verification import verify
from model.rings import (
    OwnPicture,
    Ring,
    RingLimits,
    alike_groups,
    find_rings,
    links_between,
    same_by_hash,
    worth_a_look,
)
from service.deadline import OutOfTime
from service.listings.question import Comparing
from service.rings import repository
from service.rings.repository import SeenPicture
from service.security.principals import Principal
from service.vectors.serving import Serving

MOST_LISTINGS = 10_000
MOST_PHOTOS = 5_000
LIMITS = RingLimits()
WORTH_COSINE = 0.80
"""Of whole pictures, as for copies of references: under it nobody looks closely."""
LOOKED_AT = 6
"""Pictures of others that each picture is at most compared with point by point."""
_AT_ONCE = 32
_OWNED = (Library.GENUINE, Library.BACKGROUND)
Pair = tuple[int, int]


@dataclass(frozen=True)
class Found:
    rings: Sequence[Ring]
    unseen: int
    """Pairs of pictures that were worth a closer look and that there was no time for."""


def rings(session: Session, serving: Serving, comparing: Comparing, principal: Principal) -> Found:
    """Of the latest listings and parcels of the tenant, largest first; as much as the time allows."""
    tenant = principal.tenant_id
    shown = [
        *repository.of_listings(session, tenant, MOST_LISTINGS),
        *repository.of_parcels(session, tenant, MOST_PHOTOS),
    ]
    known = repository.seen(session, tenant, serving.fingerprint, (each.sha256 for each in shown))
    own = _own(serving, tenant, known)
    names = sorted({(each.owner, each.sha256) for each in shown if each.sha256 in own})
    pictures = [OwnPicture(owner, digest, own[digest].hash) for owner, digest in names]
    left = _worth_a_look(pictures, own)
    verified, unseen = _verified(comparing, pictures, left)
    groups = alike_groups(pictures, verified)
    return Found(find_rings(links_between(groups, LIMITS), LIMITS), unseen)


def _worth_a_look(pictures: Sequence[OwnPicture], own: Mapping[str, SeenPicture]) -> list[Pair]:
    if not pictures:
        return []
    vectors = np.stack([own[each.picture].vector for each in pictures])
    certain = set(same_by_hash(pictures))
    near = worth_a_look([each.owner for each in pictures], vectors, WORTH_COSINE, LOOKED_AT)
    return [(a, b) for a, b in near if (a, b) not in certain and pictures[a].picture != pictures[b].picture]


def _verified(
    comparing: Comparing, pictures: Sequence[OwnPicture], left: Sequence[Pair]
) -> tuple[list[Pair], int]:
    """The pairs that are the same photo, and how many nobody had time for."""

    def is_copy(pair: Pair) -> bool:
        views = [comparing.runtime.closeups.view_if_any(pictures[at].picture) for at in pair]
        first, second = views
        return first is not None and second is not None and verify(first.local, second.local).is_copy

    found: list[Pair] = []
    for start in range(0, len(left), _AT_ONCE):
        some = left[start : start + _AT_ONCE]
        try:
            answers = comparing.on_pool_each(is_copy, some)
        except OutOfTime:
            return found, len(left) - start
        found += [pair for pair, same in zip(some, answers, strict=True) if same]
    return found, 0


def _own(serving: Serving, tenant_id: str, known: Mapping[str, SeenPicture]) -> dict[str, SeenPicture]:
    """What is the same photo as a brand's reference, or as one of everyday pictures, is nobody's own."""
    if not known:
        return {}
    digests = sorted(known)
    vectors = np.stack([as_vector(known[each].hash) for each in digests])
    owned: set[str] = set()
    for library in _OWNED:
        hits = serving.hashes.search(vectors, 1, Scope(tenant_id, library), cosine_at(MATCH_DISTANCE))
        owned |= {digest for digest, found in zip(digests, hits, strict=True) if found}
    return {digest: known[digest] for digest in digests if digest not in owned}
