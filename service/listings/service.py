"""Checks a listing: pictures and context → signals → policy → decision, all recorded."""

from __future__ import annotations

import hashlib

from service.clock import now
from service.deadline import Deadline, OutOfTime
from service.decisions.models import StoredDecision
from service.listings import repository
from service.listings.evidence import Evidence, gather
from service.listings.keeping import Asked, Progress, Result, keep, record_of, replay
from service.listings.pictures import collect, see
from service.listings.question import Comparing, Question
from service.listings.schemas import ListingIn
from service.policies.service import InForce, in_force
from service.runtime import Runtime
from service.screening.findings import Findings
from service.screening.policy import Policy, decide
from service.screening.record import DecisionRecord
from service.security.principals import Principal
from service.vectors.service import IndexNotReady

_NO_LISTING = "none"
"""Where the record of a rehearsal would name its listing."""


def check(runtime: Runtime, asked: Asked) -> StoredDecision:
    """Decide on a listing within its time budget, and keep the decision.

    Raises:
        IdempotencyConflict: the key was used with other content.
        Problem: a picture cannot be had or judged; nothing is kept then.
    """
    earlier = _answered_before(runtime, asked)
    if earlier is not None:
        return earlier
    budget = min(asked.listing.budget_seconds or 1e9, runtime.settings.check_budget_seconds)
    return _checked(runtime, asked, Deadline(budget))


def finish(runtime: Runtime, principal: Principal, decision_id: str) -> StoredDecision | None:
    """Do again, without haste, a check that ran out of time; None when that was done already."""
    with runtime.database.read() as session:
        pending = repository.pending(session, principal.tenant_id, decision_id)
    if pending is None:
        return None
    asked = Asked(principal, ListingIn.model_validate(pending.request))
    return _checked(runtime, asked, Deadline(120), finishing=decision_id)


def rehearse(runtime: Runtime, asked: Asked) -> DecisionRecord:
    """What a check of this listing would be decided on and why; nothing is kept, nobody is told.

    Raises:
        Problem: a picture cannot be had or judged.
    """
    budget = min(asked.listing.budget_seconds or 1e9, runtime.settings.check_budget_seconds)
    deadline, progress = Deadline(budget), Progress()
    policy, result = _decided(runtime, asked, deadline, progress)
    digests = [hashlib.sha256(data).hexdigest() for data in progress.contents]
    with runtime.database.read() as session:
        return record_of(session, asked, policy, result, progress, deadline, _NO_LISTING, digests)


def _answered_before(runtime: Runtime, asked: Asked) -> StoredDecision | None:
    if asked.idempotency_key is None:
        return None
    with runtime.database.read() as session:
        return replay(session, asked)


def _checked(
    runtime: Runtime, asked: Asked, deadline: Deadline, finishing: str | None = None
) -> StoredDecision:
    progress = Progress()
    policy, result = _decided(runtime, asked, deadline, progress)
    return keep(runtime, asked, policy, result, progress, deadline, finishing)


def _decided(runtime: Runtime, asked: Asked, deadline: Deadline, progress: Progress) -> tuple[Policy, Result]:
    with runtime.database.read() as session:
        standing = in_force(session, asked.principal.tenant_id, runtime.settings.rule_status)
    policy = standing.policy
    try:
        return policy, _assess(runtime, asked, standing, deadline, progress)
    except OutOfTime:
        return policy, _undecided(policy, asked, in_time=False)
    except IndexNotReady:
        return policy, _undecided(policy, asked, index_ready=False)


def _assess(
    runtime: Runtime, asked: Asked, standing: InForce, deadline: Deadline, progress: Progress
) -> Result:
    policy, tenant = standing.policy, asked.principal.tenant_id
    progress.contents = collect(runtime, asked.principal, asked.listing.pictures, deadline)
    progress.watch.lap("collect")
    progress.serving = runtime.vectors.serving()
    progress.seen = see(runtime, progress.serving, tenant, progress.contents, deadline)
    progress.watch.lap("see")
    deadline.check()
    question = Question(tenant, asked.listing, progress.seen, now())
    comparing = Comparing(runtime, deadline)
    with runtime.database.read() as session:
        evidence = gather(session, progress.serving, comparing, policy, question, standing.rule_status)
    progress.watch.lap("gather")
    deadline.check()
    outcome = decide(policy, evidence.findings)
    progress.watch.lap("decide")
    return Result(evidence, outcome)


def _undecided(policy: Policy, asked: Asked, *, in_time: bool = True, index_ready: bool = True) -> Result:
    findings = Findings(pictures=len(asked.listing.pictures), in_time=in_time, index_ready=index_ready)
    return Result(Evidence(findings, ()), decide(policy, findings))
