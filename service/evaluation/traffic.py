"""A marketplace's day on the kit: brands enrolled from their ZIPs, listings checked, decisions read back.

Scores of one day serve many questions, so they may be kept in a file: one JSON object a line.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from model.encoders.base import Encoder
from model.evaluation.kit import Kit, KitListing, Truth, build_kit, listings
from model.evaluation.kit.traffic import Condition
from service.demo.catalogue import write_archives
from service.demo.pictures import as_jpeg
from service.encoding import load_encoder
from service.evaluation.house import House, Unexpected, evaluation_house
from service.jobs.models import FINISHED, JobState
from service.screening.record import DecisionRecord
from service.security.principals import Role
from service.settings import Settings

_WRONG = frozenset({Truth.COUNTERFEIT, Truth.KNOWN_COUNTERFEIT_REPOST, Truth.STOLEN_PHOTO})
_BUDGET_SECONDS = 120.0
_POLL_SECONDS = 0.2
_console = Console()


@dataclass(frozen=True)
class Judged:
    """One decision of the day, and what a person who knows the truth says of it."""

    truth: Truth
    record: DecisionRecord

    @property
    def is_finding(self) -> bool:
        """A counterfeit, a photo from a confirmed case, or a photo stolen from the brand."""
        return self.truth in _WRONG


def day(kit_seed: int, count: int, encoder_name: str, settings: Settings, cache: Path | None) -> list[Judged]:
    """Check so many listings of the kit, or read what an earlier run of the same day left in `cache`.

    A file with fewer listings is continued.
    """
    held = _read(cache) if cache is not None and cache.exists() else []
    if len(held) < count:
        with _appending(cache) as keep:
            for judged in _checked(
                kit_seed, count, len(held), load_encoder(settings, encoder_name), settings
            ):
                held.append(judged)
                keep(judged)
    return held[:count]


def truths(judged: Sequence[Judged]) -> NDArray[np.bool_]:
    return np.array([each.is_finding for each in judged])


class _appending:  # noqa: N801 - read as a verb where it is used
    """Writes each line at once, so that a run that is stopped loses nothing."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a") if path is not None else None

    def __enter__(self) -> _appending:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def __call__(self, judged: Judged) -> None:
        if self._file is not None:
            line = {"truth": judged.truth.value, "record": judged.record.model_dump(mode="json")}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()


def _read(path: Path) -> list[Judged]:
    return [_judged(json.loads(line)) for line in path.read_text().splitlines()]


def _judged(line: dict[str, Any]) -> Judged:
    return Judged(Truth(line["truth"]), DecisionRecord.model_validate(line["record"]))


def _checked(seed: int, count: int, done: int, encoder: Encoder, settings: Settings) -> Iterator[Judged]:
    kit = build_kit(seed)
    own = settings.model_copy(update={"check_budget_seconds": _BUDGET_SECONDS, "job_workers": 1})
    with evaluation_house(own, encoder) as house:
        _enrol(house, kit)
        for at, listing in enumerate(track(listings(kit, seed, count), description="checking", total=count)):
            if at >= done:
                yield Judged(listing.truth, _check(house, listing))


def _enrol(house: House, kit: Kit) -> None:
    """Each brand's ZIP, as its owner would send it; rows that the service refuses stay out."""
    with tempfile.TemporaryDirectory(prefix="mizugiwa-kit-") as folder:
        for archive in track(
            write_archives(kit, Path(folder)), description="enrolling", total=len(kit.brands)
        ):
            sent = house.post(
                Role.BRAND_OWNER, "/v1/enrolments", files={"archive": ("kit.zip", archive.path.read_bytes())}
            )
            _wait(house, sent["job_id"])


def _wait(house: House, job_id: str) -> None:
    while True:
        job = house.get(Role.BRAND_OWNER, f"/v1/jobs/{job_id}")
        if job["state"] in FINISHED:
            break
        time.sleep(_POLL_SECONDS)
    if job["state"] != JobState.DONE:
        raise Unexpected(f"Enrolment {job_id} ended as {job['state']}: {job['errors'][:3]} {job['failure']}")
    for error in job["errors"]:
        _console.print(f"not enrolled, as its owner would be told: {error['message']}", markup=False)


def _check(house: House, listing: KitListing) -> DecisionRecord:
    files = [("pictures", (f"{at}.jpg", as_jpeg(each))) for at, each in enumerate(listing.photos)]
    decided = house.post(
        Role.PLATFORM, "/v1/listings/checks", data={"listing": json.dumps(_sent(listing))}, files=files
    )
    view = house.get(Role.AUDITOR, f"/v1/decisions/{decided['id']}")
    return DecisionRecord.model_validate(view["record"])


def _sent(listing: KitListing) -> dict[str, Any]:
    return {
        "reference": listing.reference,
        "seller": listing.seller,
        "title": listing.title,
        "description": listing.description,
        "price": listing.price,
        "currency": listing.currency,
        "condition": "new" if listing.condition is Condition.NEW else "used",
        "category": listing.category.value,
        "territory": "JP",
    }
