"""What the brands of the kit would bring to a service: the files of bulk enrolment, `docs/enrolment.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from model.encoders.base import RGB
from model.evaluation.kit.brands import Category, Kit, KitBrand, KitProduct
from model.evaluation.kit.catalogue import catalogue_views
from model.evaluation.kit.traffic import KnownCounterfeit
from model.evaluation.kit.words import official_seller

Table = tuple[tuple[str, ...], Sequence[Sequence[object]]]
"""Columns and rows."""

VIEWS = ("front", "turned", "detail")


def enrolment_tables(
    kit: Kit, brands: Sequence[KitBrand], cases: Iterable[KnownCounterfeit]
) -> dict[str, Table]:
    """The CSV files of some of the kit's brands, by file name.

    The numbers of rights are of a form that no office gives out. Cases of other brands are left out.
    """
    products = [product for brand in brands for product in kit.of_brand(brand)]
    return {
        "brands.csv": (("name", "spellings"), [(b.name, "|".join(b.spellings)) for b in brands]),
        "rights.csv": (
            ("brand", "kind", "number", "office", "classes", "registered_on", "expires_on"),
            [row for brand in brands for row in _rights(kit, brand)],
        ),
        "products.csv": (
            ("brand", "sku", "name", "category", "barcode"),
            [(p.brand.name, p.id, p.name, p.category, p.barcode) for p in products],
        ),
        "price_bands.csv": (
            ("brand", "sku", "currency", "low", "median", "high", "territory"),
            [(p.brand.name, p.id, p.currency, p.price_low, p.price_median, p.price_high, "JP") for p in products],
        ),
        "authorised_sellers.csv": (
            ("brand", "seller", "category", "territory", "valid_from"),
            [(b.name, official_seller(b), b.category, "JP", "2020-01-01") for b in brands],
        ),
        "references.csv": (
            ("brand", "sku", "path", "view"),
            [(p.brand.name, p.id, reference_path(p, view), view) for p in products for view in VIEWS],
        ),
        "known_counterfeits.csv": (
            ("brand", "sku", "path", "case_reference", "note"),
            [_case_row(case) for case in _cases_of(brands, cases)],
        ),
    }  # fmt: skip


def enrolment_pictures(
    kit: Kit, brands: Sequence[KitBrand], cases: Iterable[KnownCounterfeit]
) -> Iterator[tuple[str, RGB]]:
    """The pictures that the tables name, with their paths."""
    for brand in brands:
        for product in kit.of_brand(brand):
            yield from reference_pictures(product)
    for case in _cases_of(brands, cases):
        yield _case_path(case), case.pixels


def reference_pictures(product: KitProduct) -> Iterator[tuple[str, RGB]]:
    """The catalogue pictures of one product, with their paths."""
    for view, pixels in zip(VIEWS, catalogue_views(product, len(VIEWS)), strict=True):
        yield reference_path(product, view), pixels


def reference_path(product: KitProduct, view: str) -> str:
    return f"references/{product.id}-{view}.jpg"


def _cases_of(brands: Sequence[KitBrand], cases: Iterable[KnownCounterfeit]) -> Iterator[KnownCounterfeit]:
    return (case for case in cases if case.product.brand in brands)


def _case_path(case: KnownCounterfeit) -> str:
    return f"known_counterfeits/{case.case}.jpg"


def _case_row(case: KnownCounterfeit) -> tuple[object, ...]:
    note = ", ".join(sorted(case.defects)).replace("_", " ")
    return case.product.brand.name, case.product.id, _case_path(case), case.case, note


def _rights(kit: Kit, brand: KitBrand) -> Iterator[tuple[object, ...]]:
    """A trademark for the name; a design for the pack in every second brand."""
    at = kit.brands.index(brand) + 1
    day = f"{1 + at % 12:02d}-{1 + at % 28:02d}"
    number = f"INVENTED-{kit.seed}-{at:03d}"
    yield brand.name, "trademark", f"{number}-T", "JP", _NICE[brand.category], f"2016-{day}", f"2036-{day}"
    if at % 2:
        yield brand.name, "design", f"{number}-D", "JP", "", f"2021-{day}", f"2046-{day}"


_NICE = {
    Category.TEA: "30",
    Category.CONFECTIONERY: "30",
    Category.SKINCARE: "3",
    Category.FOOTWEAR: "25",
    Category.APPAREL: "25",
    Category.AUDIO: "9",
    Category.SUPPLEMENTS: "5",
    Category.STATIONERY: "16",
}
"""Class of the Nice Agreement in which goods of the category are registered."""
