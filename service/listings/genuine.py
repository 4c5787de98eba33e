"""What the genuine references say of a listing's pictures: which brand and product, and whose photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.references.service as references
from index.base import Hit, Library
from service.listings.copies import copy_matches
from service.listings.libraries import described
from service.listings.products import ProductsShown, best_copies, chance, rankings
from service.listings.question import Comparing, Question
from service.listings.searching import Near, all_ids, search
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
    near: Sequence[Near]
    facts: Mapping[str, ReferenceFacts]


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
    copies = copy_matches(comparing, question, near, described(facts))
    return Genuine(matches, copies, near, facts)


def products_of(
    serving: Serving, comparing: Comparing, question: Question, genuine: Genuine
) -> ProductsShown:
    """Raises: OutOfTime: a picture that is worth it was not looked at."""
    copied = best_copies(genuine.copies)
    left = {at: near for at, near in enumerate(genuine.near) if at not in copied}
    return ProductsShown(rankings(serving, comparing, question, left, genuine.facts), copied)


def candidates(genuine: Genuine, products: ProductsShown, policy: Policy) -> tuple[Candidate, ...]:
    """The best reference of each product, likeliest first, as far as a closer look told; then the nearest."""
    best: dict[str, Candidate] = {}
    made = (_candidate(match, products, policy) for match in genuine.matches)
    for each in sorted(made, key=_likeliest_first):
        best.setdefault(each.product_id, each)
    return tuple(list(best.values())[:_CANDIDATES_KEPT])


def _candidate(match: ReferenceMatch, products: ProductsShown, policy: Policy) -> Candidate:
    probability = chance(products, match.picture, match.product_id) if match.box is None else None
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
