"""Policies, switches and replays as they cross the border."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.policies.models import PolicyFile, Switch, SwitchState
from service.policies.replaying import Change, Ending
from service.policies.service import InForce
from service.screening.findings import RuleStatus
from service.screening.outcome import Decision, Priority, ReasonCode
from service.screening.policy import Policy

Digest = Annotated[str, StringConstraints(min_length=1, max_length=64)]
RuleId = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
RuleStatuses = Annotated[dict[RuleId, RuleStatus], Field(max_length=100)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPolicy(_In):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2**20)]
    """The TOML file, whole."""


class NewSwitch(_In):
    """Either a rule with the status it shall have, or the digest of a policy file that shall decide."""

    rule: RuleId | None = None
    status: RuleStatus | None = None
    policy: Digest | None = None
    reason: Reason

    @model_validator(mode="after")
    def _is_one_of_the_two(self) -> Self:
        if (self.rule is None) != (self.status is None) or (self.rule is None) == (self.policy is None):
            raise ValueError("give either `rule` and `status`, or `policy`")
        return self


class NewReplay(_In):
    policy: Digest | None = None
    """Digest of a policy file; the one in force when not given."""
    rule_status: RuleStatuses = Field(default_factory=dict)
    """Over what is in force, or alone where `policy` is given."""
    after: Annotated[str, StringConstraints(max_length=40)] | None = None
    """Decisions after this id; from the first one when not given."""
    limit: int = Field(default=500, ge=1, le=2000)


class PolicyOut(BaseModel):
    digest: str
    version: str
    in_force: bool
    uploaded_at: datetime | None
    """None for the policy that is shipped."""

    @classmethod
    def shipped(cls, policy: Policy, standing: InForce) -> PolicyOut:
        return cls(
            digest=policy.digest,
            version=policy.version,
            in_force=policy.digest == standing.policy.digest,
            uploaded_at=None,
        )

    @classmethod
    def of(cls, row: PolicyFile, standing: InForce) -> PolicyOut:
        return cls(
            digest=row.digest,
            version=row.version,
            in_force=row.digest == standing.policy.digest,
            uploaded_at=row.uploaded_at,
        )


class RuleOut(BaseModel):
    id: str
    title: str
    status: RuleStatus
    """As it stands for this house."""
    shipped_status: RuleStatus
    """As the file says."""

    @classmethod
    def all_of(cls, standing: InForce) -> list[RuleOut]:
        return [
            cls(
                id=rule.id,
                title=rule.title,
                status=standing.rule_status.get(rule.id, rule.status),
                shipped_status=rule.status,
            )
            for rule in standing.policy.rules
        ]


class SwitchOut(BaseModel):
    id: str
    rule: str | None
    status: RuleStatus | None
    policy: str
    reason: str
    state: SwitchState
    proposed_by: str
    proposed_at: datetime
    signed_by: str | None
    signed_at: datetime | None

    @classmethod
    def of(cls, row: Switch) -> SwitchOut:
        return cls(
            id=row.id,
            rule=row.rule,
            status=RuleStatus(row.status) if row.status else None,
            policy=row.policy_digest,
            reason=row.reason,
            state=SwitchState(row.state),
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            signed_by=row.signed_by,
            signed_at=row.signed_at,
        )


class EndingOut(BaseModel):
    decision: Decision
    priority: Priority | None
    rule: str
    codes: list[ReasonCode]
    brand_id: str | None

    @classmethod
    def of(cls, ending: Ending) -> EndingOut:
        return cls(
            decision=ending.decision,
            priority=ending.priority,
            rule=ending.rule,
            codes=list(ending.codes),
            brand_id=ending.brand_id,
        )


class ChangeOut(BaseModel):
    decision_id: str
    listing_id: str
    was: EndingOut
    would_be: EndingOut
    why: list[str]

    @classmethod
    def of(cls, change: Change) -> ChangeOut:
        return cls(
            decision_id=change.decision_id,
            listing_id=change.listing_id,
            was=EndingOut.of(change.was),
            would_be=EndingOut.of(change.would_be),
            why=list(change.why),
        )


class ReplayOut(BaseModel):
    policy: str
    compared: int
    changes: list[ChangeOut]
    next_after: str | None
    """Give it as `after` to go on; null when everything was compared."""
