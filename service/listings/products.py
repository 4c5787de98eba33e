"""Which product does a picture show? A closer look at the references that the search proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.products import CANDIDATES, ProductRanking, Verdict
from service.listings.question import Comparing, NearReference, Question
from service.listings.searching import Near
from service.references.service import ReferenceFacts
from service.screening.record import Region, ShownProduct
from service.screening.rules.copies import CopyMatch
from service.vectors.serving import Serving

WORTH_SCORE = 0.045
"""Calibrated similarity of the nearest reference under which nobody looks closer: most listings are innocent.

Of the phone photos of enrolled cartons in `grocery` (test) 99 % reach it; 0.10 would leave out one in eleven.
"""

WHOLE: Region = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
Rankings = Mapping[int, ProductRanking]
"""Picture to what was found; pictures that nobody looked at closely are not in it."""


def rankings(
    serving: Serving,
    comparing: Comparing,
    question: Question,
    near: Mapping[int, Near],
    facts: Mapping[str, ReferenceFacts],
) -> Rankings:
    """Raises: OutOfTime: a picture that is worth it was not looked at."""
    found = {}
    for picture, each in near.items():
        proposed = [
            NearReference(
                hit.id, facts[hit.id].product_id, facts[hit.id].brand_id, facts[hit.id].sha256, hit.score
            )
            for hit in each.hits[:CANDIDATES]
            if hit.id in facts
        ]
        if proposed and serving.calibration.probability(proposed[0].cosine) >= WORTH_SCORE:
            ranking = comparing.rank(question.seen[picture], proposed)
            if ranking.products:
                found[picture] = ranking
    return found


@dataclass(frozen=True)
class ProductsShown:
    """What is known of products, picture by picture: by whose photo it is, or by a closer look."""

    rankings: Rankings
    copied: Mapping[int, CopyMatch]
    """Picture to the verified copy of a reference that it is; such a picture needs no ranking."""


def best_copies(copies: Sequence[CopyMatch]) -> dict[int, CopyMatch]:
    """The surest verified copy of each picture."""
    best: dict[int, CopyMatch] = {}
    for match in sorted(copies, key=lambda each: (*(-part for part in each.sureness), each.item_id)):
        if match.verified and match.product_id is not None:
            best.setdefault(match.picture, match)
    return best


def shown(products: ProductsShown) -> tuple[ShownProduct, ...]:
    """The likeliest product of each picture that was looked at."""
    ranked = [_shown(picture, ranking) for picture, ranking in products.rankings.items()]
    copied = [_copied(match) for match in products.copied.values()]
    return tuple(sorted([*ranked, *copied], key=lambda each: each.picture))


def told(products: ProductsShown) -> dict[str, str]:
    """The one product of each brand that is told apart from its sisters; the surest over all pictures."""
    sure = [each for each in shown(products) if each.verdict is Verdict.PRODUCT]
    best: dict[str, str] = {}
    for each in sorted(sure, key=lambda one: (-one.probability, one.picture)):
        best.setdefault(each.brand_id, each.product_id)
    return best


def chance(products: ProductsShown, picture: int, product_id: str) -> float | None:
    """That the picture shows the product; None where it was not looked at, or not with this product."""
    copied = products.copied.get(picture)
    if copied is not None:
        return copied.probability if copied.product_id == product_id else None
    if picture not in products.rankings:
        return None
    chances = {each.product_id: each.probability for each in products.rankings[picture].products}
    return chances.get(product_id)


def _copied(match: CopyMatch) -> ShownProduct:
    finding = match.finding
    return ShownProduct(
        picture=match.picture,
        verdict=Verdict.PRODUCT,
        brand_id=match.brand_id,
        product_id=match.product_id or "",
        reference_id=match.item_id,
        probability=match.probability,
        brand_probability=match.probability,
        unknown=1 - match.probability,
        query_region=finding.query_region if finding else WHOLE,
        reference_region=finding.reference_region if finding else WHOLE,
    )


def _shown(picture: int, ranking: ProductRanking) -> ShownProduct:
    brand, product = ranking.brands[0], ranking.products[0]
    if ranking.verdict is Verdict.BRAND_ONLY:
        product = next(each for each in ranking.products if each.brand_id == brand.brand_id)
    of_brand = {each.brand_id: each.probability for each in ranking.brands}
    region = (
        ranking.region if ranking.region and ranking.region.reference_id == product.reference_id else None
    )
    return ShownProduct(
        picture=picture,
        verdict=ranking.verdict,
        brand_id=product.brand_id,
        product_id=product.product_id,
        reference_id=product.reference_id,
        probability=product.probability,
        brand_probability=of_brand[product.brand_id],
        unknown=ranking.unknown,
        query_region=_region(region.on_query) if region else (),
        reference_region=_region(region.on_reference) if region else (),
    )


def _region(corners: NDArray[np.float64]) -> Region:
    """Kept inside the picture, so that it can be drawn."""
    return tuple((round(float(x), 4), round(float(y), 4)) for x, y in np.clip(corners, 0, 1))
