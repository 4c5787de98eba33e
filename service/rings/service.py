"""Rings of sellers and senders who share own pictures. A ring is a reason to look, and nobody's guilt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy.orm import Session

from index.base import Library, Scope
from model.copies.hashes import MATCH_DISTANCE, PerceptualHash, as_vector, cosine_at
from model.rings import OwnPicture, Ring, RingLimits, alike_groups, find_rings, links_between
from service.rings import repository
from service.security.principals import Principal
from service.vectors.serving import Serving

MOST_LISTINGS = 10_000
MOST_PHOTOS = 5_000
LIMITS = RingLimits()
_OWNED = (Library.GENUINE, Library.BACKGROUND)


def rings(session: Session, serving: Serving, principal: Principal) -> list[Ring]:
    """Of the latest listings and parcels of the tenant, largest first."""
    tenant = principal.tenant_id
    shown = [
        *repository.of_listings(session, tenant, MOST_LISTINGS),
        *repository.of_parcels(session, tenant, MOST_PHOTOS),
    ]
    known = repository.hashes(session, tenant, serving.fingerprint, (each.sha256 for each in shown))
    own = _own(serving, tenant, known)
    pictures = {(each.owner, each.sha256) for each in shown if each.sha256 in own}
    return _found([OwnPicture(owner, digest, own[digest]) for owner, digest in sorted(pictures)])


def _found(pictures: Sequence[OwnPicture]) -> list[Ring]:
    return find_rings(links_between(alike_groups(pictures), LIMITS), LIMITS)


def _own(serving: Serving, tenant_id: str, known: Mapping[str, PerceptualHash]) -> dict[str, PerceptualHash]:
    """What is the same photo as a brand's reference, or as one of everyday pictures, is nobody's own."""
    if not known:
        return {}
    digests = sorted(known)
    vectors = np.stack([as_vector(known[each]) for each in digests])
    owned: set[str] = set()
    for library in _OWNED:
        hits = serving.hashes.search(vectors, 1, Scope(tenant_id, library), cosine_at(MATCH_DISTANCE))
        owned |= {digest for digest, found in zip(digests, hits, strict=True) if found}
    return {digest: known[digest] for digest in digests if digest not in owned}
