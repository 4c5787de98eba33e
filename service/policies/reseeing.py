"""Recorded decisions seen with another calibration, or their kept pictures with another encoder.

What is seen anew is S1 by likeness: which brands the pictures resemble, and how strongly. Everything else stays as it
was recorded: marks, copies (proven by keypoints, which know no encoder), text, price, seller. Parts of pictures are
not cut out again, and what a check would have asked of a brand that only now is seen (its price, its authorised
sellers) was not asked then; both are said with the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from model.scoring.identity import IdentityCalibration
from service.policies.replaying import CannotReplay, Seeing, Seen
from service.screening.findings import Findings
from service.screening.policy import Policy
from service.screening.record import DecisionRecord
from service.screening.rules.identity import ReferenceMatch, identity_signals, of_nearest_brands
from service.screening.signals import Signal, SignalCode, Strength

Matching = Callable[[DecisionRecord], Sequence[ReferenceMatch]]
"""What each whole picture of a decision resembles now. Raises CannotReplay."""


def with_calibration(calibration: IdentityCalibration) -> Seeing:
    """Score the recorded cosines anew; only decisions of the calibration's own encoder can be."""

    def seeing(record: DecisionRecord, policy: Policy) -> Seen:
        if not _searched(record):
            return Seen(record.findings)
        fingerprint = record.versions.encoder_fingerprint
        if fingerprint != calibration.fingerprint:
            raise CannotReplay(f"it was made with encoder {fingerprint}, and the calibration is of another")
        return _seen(record, policy, _rescored(record, calibration), f"calibration {calibration.version}")

    return seeing


def with_encoder(name: str, matching: Matching) -> Seeing:
    """Look at the kept pictures with another encoder."""

    def seeing(record: DecisionRecord, policy: Policy) -> Seen:
        if not _searched(record):
            return Seen(record.findings)
        parts = [_match(each, None) for each in record.findings.signals if _of_a_part(each)]
        return _seen(record, policy, [*matching(record), *parts], f"encoder {name}")

    return seeing


def _searched(record: DecisionRecord) -> bool:
    return record.findings.in_time and record.findings.index_ready


def _seen(record: DecisionRecord, policy: Policy, matches: Iterable[ReferenceMatch], by: str) -> Seen:
    own = [each for each in record.findings.signals if not _by_likeness(each)]
    before = [each for each in record.findings.signals if _by_likeness(each)]
    after = identity_signals(of_nearest_brands(matches), policy.thresholds.identity)
    return Seen(_with(record.findings, [*after, *own]), tuple(_differences(before, after, by)))


def _with(findings: Findings, signals: Sequence[Signal]) -> Findings:
    return replace(findings, signals=tuple(signals))


def _rescored(record: DecisionRecord, calibration: IdentityCalibration) -> list[ReferenceMatch]:
    """Of the best reference of each product, and of those that S1 rested on; others were not recorded."""
    matches = [_match(each, calibration) for each in record.findings.signals if _by_likeness(each)]
    places = {(each.reference_id, each.picture, each.box) for each in matches}
    others = (
        ReferenceMatch(
            each.brand_id,
            each.product_id,
            each.reference_id,
            each.picture,
            each.cosine,
            calibration.probability(each.cosine),
            each.box,
        )
        for each in record.candidates
        if (each.reference_id, each.picture, each.box) not in places
    )
    return [*matches, *others]


def _by_likeness(signal: Signal) -> bool:
    """S1 from a reference; marks give S1 too, and know no cosine."""
    return signal.code is SignalCode.S1 and isinstance(signal.evidence.get("cosine"), int | float)


def _of_a_part(signal: Signal) -> bool:
    return _by_likeness(signal) and "box" in signal.evidence


def _match(signal: Signal, calibration: IdentityCalibration | None) -> ReferenceMatch:
    """As it was recorded where no calibration is given."""
    evidence = signal.evidence
    cosine, box = float(str(evidence["cosine"])), evidence.get("box")
    return ReferenceMatch(
        brand_id=signal.brand_id or "",
        product_id=str(evidence["product_id"]),
        reference_id=str(evidence["reference_id"]),
        picture=signal.picture or 0,
        cosine=cosine,
        score=calibration.probability(cosine) if calibration else float(str(evidence["score"])),
        box=_box(box) if isinstance(box, list) else None,
    )


def _box(sides: Sequence[object]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(str(side)) for side in sides)
    return left, top, right, bottom


def _differences(before: Sequence[Signal], after: Sequence[Signal], by: str) -> Iterable[str]:
    was = {each.brand_id: each for each in before}
    now = {each.brand_id: each for each in after}
    for brand in sorted({*was, *now}, key=str):
        then, since = was.get(brand), now.get(brand)
        if _strength(then) is not _strength(since):
            yield f"S1 of {brand} is {_words(since)} by {by}; before, it was {_words(then)}"
        if then is None:
            yield f"price and authorised sellers of {brand} were not looked up, as it was not seen before"


def _strength(signal: Signal | None) -> Strength:
    return signal.strength if signal else Strength.NONE


def _words(signal: Signal | None) -> str:
    if signal is None:
        return "none"
    return f"{signal.strength.name.lower()} at {float(str(signal.evidence['score'])):.2f}"
