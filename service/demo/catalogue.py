"""What the owners of the invented brands bring: one ZIP each, as bulk enrolment reads it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.encoders.base import RGB
from model.evaluation.kit import (
    KNOWN_CASES,
    Kit,
    KitBrand,
    KitProduct,
    KnownCounterfeit,
    catalogue_views,
    known_counterfeits,
    official_seller,
)
from service.demo.pictures import as_jpeg

_VIEWS = ("front", "turned", "detail")


@dataclass(frozen=True)
class Archive:
    brand: KitBrand
    path: Path
    rows: int
    pictures: int


def write_archives(kit: Kit, folder: Path) -> Iterator[Archive]:
    """Write one ZIP a brand, and tell of each as soon as it is there."""
    cases = known_counterfeits(kit, kit.seed, KNOWN_CASES)
    for brand in kit.brands:
        yield _write(
            brand, kit.of_brand(brand), [case for case in cases if case.product.brand == brand], folder
        )


def _write(
    brand: KitBrand, products: Sequence[KitProduct], cases: Sequence[KnownCounterfeit], folder: Path
) -> Archive:
    path = folder / f"{brand.id}.zip"
    pictures = [*_references(products), *_cases(cases)]
    tables = _tables(brand, products, cases)
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in tables.items():
            archive.writestr(name, _csv(rows))
        for name, pixels in pictures:
            archive.writestr(name, as_jpeg(pixels))
    return Archive(brand, path, sum(len(rows) - 1 for rows in tables.values()), len(pictures))


def _tables(
    brand: KitBrand, products: Sequence[KitProduct], cases: Sequence[KnownCounterfeit]
) -> dict[str, list[tuple[object, ...]]]:
    name = brand.name
    return {
        "brands.csv": [("name", "spellings"), (name, "|".join(brand.spellings))],
        "products.csv": [
            ("brand", "sku", "name", "category", "barcode"),
            *((name, p.id, p.name, p.category, p.barcode) for p in products),
        ],
        "price_bands.csv": [
            ("brand", "sku", "currency", "low", "median", "high", "territory"),
            *((name, p.id, p.currency, p.price_low, p.price_median, p.price_high, "JP") for p in products),
        ],
        "authorised_sellers.csv": [
            ("brand", "seller", "category", "territory", "valid_from"),
            (name, official_seller(brand), brand.category, "JP", "2020-01-01"),
        ],
        "references.csv": [
            ("brand", "sku", "path", "view"),
            *((name, p.id, _reference(p, view), view) for p in products for view in _VIEWS),
        ],
        "known_counterfeits.csv": [
            ("brand", "sku", "path", "case_reference"),
            *((name, case.product.id, _case(case), case.case) for case in cases),
        ],
    }


def _references(products: Iterable[KitProduct]) -> Iterator[tuple[str, RGB]]:
    for product in products:
        for view, pixels in zip(_VIEWS, catalogue_views(product, len(_VIEWS)), strict=True):
            yield _reference(product, view), pixels


def _cases(cases: Iterable[KnownCounterfeit]) -> Iterator[tuple[str, RGB]]:
    return ((_case(case), case.pixels) for case in cases)


def _reference(product: KitProduct, view: str) -> str:
    return f"references/{product.id}-{view}.jpg"


def _case(case: KnownCounterfeit) -> str:
    return f"known_counterfeits/{case.case}.jpg"


def _csv(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
