"""Which stored picture stands beside which picture of the listing, with what matches outlined on both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from model.products import Verdict
from service.evidence.drawing import Matched
from service.evidence.service import Original
from service.pages.language import N_
from service.screening.record import DecisionRecord, Region
from service.screening.signals import Signal, SignalCode

MOST = 4
_GENUINE = N_("Genuine reference")
_CONFIRMED = N_("Photo of a confirmed counterfeit")


@dataclass(frozen=True)
class Pair:
    picture: int
    sha256: str
    original_id: str
    brand_id: str | None
    title: str
    """What the stored picture is, in words of the source language."""
    on_picture: tuple[Region, ...] = ()
    on_original: tuple[Region, ...] = ()


def pairs_of(record: DecisionRecord, originals: Mapping[str, Original]) -> list[Pair]:
    """The most telling first: confirmed counterfeits, copied references, then what is nearest."""
    found: dict[tuple[int, str], Pair] = {}
    for pair in _all(record):
        if pair.original_id in originals:
            found.setdefault((pair.picture, pair.original_id), pair)
    return list(found.values())[:MOST]


def _all(record: DecisionRecord) -> Iterator[Pair]:
    for code, key, title in (
        (SignalCode.S3, "counterfeit_id", _CONFIRMED),
        (SignalCode.S2, "reference_id", _GENUINE),
    ):
        for signal in _moving(record, code, key):
            matched = Matched.of(signal.evidence) or Matched((), ())
            yield _pair(record, signal, key, title, matched)
    for each in record.shown:
        if each.verdict is not Verdict.UNKNOWN:
            digest = record.pictures[each.picture].sha256
            yield Pair(
                each.picture,
                digest,
                each.reference_id,
                each.brand_id,
                _GENUINE,
                _some(each.query_region),
                _some(each.reference_region),
            )
    for signal in _moving(record, SignalCode.S1, "reference_id"):
        yield _pair(record, signal, "reference_id", _GENUINE, Matched(_box(signal), ()))


def _moving(record: DecisionRecord, code: SignalCode, key: str) -> list[Signal]:
    return [
        each
        for each in record.findings.signals
        if each.code is code and each.strength and each.picture is not None and each.evidence.get(key)
    ]


def _pair(record: DecisionRecord, signal: Signal, key: str, title: str, matched: Matched) -> Pair:
    picture = signal.picture or 0
    return Pair(
        picture,
        record.pictures[picture].sha256,
        str(signal.evidence[key]),
        signal.brand_id,
        title,
        _some(matched.picture),
        _some(matched.original),
    )


def _some(region: Region) -> tuple[Region, ...]:
    return (region,) if region else ()


def _box(signal: Signal) -> Region:
    box = signal.evidence.get("box")
    if not isinstance(box, list) or len(box) != 4:
        return ()
    left, top, right, bottom = (float(str(each)) for each in box)
    return ((left, top), (right, top), (right, bottom), (left, bottom))
