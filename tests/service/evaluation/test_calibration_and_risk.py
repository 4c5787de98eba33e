"""Evaluations of probabilities and promises, on markets whose truth is drawn; one short day on the kit itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from typer.testing import CliRunner

from model.evaluation.kit import Truth
from model.scoring.calibration import Calibration, Method
from model.scoring.findings import FindingModel, shipped
from service.cli import app
from service.evaluation.calibration import at_prevalence, calibration_figures
from service.evaluation.drift_null import measured_null
from service.evaluation.findings_fit import fit_findings
from service.evaluation.risk import risk_figures
from service.evaluation.traffic import Judged, day
from service.screening.findings import Findings
from service.screening.outcome import Action, Decision, Outcome, ReasonCode
from service.screening.record import DecisionRecord, Versions
from service.screening.signals import Signal, SignalCode, Strength
from service.settings import Settings

MODEL = FindingModel("test", {}, Calibration(Method.PLATT, 0.5, 100, slope=2.0, intercept=0.0), {})


def market(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=count) * 2
    return scores, rng.random(count) < expit(2 * scores)


@pytest.mark.parametrize("prevalence", [0.01, 0.1, 0.5])
def test_a_prevalence_is_made_by_leaving_out(prevalence: float) -> None:
    right = np.arange(1000) % 9 < 4
    drawn = at_prevalence(right, prevalence, np.random.default_rng(0))
    assert len(set(drawn)) == len(drawn)
    assert right[drawn].mean() == pytest.approx(prevalence, rel=0.2)


def test_errors_are_small_where_the_prior_is_carried_over_and_large_where_not() -> None:
    figures = calibration_figures(*market(3000, 1), MODEL, halves=3, seed=0)
    assert float(figures["ece"]) < 0.05
    assert float(figures["ece_1pct"]) < float(figures["ece_1pct_estimated"]) + 0.05
    assert float(figures["ece_1pct_uncorrected"]) > 5 * float(figures["ece_1pct"])
    assert figures["ece"] == max(float(figures[f"ece_{name}"]) for name in ("1pct", "10pct", "50pct"))


def test_promises_are_kept_on_drawn_markets_and_often_not_given_on_small_halves() -> None:
    figures = risk_figures(*market(1200, 2), rounds=40, drawn=5000, seed=0)
    assert float(figures["risk_given"]) < float(figures["risk_given_drawn"])
    assert float(figures["risk_broken_10pct_drawn_low"]) <= 0.05


def test_without_a_change_there_is_hardly_an_alarm_and_a_large_shift_is_found() -> None:
    figures = measured_null(days=100, seed=0)
    assert int(figures["false_alarms"]) <= 1
    assert float(figures["found_shift_0.5"]) == 1.0


def judged(truth: Truth, *signals: Signal) -> Judged:
    outcome = Outcome(
        Decision.ALLOW, "15", None, (ReasonCode.N_NONE,), Action.NONE, False, 0.0, "brd_a"
    )  # fmt: skip
    versions = Versions(
        encoder="dummy", encoder_fingerprint="enc", index_revision=0, policy="p", policy_digest="d", calibration="c"
    )  # fmt: skip
    record = DecisionRecord(
        id="dec", listing_id="lst", caller_reference=None, tenant_id="ten", decided_at="2026-11-01T00:00:00Z",
        outcome=outcome, findings=Findings(pictures=1, signals=signals), pictures=(), candidates=(),
        versions=versions, timings_ms={}, budget_ms=1,
    )  # fmt: skip
    return Judged(truth, record)


def test_weights_follow_the_truth_and_what_never_occurs_keeps_its_start() -> None:
    cheap = Signal(SignalCode.S6, Strength.STRONG, "brd_a", evidence={"ratio": 0.1})
    listings = [judged(Truth.COUNTERFEIT, cheap), judged(Truth.GENUINE_RESALE)] * 60
    fitted = fit_findings(listings, "v", "command", 0)
    assert fitted.weights["S6"] > 2.0
    assert fitted.weights["S13"] == 1.5
    assert fitted.source["listings"] == 120


def test_another_brands_evidence_adds_nothing() -> None:
    cheap = Signal(SignalCode.S6, Strength.STRONG, "brd_b", evidence={"ratio": 0.1})
    listings = [judged(Truth.COUNTERFEIT, cheap), judged(Truth.GENUINE_RESALE)] * 60
    assert fit_findings(listings, "v", "command", 0).weights["S6"] == 2.0


def test_the_kit_that_was_fitted_on_is_refused() -> None:
    seed = str(shipped().source["seed"])
    done = CliRunner().invoke(app, ["evaluate", "risk", "--seed", seed])
    assert done.exit_code == 2
    assert "take another" in done.output


@pytest.mark.long
def test_a_day_is_kept_and_continued(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", threads=1, _env_file=None)
    cache = tmp_path / "day.jsonl"
    first = day(1, 4, "bundled", settings, cache)
    both = day(1, 6, "bundled", settings, cache)
    assert [each.record.id for each in both[:4]] == [each.record.id for each in first]
    assert {each.truth for each in both} == set(Truth)
    assert day(1, 6, "bundled", settings, cache) == both
