"""Which policy decides for a house, who put it in force, and what another would have decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.decisions import repository as decisions
from service.errors import Conflict, NotFound, Unprocessable
from service.ids import new_id
from service.policies import repository
from service.policies.models import PolicyFile, Switch, SwitchState
from service.policies.replaying import CannotReplay, Change, Seeing, as_recorded, compare
from service.screening.findings import Findings, RuleStatus
from service.screening.policy import Policy, UnknownRule, check_status, load_policy
from service.screening.policy_file import PolicyInvalid, parse_policy
from service.screening.record import DecisionRecord
from service.security.principals import Principal

RuleStatuses = Mapping[str, RuleStatus]
MEASUREMENT = "measurement"
"""Who proposes, and withdraws, where no person did: a proposal of its own still takes two people's signatures."""


class PolicyRefused(Unprocessable):
    slug = "policy-refused"
    title = "The policy file cannot be used"
    help = "Correct what `problems` names; docs/policy.md describes the file that is shipped."


class RuleRefused(Unprocessable):
    slug = "rule-refused"
    title = "The rule cannot be given that status"
    help = "Name a rule of the policy in force; the first and the last rule are always live."


class SecondSignatureNeeded(Conflict):
    slug = "second-signature-needed"
    title = "A switch is signed by somebody else than who proposed it"
    help = "Let another administrator sign it, with a key of their own."


class NotOpen(Conflict):
    slug = "switch-not-open"
    title = "Only a proposed switch can be signed or withdrawn"
    help = "Propose it again; GET /v1/policies/switches shows what stands."


@dataclass(frozen=True)
class InForce:
    """What decides now: a policy file, and the rules whose status differs from what it says."""

    policy: Policy
    rule_status: dict[str, RuleStatus]


@dataclass(frozen=True)
class Replayed:
    compared: int
    changes: list[Change]
    last_id: str | None
    untold: dict[str, str]
    """Decision to why it could not be decided again."""


def in_force(session: Session, tenant_id: str, settings: RuleStatuses) -> InForce:
    """The tenant's policy; `settings` are the operator's statuses, over which signed switches stand."""
    policy, statuses = shipped_policy(), dict(settings)
    for switch in repository.in_force(session, tenant_id):
        if switch.rule is not None and switch.status is not None:
            statuses[switch.rule] = RuleStatus(switch.status)
        else:
            policy = policy_of(session, tenant_id, switch.policy_digest)
    known = {rule.id for rule in policy.rules}
    return InForce(policy, {rule: status for rule, status in statuses.items() if rule in known})


def policy_of(session: Session, tenant_id: str, digest: str) -> Policy:
    """
    Raises:
        NotFound: neither is it the shipped policy nor was it ever uploaded.
    """
    if digest == shipped_policy().digest:
        return shipped_policy()
    held = repository.policy_file(session, tenant_id, digest)
    if held is None:
        raise NotFound(f"There is no policy file of digest {digest}.")
    return _parsed(held.text)


@lru_cache(maxsize=1)
def shipped_policy() -> Policy:
    return load_policy()


def upload(session: Session, principal: Principal, text: str) -> PolicyFile:
    """Keep a policy file, in force nowhere yet; the same file again is no error.

    Raises:
        PolicyRefused: with `problems`, a line for each.
    """
    try:
        policy = _parsed(text)
    except PolicyInvalid as error:
        raise PolicyRefused("The file is not a valid policy.", problems=error.problems) from error
    held = repository.policy_file(session, principal.tenant_id, policy.digest)
    if held is not None:
        return held
    held = PolicyFile(
        tenant_id=principal.tenant_id,
        digest=policy.digest,
        version=policy.version,
        text=text,
        uploaded_by=principal.key_id,
        uploaded_at=now(),
    )
    session.add(held)
    session.flush()
    record(session, principal, "policy.uploaded", policy.digest, {"version": policy.version})
    return held


def propose_rule(
    session: Session, principal: Principal, settings: RuleStatuses, rule: str, status: RuleStatus, reason: str
) -> Switch:
    """
    Raises:
        RuleRefused: the policy in force has no such rule, or it may not be put in shadow.
    """
    policy = in_force(session, principal.tenant_id, settings).policy
    _check(policy, {rule: status})
    return _proposed(session, principal, policy.digest, reason, rule, status)


def propose_policy(session: Session, principal: Principal, digest: str, reason: str) -> Switch:
    """
    Raises:
        NotFound: there is no such file.
    """
    policy_of(session, principal.tenant_id, digest)
    return _proposed(session, principal, digest, reason, None, None)


def sign(session: Session, principal: Principal, settings: RuleStatuses, switch_id: str) -> Switch:
    """Put it in force; what stood for the same rule, or the file before, is superseded.

    What was proposed by measurement is only made the signer's own proposal, for another person to sign.

    Raises:
        NotFound, NotOpen, SecondSignatureNeeded: and nothing is changed.
        RuleRefused: file and rules that would then be in force do not go together.
    """
    switch = _open_switch(session, principal, switch_id)
    if switch.proposed_by == MEASUREMENT:
        return _endorsed(session, principal, switch)
    if switch.proposed_by == principal.key_id:
        raise SecondSignatureNeeded("This key proposed the switch.")
    for standing in repository.in_force(session, principal.tenant_id):
        if standing.rule == switch.rule:
            standing.state = SwitchState.SUPERSEDED.value
    switch.state = SwitchState.IN_FORCE.value
    switch.signed_by, switch.signed_at = principal.key_id, now()
    session.flush()
    standing_now = in_force(session, principal.tenant_id, settings)
    _check(standing_now.policy, standing_now.rule_status)
    record(session, principal, "policy.switched", switch.id, _told(switch))
    return switch


