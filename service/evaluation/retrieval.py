"""Which product is it? Real pictures, enrolled and checked through the API as any caller's are."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from model.evaluation.metrics import (
    Interval,
    auroc,
    bootstrap,
    expected_calibration_error,
    mean_average_precision,
    recall_at,
)
from service.encoding import load_encoder
from service.evaluation.house import House, evaluation_house
from service.evaluation.manifest import ManifestInvalid, PictureUse, Row, read_retrieval
from service.security.principals import Role
from service.settings import Settings

NOT_RETURNED = 1_000_000
"""Rank of a product that the decision does not name among its candidates."""
LEFT_OUT = 5


@dataclass(frozen=True)
class Report:
    references: int
    queries: int
    unknown_queries: int
    intervals: dict[str, Interval]
    further: dict[str, float]
    """`ece`: of the calibrated similarity, read as the chance that the first candidate is right; times."""

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {"references": self.references, "queries": self.queries}
        for name, interval in self.intervals.items():
            found |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        return found | self.further

    def rows(self) -> Iterator[tuple[str, str]]:
        yield from ((name, str(interval)) for name, interval in self.intervals.items())
        yield from ((name, f"{value:.3g}") for name, value in self.further.items())


@dataclass(frozen=True)
class Answer:
    """What a check said of one query."""

    product: str
    ranked: tuple[str, ...]
    cosine: float
    """Of the best candidate; −1 without one."""
    score: float
    """Its calibrated similarity; 0 without one."""
    milliseconds: float

    @property
    def rank(self) -> int:
        return self.ranked.index(self.product) + 1 if self.product in self.ranked else NOT_RETURNED


def evaluate_retrieval(
    manifest: Path, *, split: str, encoder_name: str, seed: int, settings: Settings
) -> Report:
    """Enrol the references, check every query of the split, and sum up.

    Where the manifest has no query of an unknown product, every fifth product is left out of a second house, so
    that its queries are unknown there.

    Raises:
        ManifestInvalid: the manifest cannot be used.
    """
    rows = read_retrieval(manifest)
    references = [row for row in rows if row.use is PictureUse.REFERENCE]
    queries = [row for row in rows if row.use is PictureUse.QUERY and split in ("", row.split)]
    if not references or not any(row.product for row in queries):
        raise ManifestInvalid(f"{manifest}: needs references, and queries of them in split {split!r}.")
    encoder = load_encoder(settings, encoder_name)
    with evaluation_house(settings, encoder) as house:
        names = _enrol(house, references)
        answers = _ask(house, queries, names, "checking")
    known = [answer for answer in answers if answer.product]
    unknown = [answer for answer in answers if not answer.product]
    if not unknown:
        with evaluation_house(settings, encoder) as house:
            known_there, unknown = _with_left_out(house, references, queries)
    else:
        known_there = known
    return _report(references, known, known_there, unknown, seed)


def _with_left_out(
    house: House, references: Sequence[Row], queries: Sequence[Row]
) -> tuple[list[Answer], list[Answer]]:
    left_out = set(sorted({row.product for row in references})[::LEFT_OUT])
    names = _enrol(house, [row for row in references if row.product not in left_out])
    answers = _ask(house, queries, names, "checking with every fifth product left out")
    return (
        [answer for answer in answers if answer.product not in left_out],
        [answer for answer in answers if answer.product in left_out],
    )


def _enrol(house: House, references: Sequence[Row]) -> dict[str, str]:
    """Each product as one of a single brand; the answer has product ids with their names."""
    owner = Role.BRAND_OWNER
    brand = house.post(owner, "/v1/brands", json={"name": "evaluation"})["id"]
    ids: dict[str, str] = {}
    for row in track(references, description="enrolling"):
        if row.product not in ids:
            product = {"sku": row.product, "name": row.product, "category": "any"}
            ids[row.product] = house.post(owner, f"/v1/brands/{brand}/products", json=product)["id"]
        files = {"file": (row.path.name, row.path.read_bytes())}
        address = f"/v1/products/{ids[row.product]}/references"
        house.post(owner, address, files=files, data={"view": "catalogue"})
    return {product_id: name for name, product_id in ids.items()}


def _ask(house: House, queries: Sequence[Row], names: dict[str, str], what: str) -> list[Answer]:
    return [_answer(house, at, row, names) for at, row in enumerate(track(queries, description=what))]


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
    candidates = record["candidates"]
    return Answer(
        product=row.product,
        ranked=tuple(names[candidate["product_id"]] for candidate in candidates),
        cosine=candidates[0]["cosine"] if candidates else -1.0,
        score=candidates[0]["score"] if candidates else 0.0,
        milliseconds=took,
    )


def _report(
    references: Sequence[Row],
    known: Sequence[Answer],
    known_there: Sequence[Answer],
    unknown: Sequence[Answer],
    seed: int,
) -> Report:
    ranks = np.array([answer.rank for answer in known])
    times = np.array([answer.milliseconds for answer in known])
    intervals = {
        "r_at_1": bootstrap(partial(recall_at, k=1), ranks, seed=seed),
        "r_at_5": bootstrap(partial(recall_at, k=5), ranks, seed=seed),
        "map": bootstrap(mean_average_precision, ranks, seed=seed),
    }
    if unknown:
        intervals["auroc_unknown"] = bootstrap(
            auroc, _cosines(known_there), _cosines(unknown), seed=seed, rounds=200
        )
    asked = [*known_there, *unknown]
    scores, right = np.array([each.score for each in asked]), np.array([each.rank == 1 for each in asked])
    calibration = {"ece": expected_calibration_error(scores, right)}
    milliseconds = {"p50_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95))}
    return Report(len(references), len(known), len(unknown), intervals, calibration | milliseconds)


def _cosines(answers: Sequence[Answer]) -> NDArray[np.float64]:
    return np.array([answer.cosine for answer in answers])
