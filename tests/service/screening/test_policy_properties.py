"""What holds of the first policy whatever was found."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.screening.conditions import witnesses
from service.screening.findings import Findings, RuleStatus, views
from service.screening.outcome import Decision, Priority, sampled
from service.screening.policy import UnknownRule, decide, severity
from service.screening.record import PolicyMismatch, read_record, replay
from service.screening.signals import Signal, SignalCode, Strength

from .strategies import BRANDS, POLICY, findings, grave_findings, record_of

SUSPICIOUS = [code for code in SignalCode if code.family.is_evidence and code is not SignalCode.S8]


@given(findings)
def test_first_rule_that_matches_and_may_act_wins_for_the_brand(found: Findings) -> None:
    outcome = decide(POLICY, found)
    view = next(each for each in views(found) if each.brand_id == outcome.brand_id)
    for rule in POLICY.rules:
        in_shadow = found.rule_status.get(rule.id, rule.status) is RuleStatus.SHADOW
        if witnesses(rule.condition, view) is not None and (rule.otherwise or not in_shadow):
            assert outcome.rule == rule.id
            return
    pytest.fail("no rule matched")


@given(grave_findings)
def test_block_has_its_right_its_status_and_its_precision(found: Findings) -> None:
    outcome = decide(POLICY, found)
    if outcome.decision is not Decision.BLOCK:
        return
    assert outcome.brand_id in found.auto_block_brands
    assert found.rule_status[outcome.rule] is RuleStatus.LIVE
    if outcome.rule != "6":
        assert any(
            (each.rule, each.brand_id) == (outcome.rule, outcome.brand_id)
            and each.labelled >= 300
            and each.lower_bound >= 0.99
            for each in found.precision
        )


@given(findings | grave_findings)
def test_block_and_high_review_rest_on_two_families_about_one_brand(found: Findings) -> None:
    outcome = decide(POLICY, found)
    if outcome.decision is Decision.BLOCK or outcome.priority is Priority.HIGH:
        assert len(_families(found, outcome.brand_id)) >= 2


@given(findings | grave_findings, st.sampled_from(sorted({code.family for code in SUSPICIOUS})))
def test_one_family_alone_neither_blocks_nor_reviews_high(found: Findings, family: str) -> None:
    only = tuple(each for each in found.signals if each.code.family in (family, "gate", "auth"))
    outcome = decide(POLICY, replace(found, signals=only))
    assert outcome.decision is not Decision.BLOCK
    assert outcome.priority is not Priority.HIGH


@given(findings)
def test_undone_check_is_never_allowed(found: Findings) -> None:
    for undone in (replace(found, in_time=False), replace(found, index_ready=False)):
        assert decide(POLICY, undone).decision is Decision.REVIEW_PENDING


@given(findings, st.sampled_from(SUSPICIOUS), st.sampled_from(BRANDS), st.sampled_from([1, 2]))
def test_more_suspicion_never_makes_it_milder(
    found: Findings, code: SignalCode, brand: str, strength: int
) -> None:
    """With rules at their file's status. A block and a high review count as one step: they differ by safeguards."""
    found = replace(found, rule_status={})
    more = replace(found, signals=(*found.signals, Signal(code, Strength(strength), brand)))
    assert min(severity(decide(POLICY, more)), 5) >= min(severity(decide(POLICY, found)), 5)


@given(findings)
def test_evidence_against_two_brands_is_never_added_up(found: Findings) -> None:
    """What a listing gets is what the findings about one of its brands alone would give."""
    outcome = decide(POLICY, found)
    own = tuple(each for each in found.signals if each.brand_id in (None, outcome.brand_id))
    names = found.text_names & {outcome.brand_id or ""}
    alone = decide(POLICY, replace(found, signals=own, text_names=frozenset(names)))
    assert replace(alone, would_have=()) == replace(outcome, would_have=())


