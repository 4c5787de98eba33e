"""From findings to an outcome: a pure function of a policy and what was found.

Rules are tried in their order for each brand that evidence speaks of, so that the evidence against one brand never
adds to that of another; of the brands' outcomes the most severe is the listing's (decision record 0050).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.screening.conditions import Witness, witnesses
from service.screening.findings import BrandView, Findings, RuleStatus, views
from service.screening.outcome import (
    BlockNeed,
    Decision,
    Outcome,
    Priority,
    ReasonCode,
    WouldHave,
)
from service.screening.policy_file import InShadow, Policy, PolicyInvalid, Result, Rule, load_policy
from service.screening.signals import SignalCode, Strength

__all__ = ["Policy", "PolicyInvalid", "UnknownRule", "decide", "load_policy"]

_SEVERITY = {
    (Decision.REVIEW_PENDING, None): 7,
    (Decision.BLOCK, None): 6,
    (Decision.REVIEW, Priority.HIGH): 5,
    (Decision.REVIEW, Priority.NORMAL): 4,
    (Decision.REVIEW, Priority.LOW): 3,
    (Decision.NEEDS_DOCUMENTS, None): 2,
    (Decision.ALLOW, None): 0,
}


class UnknownRule(ValueError):
    def __init__(self, policy: Policy, rule: str, reason: str) -> None:
        super().__init__(
            f"The status of rule {rule!r} cannot be set: {reason}. "
            f"Correct the rule statuses, or load the policy they were meant for (this is {policy.version})."
        )


def decide(policy: Policy, findings: Findings) -> Outcome:
    """The outcome of the first rule that matches, for the brand where that is the most severe.

    Raises:
        UnknownRule: `findings.rule_status` names a rule that the policy lacks or that may not be put in shadow.
    """
    check_status(policy, findings)
    verdicts = [_verdict(policy, findings, view) for view in views(findings)]
    leading = min(verdicts, key=lambda verdict: verdict.rank)
    shadows = tuple(shadow for verdict in verdicts for shadow in verdict.outcome.would_have)
    return replace(leading.outcome, would_have=shadows)


def check_status(policy: Policy, findings: Findings) -> None:
    """Raises UnknownRule as `decide` does; for finding a wrong setting at start-up."""
    ids = [rule.id for rule in policy.rules]
    for rule, status in findings.rule_status.items():
        if rule not in ids:
            raise UnknownRule(policy, rule, "the policy has no such rule")
        if rule in (ids[0], ids[-1]) and status is RuleStatus.SHADOW:
            raise UnknownRule(policy, rule, "the first and the last rule are always live")


def severity(outcome: Outcome) -> int:
    """0 (allow) to 7 (review_pending); watched allows come before others."""
    return _SEVERITY[outcome.decision, outcome.priority] + (
        outcome.decision is Decision.ALLOW and outcome.watched
    )


@dataclass(frozen=True)
class _Verdict:
    outcome: Outcome
    rank: tuple[int, int, int, bool, str]


def _verdict(policy: Policy, findings: Findings, view: BrandView) -> _Verdict:
    shadows: list[WouldHave] = []
    for place, rule in enumerate(policy.rules):
        seen = witnesses(rule.condition, view)
        if seen is None:
            continue
        needs = _unmet(policy, rule, findings, view)
        if _would_change(rule, needs):
            shadows.append(WouldHave(rule.id, view.brand_id, rule.result.decision, rule.result.priority))
        if BlockNeed.OUT_OF_SHADOW not in needs or rule.in_shadow is InShadow.OTHERWISE:
            outcome = _outcome(rule, view, needs, _codes(policy, rule, seen))
            outcome = replace(outcome, pictures=_pictures(policy, findings, outcome))
            return _Verdict(replace(outcome, would_have=tuple(shadows)), _rank(outcome, place, view))
    raise AssertionError("a loaded policy ends with a rule that always matches")


def _unmet(policy: Policy, rule: Rule, findings: Findings, view: BrandView) -> tuple[BlockNeed, ...]:
    """Needs that are not met; for a rule that does not block only the shadow counts.

    That what is seen is stable no policy file can do without: a block must not hang on how a picture was saved.
    """
    held = {
        BlockNeed.OUT_OF_SHADOW: findings.rule_status.get(rule.id, rule.status) is RuleStatus.LIVE,
        BlockNeed.BRAND_RIGHT: view.brand_id in findings.auto_block_brands,
        BlockNeed.PRECISION: _precise(policy, rule, findings, view),
        BlockNeed.STABLE: view.strength(SignalCode.S10) is Strength.NONE,
    }
    asked = {BlockNeed.OUT_OF_SHADOW, *rule.block_needs}
    if rule.result.decision is Decision.BLOCK:
        asked.add(BlockNeed.STABLE)
    return tuple(need for need, met in held.items() if need in asked and not met)


def _precise(policy: Policy, rule: Rule, findings: Findings, view: BrandView) -> bool:
    bar = policy.precision
    return any(
        measured.rule == rule.id
        and measured.brand_id == view.brand_id
        and measured.labelled >= bar.labelled
        and measured.lower_bound >= bar.lower_bound
        for measured in findings.precision
    )


def _would_change(rule: Rule, needs: tuple[BlockNeed, ...]) -> bool:
    """Whether leaving the shadow alone would make the rule do something else than it does now."""
    return needs == (BlockNeed.OUT_OF_SHADOW,)


def _outcome(
    rule: Rule, view: BrandView, needs: tuple[BlockNeed, ...], codes: tuple[ReasonCode, ...]
) -> Outcome:
    result: Result = rule.otherwise if needs and rule.otherwise else rule.result
    return Outcome(
        decision=result.decision,
        rule=rule.id,
        priority=result.priority,
        codes=codes,
        action_required=result.action,
        watched=result.watched,
        sample_rate=result.sample_rate,
        brand_id=view.brand_id,
        withheld=needs if rule.otherwise else (),
    )


def _codes(policy: Policy, rule: Rule, seen: frozenset[Witness]) -> tuple[ReasonCode, ...]:
    """The rule's codes whose ground was a witness; N-NONE when none of them was."""
    codes = tuple(code for code in rule.codes if policy.grounds[code] in seen)
    return codes or (ReasonCode.N_NONE,)


def _pictures(policy: Policy, findings: Findings, outcome: Outcome) -> tuple[int, ...]:
    grounds = {policy.grounds[code] for code in outcome.codes}
    told = (
        signal.picture
        for signal in findings.signals
        if signal.code in grounds and signal.strength and signal.brand_id in (None, outcome.brand_id)
    )
    return tuple(sorted({picture for picture in told if picture is not None}))


def _rank(outcome: Outcome, place: int, view: BrandView) -> tuple[int, int, int, bool, str]:
    """Smallest leads: most severe, earliest rule, strongest evidence, a brand before none, then by id."""
    weight = sum(view.strengths.values())
    return -severity(outcome), place, -weight, view.brand_id is None, view.brand_id or ""
