"""Policies: what decides, who signed it off, and what another would have decided."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from service.deps import AdminPrincipal, AuditorPrincipal, ReadSession, RuntimeDep, WriteSession
from service.errors import NotFound
from service.paging import After, Limit, Page, page_of
from service.policies import repository, service
from service.policies.schemas import (
    ChangeOut,
    NewPolicy,
    NewReplay,
    NewSwitch,
    PolicyOut,
    ReplayOut,
    RuleOut,
    SwitchOut,
)
from service.screening.policy_file import DEFAULT_POLICY

router = APIRouter(prefix="/v1/policies", tags=["policies"])


@router.get("")
def list_policies(principal: AuditorPrincipal, session: ReadSession, runtime: RuntimeDep) -> list[PolicyOut]:
    """The shipped policy and those uploaded, with the one that decides."""
    standing = service.in_force(session, principal.tenant_id, runtime.settings.rule_status)
    uploaded = repository.policy_files(session, principal.tenant_id)
    return [
        PolicyOut.shipped(service.shipped_policy(), standing),
        *(PolicyOut.of(row, standing) for row in uploaded),
    ]


@router.post("", status_code=201)
def upload_policy(
    new: NewPolicy,
    principal: AdminPrincipal,
    session: WriteSession,
    runtime: RuntimeDep,
    response: Response,
) -> PolicyOut:
    """Keep a policy file. It decides nothing until a switch to it is signed."""
    held = service.upload(session, principal, new.text)
    response.headers["Location"] = f"/v1/policies/{held.digest}"
    return PolicyOut.of(held, service.in_force(session, principal.tenant_id, runtime.settings.rule_status))


@router.get("/rules")
def list_rules(principal: AuditorPrincipal, session: ReadSession, runtime: RuntimeDep) -> list[RuleOut]:
    """The rules of the policy in force, in their order, each with its status."""
    return RuleOut.all_of(service.in_force(session, principal.tenant_id, runtime.settings.rule_status))


@router.get("/switches")
def list_switches(
    principal: AuditorPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[SwitchOut]:
    """Switches, oldest first: proposed, in force, superseded, withdrawn."""
    return page_of(service.switches(session, principal.tenant_id, limit, after), limit, SwitchOut.of)


@router.post("/switches", status_code=201)
def propose_switch(
    new: NewSwitch, principal: AdminPrincipal, session: WriteSession, runtime: RuntimeDep
) -> SwitchOut:
    """Propose to put a rule live or in shadow, or a policy file in force; another administrator signs."""
    if new.rule is not None and new.status is not None:
        statuses = runtime.settings.rule_status
        return SwitchOut.of(
            service.propose_rule(session, principal, statuses, new.rule, new.status, new.reason)
        )
    return SwitchOut.of(service.propose_policy(session, principal, new.policy or "", new.reason))


@router.post("/switches/{switch_id}/signature", status_code=201)
def sign_switch(
    switch_id: str, principal: AdminPrincipal, session: WriteSession, runtime: RuntimeDep
) -> SwitchOut:
    """Sign a switch that somebody else proposed. The very next check is decided with it."""
    return SwitchOut.of(service.sign(session, principal, runtime.settings.rule_status, switch_id))


@router.delete("/switches/{switch_id}", status_code=204)
def withdraw_switch(switch_id: str, principal: AdminPrincipal, session: WriteSession) -> None:
    """Take back a switch that nobody has signed yet."""
    service.withdraw(session, principal, switch_id)


@router.post("/replays")
def replay(
    asked: NewReplay, principal: AuditorPrincipal, session: ReadSession, runtime: RuntimeDep
) -> ReplayOut:
    """Decide recorded decisions again with another policy or other rules live, and list those that would change."""
    standing = service.in_force(session, principal.tenant_id, runtime.settings.rule_status)
    if asked.policy is None:
        policy, statuses = standing.policy, standing.rule_status | asked.rule_status
    else:
        policy = service.policy_of(session, principal.tenant_id, asked.policy)
        statuses = asked.rule_status
    found = service.replay(session, principal.tenant_id, policy, statuses, asked.after, asked.limit)
    return ReplayOut(
        policy=policy.digest,
        compared=found.compared,
        changes=[ChangeOut.of(change) for change in found.changes],
        next_after=found.last_id,
    )


@router.get("/{digest}", response_class=PlainTextResponse)
def read_policy(digest: str, principal: AuditorPrincipal, session: ReadSession) -> str:
    """The file itself, as TOML."""
    if digest == service.shipped_policy().digest:
        return DEFAULT_POLICY.read_text()
    held = repository.policy_file(session, principal.tenant_id, digest)
    if held is None:
        raise NotFound(f"There is no policy file of digest {digest}.")
    return held.text
