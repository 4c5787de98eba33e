"""Writes the kit to a folder: pictures, manifests for bulk enrolment, listings, and a retrieval manifest."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit.brands import Kit, KitProduct
from model.evaluation.kit.catalogue import catalogue_views
from model.evaluation.kit.photos import background_photo, seller_photo
from model.evaluation.kit.traffic import KNOWN_CASES, KitListing, known_counterfeits, listings
from model.evaluation.kit.words import official_seller

_QUALITY = 92


def write_kit(kit: Kit, folder: Path, listing_count: int = 40) -> None:
    """Write all that a fresh installation enrols and checks.

    `brands.csv`, `products.csv`, `references.csv`, `authorised_sellers.csv`, `known_counterfeits.csv` with paths
    relative to the folder, `listings.json` with pictures beside it, and their truth apart in `truth.json`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / "brands.csv", ("brand", "name", "spellings", "category"),
           ((b.id, b.name, "|".join(b.spellings), b.category) for b in kit.brands))  # fmt: skip
    _table(folder / "products.csv",
           ("brand", "product", "name", "category", "price_low", "price_median", "price_high", "currency", "barcode"),
           ((p.brand.id, p.id, p.name, p.category, p.price_low, p.price_median, p.price_high, p.currency, p.barcode)
            for p in kit.products))  # fmt: skip
    _table(folder / "authorised_sellers.csv", ("brand", "seller", "category", "territory", "valid_from", "valid_until"),
           ((b.id, official_seller(b), b.category, "JP", "2020-01-01", "") for b in kit.brands))  # fmt: skip
    _table(folder / "references.csv", ("path", "brand", "product", "view"), _references(kit, folder))
    _table(folder / "known_counterfeits.csv", ("path", "brand", "product", "case"), _cases(kit, folder))
    _write_listings(kit, folder, listing_count)


def write_retrieval(kit: Kit, folder: Path, queries: int = 200, seed: int = 0, hardness: float = 0.5) -> Path:
    """Write catalogue pictures as references and seller photos as queries, a fifth of them of goods not enrolled.

    Returns:
        The manifest, with the columns path, role, product and split; an empty product means not enrolled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    references = ((path, "reference", product, "test") for path, _, product, _ in _references(kit, folder))
    rows = [*references, *_queries(kit, folder, queries, seed, hardness)]
    manifest = folder / "manifest.csv"
    _table(manifest, ("path", "role", "product", "split"), rows)
    return manifest


def _references(kit: Kit, folder: Path) -> Iterator[tuple[str, str, str, int]]:
    for product in kit.products:
        for at, view in enumerate(catalogue_views(product)):
            yield (
                _save(folder, f"references/{product.id}-{at + 1}.jpg", view),
                product.brand.id,
                product.id,
                at + 1,
            )


def _cases(kit: Kit, folder: Path) -> Iterator[tuple[str, str, str, str]]:
    for case in known_counterfeits(kit, kit.seed, KNOWN_CASES):
        path = _save(folder, f"known_counterfeits/{case.case}.jpg", case.pixels)
        yield path, case.product.brand.id, case.product.id, case.case


def _queries(
    kit: Kit, folder: Path, count: int, seed: int, hardness: float
) -> Iterator[tuple[str, str, str, str]]:
    for at in range(count):
        rng = np.random.default_rng([kit.seed, seed, 211, at])
        product: KitProduct | None = kit.products[at % len(kit.products)] if at % 5 else None
        pixels = (
            seller_photo(product, rng, hardness=hardness).pixels
            if product
            else background_photo(rng, hardness=hardness)
        )
        yield _save(folder, f"queries/{at:05d}.jpg", pixels), "query", product.id if product else "", "test"


def _write_listings(kit: Kit, folder: Path, count: int) -> None:
    shown, truths = [], []
    for listing in listings(kit, kit.seed, count):
        paths = [
            _save(folder, f"listings/{listing.reference}-{at + 1}.jpg", photo)
            for at, photo in enumerate(listing.photos)
        ]
        shown.append(_as_sent(listing, paths))
        product = listing.product.id if listing.product else None
        truths.append({"reference": listing.reference, "truth": listing.truth, "product": product,
                       "defects": sorted(listing.defects)})  # fmt: skip
    for name, rows in (("listings.json", shown), ("truth.json", truths)):
        (folder / name).write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def _as_sent(listing: KitListing, paths: Sequence[str]) -> dict[str, object]:
    return {
        "reference": listing.reference, "seller": listing.seller, "title": listing.title,
        "description": listing.description, "price": listing.price, "currency": listing.currency,
        "condition": listing.condition, "category": listing.category, "pictures": list(paths),
    }  # fmt: skip


def _save(folder: Path, name: str, picture: RGB) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    _, code = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    path.write_bytes(code.tobytes())
    return name


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
