"""Which picture of an inspection is laid beside which original: what was found by itself comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

import service.counterfeits.service as counterfeits
import service.references.service as references
from model.products import Verdict
from service.errors import NotFound
from service.parcels.record import InspectionRecord
from service.parcels.views import best_candidates
from service.points.models import IdentificationPoint
from service.screening.signals import Signal, SignalCode

_MOST = 8
Region = Sequence[tuple[float, float]]


class Original(StrEnum):
    REFERENCE = "reference"
    COUNTERFEIT = "counterfeit"
    """A photo of a confirmed case."""
    STOPPED = "stopped"
    """The outside of an earlier stopped parcel."""


@dataclass(frozen=True)
class Pair:
    picture: int
    """Index in the inspection."""
    sha256: str
    original: Original
    original_id: str
    original_sha256: str
    picture_region: Region = ()
    original_region: Region = ()


def pairs_of(session: Session, record: InspectionRecord, points: Sequence[IdentificationPoint]) -> list[Pair]:
    """At most eight, each picture and original once."""
    found: dict[tuple[int, str], Pair] = {}
    facts = references.describe(session, record.tenant_id, sorted(_references(record, points)))
    known = counterfeits.describe(session, record.tenant_id, sorted(_counterfeits(record)))
    blobs = {each: fact.sha256 for each, fact in facts.items()}
    blobs |= {each: fact.sha256 for each, fact in known.items()}
    for pair in [
        *_copied(record),
        *_shown(record),
        *_alike(record),
        *_pointed(record, points),
        *_look(record),
    ]:
        sha256 = pair.original_sha256 or blobs.get(pair.original_id)
        if sha256 is not None:
            whole = Pair(**{**vars(pair), "original_sha256": sha256})
            found.setdefault((pair.picture, pair.original_id), whole)
    return list(found.values())[:_MOST]


def pair_at(pairs: Sequence[Pair], number: int) -> Pair:
    """Raises: NotFound: the inspection has fewer."""
    if not 0 <= number < len(pairs):
        raise NotFound(f"The inspection has no comparison {number}.")
    return pairs[number]


def _copied(record: InspectionRecord) -> Iterator[Pair]:
    for signal in sorted(record.findings.signals, key=lambda each: -each.strength):
        named = _named(signal)
        if named is None or signal.picture is None or not signal.strength:
            continue
        original, original_id = named
        here, there = (_region(signal.evidence.get(key)) for key in ("query_region", "reference_region"))
        yield _pair(record, signal.picture, original, original_id, here, there)


def _shown(record: InspectionRecord) -> Iterator[Pair]:
    for each in record.shown:
        if each.verdict is not Verdict.UNKNOWN:
            regions = each.query_region, each.reference_region
            yield _pair(record, each.picture, Original.REFERENCE, each.reference_id, *regions)


def _alike(record: InspectionRecord) -> Iterator[Pair]:
    for each in best_candidates(record):
        yield _pair(record, each.picture, Original.REFERENCE, each.reference_id, _corners(each.box))


def _pointed(record: InspectionRecord, points: Sequence[IdentificationPoint]) -> Iterator[Pair]:
    if record.findings.pictures:
        for each in points:
            yield _pair(record, 0, Original.REFERENCE, each.reference_id)


def _look(record: InspectionRecord) -> Iterator[Pair]:
    for each in record.look:
        yield _pair(record, each.picture, Original.STOPPED, each.parcel_id, sha256=each.sha256)


def _pair(
    record: InspectionRecord,
    picture: int,
    original: Original,
    original_id: str,
    picture_region: Region = (),
    original_region: Region = (),
    sha256: str = "",
) -> Pair:
    seen = record.pictures[picture].sha256
    return Pair(picture, seen, original, original_id, sha256, picture_region, original_region)


def _named(signal: Signal) -> tuple[Original, str] | None:
    for key, original in (("reference_id", Original.REFERENCE), ("counterfeit_id", Original.COUNTERFEIT)):
        found = signal.evidence.get(key)
        if isinstance(found, str) and signal.code in (SignalCode.S2, SignalCode.S3):
            return original, found
    return None


def _references(record: InspectionRecord, points: Sequence[IdentificationPoint]) -> set[str]:
    copied = {named[1] for signal in record.findings.signals if (named := _named(signal)) is not None}
    seen = {each.reference_id for each in record.shown} | {
        each.reference_id for each in best_candidates(record)
    }
    return copied | seen | {each.reference_id for each in points}


def _counterfeits(record: InspectionRecord) -> set[str]:
    named = [_named(signal) for signal in record.findings.signals]
    return {each[1] for each in named if each is not None and each[0] is Original.COUNTERFEIT}


def _corners(box: tuple[float, float, float, float] | None) -> Region:
    if box is None:
        return ()
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _region(found: object) -> Region:
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple((float(x), float(y)) for x, y in found)
