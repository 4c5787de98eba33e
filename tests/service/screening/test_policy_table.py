"""The first policy, row by row: which findings reach which rule, and what it decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.screening.findings import Findings, RulePrecision, RuleStatus
from service.screening.outcome import Action, BlockNeed, Decision, Priority, ReasonCode
from service.screening.policy import decide, load_policy
from service.screening.signals import Signal, SignalCode, Strength

POLICY = load_policy()
LIVE = {"6": RuleStatus.LIVE, "7": RuleStatus.LIVE, "8": RuleStatus.LIVE}


def listing(*signals: str, brand: str | None = "brd_a", **facts: Any) -> Findings:
    """Findings of a listing with one picture; `"S1!"` is strong, `"S1"` weak."""
    made = tuple(
        Signal(
            SignalCode(text.rstrip("!")), Strength.STRONG if text.endswith("!") else Strength.WEAK, brand, 0
        )
        for text in signals
    )
    return replace(Findings(pictures=1, signals=made), **facts)


def precise(rule: str, labelled: int = 300, lower_bound: float = 0.99) -> tuple[RulePrecision, ...]:
    return (RulePrecision(rule, "brd_a", labelled, lower_bound),)


RIGHT: dict[str, Any] = {"auto_block_brands": frozenset({"brd_a"}), "rule_status": LIVE}
ROWS = [
    ("1", listing("S1!", in_time=False), "review_pending", None, ["Q-TIMEOUT"]),
    ("1", listing("S5!", index_ready=False), "review_pending", None, ["Q-INDEX"]),
    ("1", listing(in_time=False, index_ready=False), "review_pending", None, ["Q-TIMEOUT", "Q-INDEX"]),
    ("2", listing("S0!", text_names=frozenset({"brd_a"})), "review", "normal", ["Q-PHOTO"]),
    ("2", listing("S0!", brand=None, text_names=frozenset({"brd_a"})), "review", "normal", ["Q-PHOTO"]),
    ("3", listing("S0!", brand=None), "allow", None, ["Q-PHOTO"]),
    ("3", listing(pictures=0), "allow", None, ["Q-PHOTO"]),
    ("4", listing("S5!", "S1!", "S6!", "S2!"), "allow", None, ["A-AUTH"]),
    ("4", listing("S5!", "S3"), "allow", None, ["A-AUTH"]),
    ("5", listing("S5!", "S3!", "S1!"), "review", "normal", ["A-AUTH", "K-COPY"]),
    ("6", listing("S3!", "S1", **RIGHT), "block", None, ["K-COPY", "I-BRAND"]),
    ("6", listing("S3!", "S1", rule_status=LIVE), "review", "high", ["K-COPY", "I-BRAND"]),
    ("7", listing("S9!", "S1!", "S6!", precision=precise("7"), **RIGHT), "block", None, None),
    ("7", listing("S9!", "S1!", "S7!", **RIGHT), "review", "high", ["S-HIST", "I-BRAND", "T-TEXT"]),
    ("8", listing("S1!", "S4!", "S6!", precision=precise("8"), **RIGHT), "block", None, None),
    ("8", listing("S1!", "S9!", "S12!", **RIGHT), "review", "high", ["I-BRAND", "S-HIST", "D-CODE"]),
    ("9", listing("S2!"), "review", "normal", ["C-REF"]),
    ("9", listing("S2!", "S1!", "S6!"), "review", "normal", ["C-REF"]),
    ("10", listing("S1!", "S6!"), "review", "normal", ["I-BRAND", "P-PRICE"]),
    ("10", listing("S1!", "S9!", "S6"), "review", "normal", ["I-BRAND", "S-HIST"]),
    ("11", listing("S10", "S1"), "review", "normal", ["X-UNSTABLE"]),
    ("12", listing("S7!"), "review", "low", ["T-TEXT"]),
    ("13", listing("S1!", gated_brands=frozenset({"brd_a"})), "needs_documents", None, ["D-GATED"]),
    (
        "13",
        listing("S1!", category="shoes", gated_categories=frozenset({"shoes"})),
        "needs_documents",
        None,
        ["D-GATED"],
    ),
    ("14", listing("S1!"), "allow", None, ["I-BRAND"]),
    ("14", listing("S1", "S6", "S9"), "allow", None, ["I-BRAND"]),
    ("14", listing("S9"), "allow", None, ["N-NONE"]),
    ("15", listing(), "allow", None, ["N-NONE"]),
]


@pytest.mark.parametrize(("rule", "findings", "decision", "priority", "codes"), ROWS)
def test_row_of_the_table(
    rule: str, findings: Findings, decision: str, priority: str | None, codes: list[str] | None
) -> None:
    outcome = decide(POLICY, findings)
    assert (outcome.rule, outcome.decision, outcome.priority) == (rule, decision, priority)
    if codes is not None:
        assert list(outcome.codes) == codes


def test_every_live_rule_is_reached_by_a_row() -> None:
    ids = {rule.id for rule in POLICY.rules} - {"counterfeit-copy-alone"}
    assert {row[0] for row in ROWS} == ids == {str(number) for number in range(1, 16)}


def test_rule_in_shadow_records_what_it_would_have_done() -> None:
    outcome = decide(POLICY, listing("S3!"))
    assert (outcome.rule, outcome.decision) == ("14", Decision.ALLOW)
    assert [(each.rule, each.decision) for each in outcome.would_have] == [
        ("counterfeit-copy-alone", Decision.REVIEW)
    ]


def test_block_of_a_rule_in_shadow_becomes_a_review_and_is_recorded() -> None:
    outcome = decide(POLICY, listing("S3!", "S1", auto_block_brands=frozenset({"brd_a"})))
    assert (outcome.decision, outcome.priority) == (Decision.REVIEW, Priority.HIGH)
    assert outcome.withheld == (BlockNeed.OUT_OF_SHADOW,)
    assert [each.decision for each in outcome.would_have] == [Decision.BLOCK]


@pytest.mark.parametrize(
    "measured",
    [
        precise("8", labelled=299),
        precise("8", lower_bound=0.9899),
        precise("7"),
        (RulePrecision("8", "brd_b", 1000, 1.0),),
    ],
)
def test_block_waits_for_enough_precision_of_that_very_rule_and_brand(
    measured: tuple[RulePrecision, ...],
) -> None:
    outcome = decide(POLICY, listing("S1!", "S4!", "S6!", precision=measured, **RIGHT))
    assert outcome.withheld == (BlockNeed.PRECISION,)
    assert outcome.priority is Priority.HIGH


@pytest.mark.parametrize("signals", [("S3!", "S1"), ("S9!", "S1!", "S6!"), ("S1!", "S4!", "S6!")])
def test_what_is_not_seen_in_every_rendering_is_never_blocked(signals: tuple[str, ...]) -> None:
    sure = (*precise("7"), *precise("8"))
    assert decide(POLICY, listing(*signals, precision=sure, **RIGHT)).decision is Decision.BLOCK
    outcome = decide(POLICY, listing(*signals, "S10", precision=sure, **RIGHT))
    assert (outcome.decision, outcome.priority) == (Decision.REVIEW, Priority.HIGH)
    assert outcome.withheld == (BlockNeed.STABLE,)


def test_photos_are_asked_for_when_none_can_be_judged() -> None:
    outcome = decide(POLICY, listing("S0!", text_names=frozenset({"brd_a"})))
    assert outcome.action_required is Action.SEND_PHOTOS


def test_allowed_brand_listings_are_watched_and_sampled() -> None:
    outcome = decide(POLICY, listing("S1!"))
    assert outcome.watched
    assert outcome.sample_rate == 0.01


def test_reason_is_of_what_played_a_part() -> None:
    outcome = decide(POLICY, listing("S9!", "S1!", "S6!", "S7", **RIGHT))
    assert ReasonCode.T_TEXT not in outcome.codes
