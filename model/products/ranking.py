"""Which product is it? Candidates of the index, ranked by what a close look at them says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.keypoints import LocalPicture
from model.keypoints.geometry import carried
from model.products.candidates import (
    BrandChance,
    CandidateReference,
    MatchedRegion,
    ProductChance,
    ProductRanking,
    Verdict,
)
from model.products.choice import ChoiceModel
from model.products.features import Evidence, features, gather
from model.products.parameters import RankingParameters, shipped_parameters
from model.products.planes import Plane
from model.products.view import ProductView

CANDIDATES = 20
"""How many references of the index are worth a close look; README.md has the table."""


def rank(
    query: LocalPicture, candidates: Sequence[CandidateReference], parameters: RankingParameters | None = None
) -> ProductRanking:
    """Look closely at a query and the references that the index proposes for it.

    Args:
        candidates: in any order; one reference or several of a product.
        parameters: those that are shipped, by default.
    """
    if not candidates:
        return ProductRanking(Verdict.UNKNOWN, (), (), 1.0, None)
    chosen = parameters or shipped_parameters()
    cosines = np.array([candidate.cosine for candidate in candidates])
    evidence = gather(query, [candidate.view for candidate in candidates], cosines)
    product_ids = [candidate.product_id for candidate in candidates]
    brand_ids = [candidate.brand_id for candidate in candidates]
    best, product_chances = _chances(chosen.product, evidence, product_ids)
    first_of_brand, brand_chances = _chances(chosen.brand, evidence, brand_ids)
    products = _products([candidates[at] for at in best], product_chances)
    brands = _brands([brand_ids[at] for at in first_of_brand], brand_chances, products)
    leading = next(at for at in best if product_ids[at] == products[0].product_id)
    return ProductRanking(
        _verdict(products, brands, chosen.sure),
        products,
        brands,
        float(product_chances[-1]),
        _region(query, candidates[leading], evidence.planes[leading]),
    )


def _chances(
    model: ChoiceModel, evidence: Evidence, owners: Sequence[str]
) -> tuple[list[int], NDArray[np.float64]]:
    """Of each owner the reference that speaks for it most, and the owners' chances with that of none at the end."""
    _, groups = np.unique(owners, return_inverse=True)
    strengths = model.strengths(features(evidence, groups))
    best = [
        int(members[np.argmax(strengths[members])])
        for members in (np.flatnonzero(groups == group) for group in range(groups.max() + 1))
    ]
    return best, model.chances(strengths[best])


def _products(best: Sequence[CandidateReference], chances: NDArray[np.float64]) -> tuple[ProductChance, ...]:
    found = [
        ProductChance(each.product_id, each.brand_id, each.reference_id, float(chance))
        for each, chance in zip(best, chances[:-1], strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (-each.probability, each.product_id)))


def _brands(
    brand_ids: Sequence[str], chances: NDArray[np.float64], products: Sequence[ProductChance]
) -> tuple[BrandChance, ...]:
    """A brand is at least as likely as its products together."""
    found = []
    for brand, chance in zip(brand_ids, chances[:-1], strict=True):
        together = sum(each.probability for each in products if each.brand_id == brand)
        found.append(BrandChance(brand, min(1.0, max(float(chance), together))))
    return tuple(sorted(found, key=lambda each: (-each.probability, each.brand_id)))


def _verdict(products: Sequence[ProductChance], brands: Sequence[BrandChance], sure: float) -> Verdict:
    if products[0].probability >= sure:
        return Verdict.PRODUCT
    return Verdict.BRAND_ONLY if brands[0].probability >= sure else Verdict.UNKNOWN


def _region(query: LocalPicture, candidate: CandidateReference, plane: Plane | None) -> MatchedRegion | None:
    if plane is None:
        return None
    points = query.keypoints
    return MatchedRegion(
        candidate.reference_id,
        _frame(candidate.view, plane) / (points.width, points.height),
        _corners(*candidate.view.box),
    )


def _frame(view: ProductView, plane: Plane) -> NDArray[np.float64]:
    back = np.asarray(np.linalg.inv(plane.homography), np.float64)
    return carried(_corners(0, 0, *view.frame), back)


def _corners(left: float, top: float, right: float, bottom: float) -> NDArray[np.float64]:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
