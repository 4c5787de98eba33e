"""Which product is it? Candidates of the index, ranked by what a close look at them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from model.products.features import Evidence, compared_with, features, gather
from model.products.parameters import RankingParameters, shipped_parameters
from model.products.planes import Plane
from model.products.shortlist import first_look
from model.products.view import ProductView

CANDIDATES = 40
"""How many references of the index are worth a first look; README.md has the table."""
CLOSE = 14
"""How many of them are worth a close one."""


@dataclass(frozen=True, eq=False)
class Look:
    """C references, of which a few were looked at closely."""

    features: NDArray[np.float64]
    """Shape (C, 3), of the first look."""
    first: NDArray[np.float64]
    """Shape (C,), strength at first look."""
    close: NDArray[np.intp]
    """Shape (D,), the places of those of which there is evidence, strongest first."""
    evidence: Evidence

    def without(self, gone: NDArray[np.bool_]) -> Look:
        """As if the references where `gone`, shape (C,), had not been proposed."""
        kept = np.flatnonzero(~gone[self.close])
        return Look(
            self.features, np.where(gone, -np.inf, self.first), self.close[kept], self.evidence.only(kept)
        )


def rank(
    query: LocalPicture, candidates: Sequence[CandidateReference], parameters: RankingParameters | None = None
) -> ProductRanking:
    """Look closely at a query and the references that the index proposes for it.

    Args:
        candidates: in any order, one reference or several of a product; `CANDIDATES` are enough.
        parameters: those that are shipped, by default.
    """
    if not candidates:
        return ProductRanking(Verdict.UNKNOWN, (), (), 1.0, None)
    chosen = parameters or shipped_parameters()
    cosines = np.array([candidate.cosine for candidate in candidates])
    found = look(query, [candidate.view for candidate in candidates], cosines, chosen.shortlist)
    return judge(query, candidates, found, chosen)


def look(
    query: LocalPicture,
    views: Sequence[ProductView],
    cosines: NDArray[np.float64],
    shortlist: ChoiceModel,
    close: int = CLOSE,
) -> Look:
    """Compare keypoints with every reference, and lay over the query those that this makes likely."""
    compared = compared_with(query, views, cosines)
    seen = first_look(compared.comparisons, cosines, compared.central)
    first = shortlist.strengths(seen)
    likely = np.argsort(-first, kind="stable")[:close]
    return Look(seen, first, likely, gather(compared.only(likely), seen[likely]))


def judge(
    query: LocalPicture, candidates: Sequence[CandidateReference], found: Look, parameters: RankingParameters
) -> ProductRanking:
    """From what was seen to chances; products that no close look was spent on have none, and stand last."""
    close = [candidates[at] for at in found.close]
    best, product_chances = _chances(
        parameters.product, parameters.shortlist, found.evidence, [each.product_id for each in close]
    )
    brands_of = [each.brand_id for each in close]
    first_of_brand, brand_chances = _chances(
        parameters.brand, parameters.shortlist, found.evidence, brands_of
    )
    products = _products([close[at] for at in best], product_chances)
    brands = _brands([brands_of[at] for at in first_of_brand], brand_chances, products)
    leading = next(at for at in best if close[at].product_id == products[0].product_id)
    seen = {each.brand_id for each, plane in zip(close, found.evidence.planes, strict=True) if plane}
    verdict = _verdict(products, brands, parameters.sure)
    return ProductRanking(
        verdict if _brand_named(verdict, products, brands) in seen else Verdict.UNKNOWN,
        products + _others(candidates, found, products),
        brands,
        float(product_chances[-1]),
        _region(query, close[leading], found.evidence.planes[leading]),
    )


def _others(
    candidates: Sequence[CandidateReference], found: Look, products: Sequence[ProductChance]
) -> tuple[ProductChance, ...]:
    named = {each.product_id for each in products}
    others: dict[str, ProductChance] = {}
    for at in np.argsort(-found.first, kind="stable"):
        each = candidates[at]
        if each.product_id not in named and np.isfinite(found.first[at]):
            chance = ProductChance(each.product_id, each.brand_id, each.reference_id, 0.0)
            others.setdefault(each.product_id, chance)
    return tuple(others.values())


def _chances(
    model: ChoiceModel, shortlist: ChoiceModel, evidence: Evidence, owners: Sequence[str]
) -> tuple[list[int], NDArray[np.float64]]:
    """Of each owner the reference that speaks for it most, and the owners' chances with that of none at the end."""
    groups = np.unique(owners, return_inverse=True)[1]
    strengths = model.strengths(features(evidence, groups, shortlist))
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


def _brand_named(verdict: Verdict, products: Sequence[ProductChance], brands: Sequence[BrandChance]) -> str:
    """Whose print must be seen: of what shares no plane with the picture nothing is claimed."""
    return products[0].brand_id if verdict is Verdict.PRODUCT else brands[0].brand_id


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
