"""Which product is it? Real pictures, enrolled and checked through the API as any caller's are."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence, Set
from pathlib import Path
from typing import Any

from rich.progress import track

from model.encoders.base import Encoder
from model.products import Verdict
from service.encoding import load_encoder
from service.evaluation.house import House, evaluation_house
from service.evaluation.manifest import ManifestInvalid, PictureUse, Row, read_retrieval
from service.evaluation.retrieval_report import Answer, LeftOut, Report, report
from service.security.principals import Role
from service.settings import Settings

__all__ = ["Report", "evaluate_retrieval", "left_out_brands", "left_out_siblings"]

_EVERY_BRAND = 3
_SIBLINGS = 10


def evaluate_retrieval(
    manifest: Path, *, split: str, encoder_name: str, seed: int, settings: Settings
) -> Report:
    """Enrol the references, check every query of the split, and sum up; then again with some products left out.

    Raises:
        ManifestInvalid: the manifest cannot be used.
    """
    rows = read_retrieval(manifest)
    references = [row for row in rows if row.use is PictureUse.REFERENCE]
    queries = [row for row in rows if row.use is PictureUse.QUERY and split in ("", row.split)]
    if not references or not any(row.product for row in queries):
        raise ManifestInvalid(f"{manifest}: needs references, and queries of them in split {split!r}.")
    encoder = load_encoder(settings, encoder_name)
    answers = _answers(settings, encoder, references, queries, "checking")
    own = [row for row in queries if row.product]
    left_out = {
        name: _left_out(settings, encoder, references, own, gone, name)
        for name, gone in (
            ("brand", left_out_brands(references)),
            ("siblings", left_out_siblings(references)),
        )
        if gone
    }
    return report(len(references), answers, left_out, seed)


def left_out_brands(references: Iterable[Row]) -> frozenset[str]:
    """The products of every third brand; none where all are of one brand."""
    brands = sorted({row.brand for row in references})
    gone = set(brands[::_EVERY_BRAND]) if len(brands) > 1 else set()
    return frozenset(row.product for row in references if row.brand in gone)


def left_out_siblings(references: Iterable[Row]) -> frozenset[str]:
    """Ten products at most whose brand keeps others: the second, the fourth and so on of each brand."""
    gone: list[str] = []
    products = sorted({(row.brand, row.product) for row in references})
    for brand in sorted({brand for brand, _ in products}):
        gone += [product for own, product in products if own == brand][1::2]
    return frozenset(gone[:_SIBLINGS])


def _left_out(
    settings: Settings,
    encoder: Encoder,
    references: Sequence[Row],
    queries: Sequence[Row],
    gone: Set[str],
    name: str,
) -> LeftOut:
    kept = [row for row in references if row.product not in gone]
    answers = _answers(settings, encoder, kept, queries, f"checking, {len(gone)} products left out ({name})")
    return LeftOut(
        [answer for answer in answers if answer.product not in gone],
        [answer for answer in answers if answer.product in gone],
    )


def _answers(
    settings: Settings, encoder: Encoder, references: Sequence[Row], queries: Sequence[Row], what: str
) -> list[Answer]:
    with evaluation_house(settings, encoder) as house:
        names = _enrol(house, references)
        return [_answer(house, at, row, names) for at, row in enumerate(track(queries, description=what))]


def _enrol(house: House, references: Sequence[Row]) -> dict[str, str]:
    """The answer has the ids of products and of brands with their names."""
    owner = Role.BRAND_OWNER
    brands: dict[str, str] = {}
    products: dict[str, str] = {}
    for row in track(references, description="enrolling"):
        if row.brand not in brands:
            brands[row.brand] = house.post(owner, "/v1/brands", json={"name": row.brand or "unnamed"})["id"]
        if row.product not in products:
            product = {"sku": row.product, "name": row.product, "category": "any"}
            address = f"/v1/brands/{brands[row.brand]}/products"
            products[row.product] = house.post(owner, address, json=product)["id"]
        files = {"file": (row.path.name, row.path.read_bytes())}
        address = f"/v1/products/{products[row.product]}/references"
        house.post(owner, address, files=files, data={"view": "catalogue"})
    return {found: name for names in (brands, products) for name, found in names.items()}


def _answer(house: House, at: int, row: Row, names: dict[str, str]) -> Answer:
    listing = {"reference": f"query-{at}", "seller": "evaluation"}
    started = time.perf_counter()
    decided = house.post(
        Role.PLATFORM,
        "/v1/listings/checks",
        data={"listing": json.dumps(listing)},
        files=[("pictures", (row.path.name, row.path.read_bytes()))],
    )
    took = (time.perf_counter() - started) * 1000
    record: dict[str, Any] = house.get(Role.AUDITOR, f"/v1/decisions/{decided['id']}")["record"]
    ranked = tuple(names[candidate["product_id"]] for candidate in record["candidates"])
    if not record["shown"]:
        likeness = max((candidate["score"] for candidate in record["candidates"]), default=0.0)
        return Answer(row.product, ranked, Verdict.UNKNOWN, False, likeness, likeness, took)
    shown = record["shown"][0]
    return Answer(
        product=row.product,
        ranked=ranked,
        verdict=Verdict(shown["verdict"]),
        brand_right=names[shown["brand_id"]] == row.brand,
        probability=max(candidate["probability"] or 0.0 for candidate in record["candidates"]),
        known=1 - shown["unknown"],
        milliseconds=took,
    )
