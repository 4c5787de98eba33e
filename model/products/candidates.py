"""What is asked, of which references, and what the answer holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from model.products.view import ProductView


class Verdict(StrEnum):
    PRODUCT = "product"
    BRAND_ONLY = "brand_only"
    """The brand is recognised; which of its products it is cannot be told, or it is one that is not enrolled."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class CandidateReference:
    """A reference that the index proposes."""

    reference_id: str
    product_id: str
    brand_id: str
    view: ProductView
    cosine: float
    """Of the encoder's vectors of the two whole pictures, in [−1, 1]."""


@dataclass(frozen=True)
class ProductChance:
    product_id: str
    brand_id: str
    reference_id: str
    """The reference that speaks for it most."""
    probability: float
    """Calibrated chance, in [0, 1], that the picture shows this product."""


@dataclass(frozen=True)
class BrandChance:
    brand_id: str
    probability: float
    """Calibrated chance, in [0, 1], that the picture shows any product of this brand, enrolled or not."""


@dataclass(frozen=True, eq=False)
class MatchedRegion:
    """Where the product is: the reference's frame as it lies in the query."""

    reference_id: str
    on_query: NDArray[np.float64]
    """Shape (4, 2), shares of the query's width and height; may reach past its edges."""
    on_reference: NDArray[np.float64]
    """Shape (4, 2), shares of the reference picture's width and height, corner for corner."""


@dataclass(frozen=True)
class ProductRanking:
    verdict: Verdict
    products: tuple[ProductChance, ...]
    """Every product among the candidates, likeliest first; with `unknown` the chances sum to 1."""
    brands: tuple[BrandChance, ...]
    """Every brand among the candidates, likeliest first."""
    unknown: float
    """Chance that it is none of these products, in [0, 1]."""
    region: MatchedRegion | None
    """Of the first product; None where no plane of it is seen."""
