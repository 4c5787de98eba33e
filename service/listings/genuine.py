"""What the genuine references say of a listing's pictures: which brand and product, and whose photo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.references.service as references
from index.base import Hit, Library
from service.listings.copies import Stored, copy_matches
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
    stored = {
        each.reference_id: Stored(each.reference_id, each.brand_id, each.sha256) for each in facts.values()
    }
    return Genuine(matches, copy_matches(comparing, question, near, stored))


def candidates(matches: Iterable[ReferenceMatch], policy: Policy) -> tuple[Candidate, ...]:
    """The best reference of each product, best first."""
    best: dict[str, ReferenceMatch] = {}
    for match in sorted(matches, key=lambda each: (-each.cosine, each.reference_id)):
        best.setdefault(match.product_id, match)
    return tuple(
        Candidate(
            brand_id=match.brand_id,
            product_id=match.product_id,
            reference_id=match.reference_id,
            picture=match.picture,
            cosine=match.cosine,
            score=match.score,
            band=band(match.score, policy.thresholds.identity),
        )
        for match in list(best.values())[:_CANDIDATES_KEPT]
    )


def _match(serving: Serving, facts: ReferenceFacts, picture: int, hit: Hit) -> ReferenceMatch:
    return ReferenceMatch(
        brand_id=facts.brand_id,
        product_id=facts.product_id,
        reference_id=facts.reference_id,
        picture=picture,
        cosine=hit.score,
        score=serving.calibration.probability(hit.score),
    )
