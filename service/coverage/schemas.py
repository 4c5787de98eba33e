"""What is enrolled of a brand, and where its pictures tell too little."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel


class Gap(StrEnum):
    """Why the product is found badly, or not told apart once it is found."""

    NO_REFERENCES = "no_references"
    """It is never found."""
    ONE_REFERENCE = "one_reference"
    ONE_VIEW = "one_view"
    """Several references, all of which are said to show the same, or not said to show anything."""
    POOR_PHOTOS = "poor_photos"
    """Each of its references came with a warning."""
    ALIKE = "alike"
    """Another product of the brand looks so much like it that either is taken for the other."""
    NO_POINTS = "no_points"
    """Nobody is told what to look at."""
    NO_PRICE_BAND = "no_price_band"
    """No price is ever suspicious."""


class Sibling(BaseModel):
    """Another product of the brand that a reference of this one is taken for."""

    product_id: str
    name: str
    reference_id: str
    """Of this product."""
    sibling_reference_id: str


class ProductCoverage(BaseModel):
    product_id: str
    sku: str
    name: str
    references: int
    views: dict[str, int]
    """References by the view that they are said to show; "" where none is said."""
    poor: int
    """References that came with a warning."""
    points: int
    known_counterfeits: int
    price_bands: int
    siblings: list[Sibling]
    gaps: list[Gap]


class CoverageTotals(BaseModel):
    """Of the brand's products, how many."""

    products: int
    without_references: int
    with_one_reference: int
    without_points: int
    without_price_band: int


class CoveragePage(BaseModel):
    totals: CoverageTotals
    items: list[ProductCoverage]
    next_after: str | None
    """Give it as `after` for the next page; null on the last one."""
