"""Replay with another calibration: likeness is scored anew, everything else stays, and what is missing is said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pydantic import JsonValue

from model.scoring.identity import IdentityCalibration
from service.policies.replaying import CannotReplay, Change, compare
from service.policies.reseeing import with_calibration, with_encoder
from service.policies.service import shipped_policy
from service.screening.findings import Findings
from service.screening.policy import decide
from service.screening.record import Band, Candidate, DecisionRecord, Versions
from service.screening.rules.identity import ReferenceMatch
from service.screening.signals import Signal, SignalCode, Strength


def calibration(even_at: float, fingerprint: str = "enc") -> IdentityCalibration:
    """Even odds at that cosine."""
    return IdentityCalibration(fingerprint, f"even-at-{even_at}", 40.0, -40.0 * even_at, "by hand", 0)


def likeness(strength: Strength, cosine: float, brand: str = "brd_a") -> Signal:
    evidence: dict[str, JsonValue] = {
        "product_id": "prd",
        "reference_id": f"ref_{brand}",
        "score": 0.95,
        "cosine": cosine,
    }
    return Signal(SignalCode.S1, strength, brand, 0, evidence)


CHEAP = Signal(SignalCode.S6, Strength.STRONG, "brd_a", evidence={"ratio": 0.1})
MARK = Signal(SignalCode.S1, Strength.STRONG, "brd_a", 0, {"mark_id": "mrk", "score": 0.99})


def decided(*signals: Signal, candidates: Sequence[Candidate] = ()) -> DecisionRecord:
    findings = Findings(pictures=1, signals=signals)
    versions = Versions(
        encoder="dummy", encoder_fingerprint="enc", index_revision=0, policy="listing-2026-11",
        policy_digest=shipped_policy().digest, calibration="c",
    )  # fmt: skip
    return DecisionRecord(
        id="dec", listing_id="lst", caller_reference=None, tenant_id="ten", decided_at="2026-11-01T00:00:00Z",
        outcome=decide(shipped_policy(), findings), findings=findings, pictures=(), candidates=tuple(candidates),
        versions=versions, timings_ms={}, budget_ms=1,
    )  # fmt: skip


def candidate(brand: str, cosine: float) -> Candidate:
    return Candidate(
        brand_id=brand, product_id=f"prd_{brand}", reference_id=f"ref_{brand}", picture=0, cosine=cosine,
        score=0.1, band=Band.WEAK,
    )  # fmt: skip


def replayed(record: DecisionRecord, scored: IdentityCalibration) -> Change | None:
    return compare(record, shipped_policy(), {}, with_calibration(scored))


def test_a_brand_that_is_less_surely_seen_is_no_longer_reviewed() -> None:
    change = replayed(decided(likeness(Strength.STRONG, 0.9), CHEAP), calibration(0.9))
    assert change is not None
    assert (change.was.rule, change.would_be.rule) == ("10", "14")
    assert change.why[0] == "S1 of brd_a is none by calibration even-at-0.9; before, it was strong at 0.95"


def test_the_same_calibration_changes_nothing() -> None:
    assert replayed(decided(likeness(Strength.STRONG, 0.9), CHEAP), calibration(0.8)) is None


def test_a_brand_that_was_under_the_bar_is_seen_and_what_was_not_looked_up_is_said() -> None:
    change = replayed(decided(candidates=[candidate("brd_b", 0.8)]), calibration(0.7))
    assert change is not None
    assert (change.was.rule, change.would_be.rule) == ("15", "14")
    assert "price and authorised sellers of brd_b were not looked up, as it was not seen before" in change.why


def test_a_brand_behind_the_nearest_one_is_not_seen_by_a_generous_calibration() -> None:
    record = decided(candidates=[candidate("brd_b", 0.8), candidate("brd_c", 0.79)])
    change = replayed(record, calibration(0.5))
    assert change is not None
    assert change.would_be.brand_id == "brd_b"
    assert not any("brd_c" in each for each in change.why)


def test_what_a_mark_showed_stays() -> None:
    assert replayed(decided(MARK, CHEAP), calibration(0.99)) is None


def test_a_decision_of_another_encoder_cannot_be_scored_anew() -> None:
    with pytest.raises(CannotReplay, match="another"):
        replayed(decided(likeness(Strength.STRONG, 0.9)), calibration(0.9, fingerprint="other"))


def test_a_check_that_was_not_done_in_time_stays_as_it_was() -> None:
    record = decided()
    late = record.model_copy(update={"findings": Findings(pictures=1, in_time=False)})
    pending = late.model_copy(update={"outcome": decide(shipped_policy(), late.findings)})
    assert replayed(pending, calibration(0.9, fingerprint="other")) is None


def test_another_encoder_sees_other_brands() -> None:
    match = ReferenceMatch("brd_b", "prd", "ref_b", 0, 0.9, 0.97)
    seeing = with_encoder("other", lambda record: [match])
    change = compare(decided(likeness(Strength.STRONG, 0.9), CHEAP), shipped_policy(), {}, seeing)
    assert change is not None
    assert change.would_be.rule == "14"
    assert "S1 of brd_b is strong at 0.97 by encoder other; before, it was none" in change.why
