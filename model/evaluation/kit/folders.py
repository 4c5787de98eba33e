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
from model.evaluation.kit.enrolment import enrolment_pictures, enrolment_tables, reference_pictures
from model.evaluation.kit.photos import background_photo, seller_photo
from model.evaluation.kit.traffic import KNOWN_CASES, KitListing, known_counterfeits, listings

_QUALITY = 92


def write_kit(kit: Kit, folder: Path, listing_count: int = 40) -> None:
    """Write all that a fresh installation enrols and checks.

    The CSV files of bulk enrolment and the pictures that they name, as `docs/enrolment.md` describes them;
    `listings.json` with pictures beside it, and their truth apart in `truth.json`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cases = known_counterfeits(kit, kit.seed, KNOWN_CASES)
    for name, (columns, rows) in enrolment_tables(kit, kit.brands, cases).items():
        _table(folder / name, columns, rows)
    for name, pixels in enrolment_pictures(kit, kit.brands, cases):
        _save(folder, name, pixels)
    _write_listings(kit, folder, listing_count)


def write_retrieval(kit: Kit, folder: Path, queries: int = 200, seed: int = 0, hardness: float = 0.5) -> Path:
    """Write catalogue pictures as references and seller photos as queries, a fifth of them of goods not enrolled.

    Returns:
        The manifest, with the columns path, role, product and split; an empty product means not enrolled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = [*_references(kit, folder), *_queries(kit, folder, queries, seed, hardness)]
    manifest = folder / "manifest.csv"
    _table(manifest, ("path", "role", "product", "split"), rows)
    return manifest


def _references(kit: Kit, folder: Path) -> Iterator[tuple[str, str, str, str]]:
    for product in kit.products:
        for name, pixels in reference_pictures(product):
            yield _save(folder, name, pixels), "reference", product.id, "test"


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
