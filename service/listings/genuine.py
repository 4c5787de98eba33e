"""What the genuine references say of a listing's pictures: which brand and product, and whose photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.references.service as references
from index.base import Hit, Library
from service.listings.copies import Stored, copy_matches
from service.listings.products import Rankings, chance, rankings
from service.listings.question import Comparing, Question
from service.listings.searching import all_ids, search
from service.references.service import ReferenceFacts
from service.screening.policy import Policy
from service.screening.record import Candidate, band
from service.screening.rules.copies import CopyMatch
from service.screening.rules.identity import ReferenceMatch
from service.vectors.serving import Serving

NEIGHBOURS = 40
"""References asked for each picture; a brand's best reference is all that S1 needs."""
_CANDIDATES_KEPT = 12


@dataclass(frozen=True)
class Genuine:
    matches: Sequence[ReferenceMatch]
    copies: Sequence[CopyMatch]
    ranked: Rankings


def among_references(session: Session, serving: Serving, comparing: Comparing, question: Question) -> Genuine:
    """Raises: OutOfTime: the pictures were not compared with all that is near."""
    near = search(serving, question, Library.GENUINE, NEIGHBOURS)
    facts = references.describe(session, question.tenant_id, all_ids(near))
    matches = [
        _match(serving, facts[hit.id], picture, hit)
        for picture, each in enumerate(near)
        for hit in each.hits
        if hit.id in facts
    ]
    stored = {key: Stored(key, each.brand_id, each.sha256) for key, each in facts.items()}
    copies = copy_matches(comparing, question, near, stored)
    return Genuine(matches, copies, rankings(serving, comparing, question, near, facts))


def candidates(genuine: Genuine, policy: Policy) -> tuple[Candidate, ...]:
    """The best reference of each product, likeliest first, as far as a closer look told; then the nearest."""
    best: dict[str, Candidate] = {}
    made = (_candidate(match, genuine.ranked, policy) for match in genuine.matches)
    for each in sorted(made, key=_likeliest_first):
        best.setdefault(each.product_id, each)
    return tuple(list(best.values())[:_CANDIDATES_KEPT])


def _candidate(match: ReferenceMatch, ranked: Rankings, policy: Policy) -> Candidate:
    probability = chance(ranked, match.picture, match.product_id) if match.box is None else None
    likeness = match.score if probability is None else probability
    return Candidate(
        brand_id=match.brand_id,
        product_id=match.product_id,
        reference_id=match.reference_id,
        picture=match.picture,
        cosine=match.cosine,
        score=match.score,
        band=band(likeness, policy.thresholds.identity),
        probability=probability,
        box=match.box,
    )


def _likeliest_first(candidate: Candidate) -> tuple[float, float, float, str]:
    looked_at, likeness = candidate.likeness
    return -float(looked_at), -likeness, -candidate.cosine, candidate.reference_id


def _match(serving: Serving, facts: ReferenceFacts, picture: int, hit: Hit) -> ReferenceMatch:
    return ReferenceMatch(
        brand_id=facts.brand_id,
        product_id=facts.product_id,
        reference_id=facts.reference_id,
        picture=picture,
        cosine=hit.score,
        score=serving.calibration.probability(hit.score),
    )