def put_in_shadow(
    session: Session, principal: Principal, settings: RuleStatuses, rule: str, reason: str
) -> Switch:
    """Take a rule back at once, without a signature: the careful direction needs none.

    Raises:
        RuleRefused: the policy in force has no such rule, or it may not be put in shadow.
    """
    policy = in_force(session, principal.tenant_id, settings).policy
    _check(policy, {rule: RuleStatus.SHADOW})
    for standing in repository.in_force(session, principal.tenant_id):
        if standing.rule == rule:
            standing.state = SwitchState.SUPERSEDED.value
    switch = _proposed(session, principal, policy.digest, reason, rule, RuleStatus.SHADOW)
    switch.state = SwitchState.IN_FORCE.value
    switch.signed_by, switch.signed_at = principal.key_id, switch.proposed_at
    session.flush()
    record(session, principal, "policy.rule-taken-back", switch.id, _told(switch))
    return switch


def open_proposals(session: Session, tenant_id: str) -> frozenset[str]:
    """Rules that somebody proposed to switch, and nobody signed or withdrew yet."""
    return frozenset(repository.rules_proposed(session, tenant_id))


def withdraw(session: Session, principal: Principal, switch_id: str) -> None:
    """
    Raises:
        NotFound, NotOpen: and nothing is changed.
    """
    switch = _open_switch(session, principal, switch_id)
    switch.state = SwitchState.WITHDRAWN.value
    record(session, principal, "policy.switch-withdrawn", switch.id, _told(switch))


def replay(
    session: Session,
    tenant_id: str,
    policy: Policy,
    rule_status: RuleStatuses,
    after: str | None,
    limit: int,
    seeing: Seeing = as_recorded,
    organisation_id: str | None = None,
) -> Replayed:
    """Decide the next `limit` recorded decisions again, in the order in which they were made.

    Args:
        seeing: what the findings are taken to be; as they were recorded, unless a calibration or encoder is tried.
        organisation_id: whose listings; None for everybody's.

    Raises:
        RuleRefused: the policy has no such rule, or it may not be put in shadow.
    """
    _check(policy, rule_status)
    rows = decisions.page(session, tenant_id, organisation_id=organisation_id, after=after, limit=limit)
    changes: list[Change] = []
    untold: dict[str, str] = {}
    for row in rows:
        try:
            change = compare(DecisionRecord.model_validate(row.record), policy, rule_status, seeing)
        except CannotReplay as missing:
            untold[row.id] = str(missing)
            continue
        changes += [change] if change is not None else []
    return Replayed(
        compared=len(rows) - len(untold),
        changes=changes,
        last_id=rows[-1].id if len(rows) == limit else None,
        untold=untold,
    )


def switches_of(session: Session, tenant_id: str, rule: str, most: int) -> Sequence[Switch]:
    """The newest switches of one rule, newest first."""
    return repository.switches_of(session, tenant_id, rule, most)


def switches(session: Session, tenant_id: str, limit: int, after: str | None) -> Sequence[Switch]:
    return repository.switches(session, tenant_id, limit, after)


def _proposed(
    session: Session,
    principal: Principal,
    digest: str,
    reason: str,
    rule: str | None,
    status: RuleStatus | None,
) -> Switch:
    switch = Switch(
        id=new_id("swi"),
        tenant_id=principal.tenant_id,
        rule=rule,
        status=status.value if status else None,
        policy_digest=digest,
        reason=reason,
        state=SwitchState.PROPOSED.value,
        proposed_by=principal.key_id,
        proposed_at=now(),
    )
    session.add(switch)
    session.flush()
    record(session, principal, "policy.switch-proposed", switch.id, _told(switch))
    return switch


def _endorsed(session: Session, principal: Principal, switch: Switch) -> Switch:
    switch.proposed_by, switch.proposed_at = principal.key_id, now()
    session.flush()
    record(session, principal, "policy.switch-endorsed", switch.id, _told(switch))
    return switch


def _check(policy: Policy, rule_status: RuleStatuses) -> None:
    try:
        check_status(policy, Findings(pictures=0, rule_status=rule_status))
    except UnknownRule as error:
        raise RuleRefused(str(error)) from error


def _open_switch(session: Session, principal: Principal, switch_id: str) -> Switch:
    switch = repository.switch(session, principal.tenant_id, switch_id)
    if switch is None:
        raise NotFound(f"There is no switch {switch_id}.")
    if switch.state != SwitchState.PROPOSED.value:
        raise NotOpen(f"Switch {switch_id} is {switch.state.replace('_', ' ')}.")
    return switch


def _told(switch: Switch) -> dict[str, str | None]:
    return {"rule": switch.rule, "status": switch.status, "policy": switch.policy_digest}


@lru_cache(maxsize=16)
def _parsed(text: str) -> Policy:
    return parse_policy(text.encode(), "the uploaded file")
