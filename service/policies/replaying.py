"""What another policy, or other rules live, would have made of a decision, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from service.screening.findings import Findings, RuleStatus
from service.screening.outcome import Decision, Outcome, Priority, ReasonCode
from service.screening.policy import Policy, decide
from service.screening.record import DecisionRecord


@dataclass(frozen=True)
class Ending:
    """What of an outcome a seller or a reviewer would notice."""

    decision: Decision
    priority: Priority | None
    rule: str
    codes: tuple[ReasonCode, ...]
    brand_id: str | None

    @classmethod
    def of(cls, outcome: Outcome) -> Ending:
        return cls(outcome.decision, outcome.priority, outcome.rule, outcome.codes, outcome.brand_id)


@dataclass(frozen=True)
class Change:
    decision_id: str
    listing_id: str
    was: Ending
    would_be: Ending
    why: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What a check would have found, looked at again, and in which respects that differs."""

    findings: Findings
    why: tuple[str, ...] = ()


class CannotReplay(Exception):
    """The record, or what is kept beside it, does not suffice; the message says what is missing."""


Seeing = Callable[[DecisionRecord, Policy], Seen]
"""Raises CannotReplay."""


def as_recorded(record: DecisionRecord, policy: Policy) -> Seen:
    del policy
    return Seen(record.findings)


def compare(
    record: DecisionRecord,
    policy: Policy,
    rule_status: Mapping[str, RuleStatus],
    seeing: Seeing = as_recorded,
) -> Change | None:
    """Decide again on the recorded findings, or as they are seen now; None when the ending is the same.

    Raises:
        CannotReplay: they cannot be seen again.
        UnknownRule: `rule_status` names a rule that the policy lacks, or that may not be put in shadow.
    """
    seen = seeing(record, policy)
    outcome = decide(policy, replace(seen.findings, rule_status=dict(rule_status)))
    was, would_be = Ending.of(record.outcome), Ending.of(outcome)
    if was == would_be:
        return None
    why = (*seen.why, *_why(record, policy, outcome, rule_status))
    return Change(record.id, record.listing_id, was, would_be, why)


def _why(
    record: DecisionRecord, policy: Policy, outcome: Outcome, rule_status: Mapping[str, RuleStatus]
) -> tuple[str, ...]:
    found = list(_switched(record, outcome, policy, rule_status))
    if record.outcome.rule != outcome.rule:
        found.append(f"rule {outcome.rule} matches first; before, it was rule {record.outcome.rule}")
    if record.outcome.withheld != outcome.withheld:
        found.append(
            f"needs of a block that are not met: {_listed(outcome.withheld)}; "
            f"before: {_listed(record.outcome.withheld)}"
        )
    if policy.digest != record.versions.policy_digest:
        found.append(f"decided by policy {policy.version}; before, by {record.versions.policy}")
    return tuple(found)


def _switched(
    record: DecisionRecord, outcome: Outcome, policy: Policy, rule_status: Mapping[str, RuleStatus]
) -> list[str]:
    """Of the two rules that decided, those whose status differs from the one recorded."""
    own = {rule.id: rule.status for rule in policy.rules}
    now_ = own | dict(rule_status)
    before = own | dict(record.findings.rule_status)
    return [
        f"rule {rule} is {now_[rule]}; before, it was {before[rule]}"
        for rule in sorted({record.outcome.rule, outcome.rule} & own.keys())
        if now_[rule] != before[rule]
    ]


def _listed(needs: tuple[str, ...]) -> str:
    return ", ".join(needs) or "none"