@given(findings, st.randoms(use_true_random=False))
def test_order_of_signals_does_not_matter(found: Findings, shuffler: random.Random) -> None:
    shuffled = list(found.signals)
    shuffler.shuffle(shuffled)
    assert decide(POLICY, replace(found, signals=tuple(shuffled))) == decide(POLICY, found)


@given(findings)
def test_record_survives_json_and_replays(found: Findings) -> None:
    record = record_of(found)
    again = read_record(record.canonical())
    assert again.canonical() == record.canonical()
    assert replay(again, POLICY) == record.outcome


def test_record_is_not_replayed_with_another_policy() -> None:
    other = POLICY.model_copy(update={"digest": "0" * 64})
    with pytest.raises(PolicyMismatch, match="load that file"):
        replay(record_of(Findings(pictures=1)), other)


def test_price_signal_of_one_brand_says_nothing_of_another() -> None:
    signals = (
        Signal(SignalCode.S1, Strength.STRONG, "brd_alpha"),
        Signal(SignalCode.S6, Strength.STRONG, "brd_beta"),
    )
    assert decide(POLICY, Findings(pictures=1, signals=signals)).decision is Decision.ALLOW


def test_authorisation_by_one_brand_does_not_cover_another() -> None:
    signals = (
        Signal(SignalCode.S5, Strength.STRONG, "brd_alpha"),
        Signal(SignalCode.S1, Strength.STRONG, "brd_beta"),
        Signal(SignalCode.S6, Strength.STRONG, "brd_beta"),
    )
    outcome = decide(POLICY, Findings(pictures=1, signals=signals))
    assert (outcome.rule, outcome.brand_id) == ("10", "brd_beta")


def test_resemblance_on_a_picture_that_cannot_be_judged_does_not_count() -> None:
    signals = (
        Signal(SignalCode.S0, Strength.STRONG, None, 0),
        Signal(SignalCode.S1, Strength.STRONG, "brd_alpha", 0),
    )
    assert decide(POLICY, Findings(pictures=2, signals=signals)).rule == "15"


def test_verified_copy_counts_on_a_picture_that_cannot_be_judged() -> None:
    signals = (
        Signal(SignalCode.S0, Strength.STRONG, None, 0),
        Signal(SignalCode.S2, Strength.STRONG, "brd_alpha", 0),
        Signal(SignalCode.S2, Strength.WEAK, "brd_beta", 0),
    )
    outcome = decide(POLICY, Findings(pictures=2, signals=signals))
    assert (outcome.rule, outcome.brand_id) == ("9", "brd_alpha")


def test_pictures_named_are_those_of_the_reasons_and_the_brand() -> None:
    signals = (
        Signal(SignalCode.S2, Strength.STRONG, "brd_alpha", 2),
        Signal(SignalCode.S1, Strength.WEAK, "brd_alpha", 1),
        Signal(SignalCode.S2, Strength.WEAK, "brd_beta", 0),
    )
    assert decide(POLICY, Findings(pictures=3, signals=signals)).pictures == (2,)


@pytest.mark.parametrize("rule", ["99", "1", "15"])
def test_status_of_a_rule_that_cannot_have_it_is_refused(rule: str) -> None:
    with pytest.raises(UnknownRule, match="Correct the rule statuses"):
        decide(POLICY, Findings(pictures=1, rule_status={rule: RuleStatus.SHADOW}))


def test_share_of_decisions_is_sampled_by_their_id() -> None:
    ids = [f"dec_{number}" for number in range(20_000)]
    chosen = {each for each in ids if sampled(each, 0.01)}
    assert 140 <= len(chosen) <= 260  # 200 ± 4.3 standard deviations
    assert chosen == {each for each in ids if sampled(each, 0.01)}
    assert all(sampled(each, 1.0) for each in ids)
    assert not any(sampled(each, 0.0) for each in ids)


def _families(found: Findings, brand: str | None) -> set[str]:
    return {
        each.code.family
        for each in found.signals
        if each.strength and each.code.family.is_evidence and each.brand_id in (None, brand)
    }
