"""How a case goes on: each step checked, dated, reasoned and audited, and its deadlines computed anew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from service.audit.service import record
from service.cases import repository
from service.cases.learning import learn
from service.cases.models import Case, CaseDeadline, CaseStep
from service.cases.schemas import FactChanges
from service.cases.transitions import MOVES, Standing, Step, StepRefused, after, check
from service.clock import now
from service.clocks.calendar import WorkingCalendar, calendar_for
from service.clocks.deadlines import Deadline, DeadlineState, Facts, deadlines
from service.clocks.profiles import CaseState, Moment, profile
from service.errors import Unprocessable
from service.ids import new_id
from service.security.principals import Principal
from service.verdicts.models import VerdictOutcome
from service.webhooks.service import publish


def take_step(
    session: Session,
    principal: Principal,
    case: Case,
    step: Step,
    why: str,
    at: datetime | None = None,
    outcome: VerdictOutcome | None = None,
) -> None:
    """Take a legal step; clocks count from `at` (now if None).

    Raises:
        StepRefused: state, outcome or a clock stands in the way.
        Unprocessable: a decision without its outcome, or an outcome without a decision.
    """
    if (step is Step.DECIDED) != (outcome is not None):
        raise Unprocessable("`outcome` belongs to the step `decided`, and only there.")
    present = now()
    check(standing(session, case), step, at or present, present)
    _apply(case, step, at or present, outcome)
    write_step(session, principal, case, step, after(step, CaseState(case.state)), at or present, why)
    recompute(session, case)
    if step is Step.DECIDED:
        learn(session, principal, case)
    payload = {"case_id": case.id, "step": step.value, "state": case.state, "outcome": case.outcome}
    publish(session, case.tenant_id, "case.step", payload, case.organisation_id)


def extend(session: Session, principal: Principal, case: Case, why: str) -> None:
    """Grant the one extension that the procedure knows.

    Raises:
        StepRefused: it knows none, it was granted before, the goods are perishable, or the time is over.
    """
    obstacle = _no_extension(session, case)
    if obstacle is not None:
        raise StepRefused(obstacle)
    case.extended = True
    take_step(session, principal, case, Step.EXTENDED, why)


def change_facts(session: Session, principal: Principal, case: Case, changes: FactChanges) -> None:
    """Put right what the case says of its goods.

    Raises:
        StepRefused: the case was decided.
    """
    if changes.perishable is not None:
        case.perishable = changes.perishable
    if changes.application is not None:
        case.application = changes.application
    if changes.goods is not None:
        case.goods = changes.goods.model_dump()
    take_step(session, principal, case, Step.FACTS_CHANGED, changes.why)


def standing(session: Session, case: Case) -> Standing:
    """Where the case stands, with its deadlines as they are computed from its steps."""
    steps = repository.steps(session, case.tenant_id, case.id)
    return Standing(
        profile=profile(case.profile),
        state=CaseState(case.state),
        application=case.application,
        outcome=VerdictOutcome(case.outcome) if case.outcome else None,
        latest=max(each.at for each in steps),
        deadlines={each.rule.key: each for each in computed(session, case)},
    )


def computed(session: Session, case: Case) -> list[Deadline]:
    """Every deadline that has begun, the nearest first."""
    steps = repository.steps(session, case.tenant_id, case.id)
    moments = {Moment.PRESENTED: steps[0].at}
    for each in steps:
        moment = MOVES[Step(each.step)].moment if Step(each.step) in MOVES else None
        if moment is not None:
            moments.setdefault(moment, each.at)
    facts = Facts(CaseState(case.state), moments, case.perishable, case.extended, case.application)
    return deadlines(profile(case.profile), calendar_of(case), facts)


def calendar_of(case: Case) -> WorkingCalendar:
    return calendar_for(profile(case.profile), case.country, case.subdivision, case.time_zone)


def write_step(
    session: Session,
    principal: Principal,
    case: Case,
    step: Step,
    state: CaseState,
    at: datetime,
    why: str,
) -> None:
    """Put down the step and set the state; that it may be taken has been checked."""
    row = CaseStep(
        id=new_id("cst"),
        tenant_id=case.tenant_id,
        case_id=case.id,
        step=step.value,
        at=at,
        before=case.state,
        after=state.value,
        why=why,
        done_by=principal.key_id,
        recorded_at=now(),
    )
    case.state = state.value
    session.add(row)
    session.flush()
    detail = {"at": at.isoformat(), "before": row.before, "after": row.after, "why": why}
    record(session, principal, f"case.{step}", case.id, detail | {"outcome": case.outcome})


def recompute(session: Session, case: Case) -> None:
    """Bring the kept deadlines level; one that moved is told of again when its time comes."""
    kept = {each.key: each for each in repository.deadlines(session, case.tenant_id, [case.id])}
    found = computed(session, case)
    for deadline in found:
        row = kept.pop(deadline.rule.key, None) or _new_row(session, case, deadline)
        if row.due_at != deadline.due_at:
            row.reminded_at = row.escalated_at = None
        row.started_at, row.last_day, row.due_at = deadline.started_at, deadline.last_day, deadline.due_at
        row.state, row.settled_at = deadline.state.value, deadline.settled_at
    for row in kept.values():  # it does not apply any more
        session.delete(row)
    session.flush()


def _apply(case: Case, step: Step, at: datetime, outcome: VerdictOutcome | None) -> None:
    if step is Step.DECIDED and outcome is not None:
        case.outcome, case.decided_at = outcome.value, at
    if after(step, CaseState(case.state)).is_over:
        case.closed_at = at


def _no_extension(session: Session, case: Case) -> str | None:
    procedure = profile(case.profile)
    if not procedure.extendable:
        return f"{procedure.id} knows no extension."
    if case.extended:
        return "It was extended once, which is all there is."
    if case.perishable:
        return "There is no extension for perishable goods."
    running = [
        each
        for each in computed(session, case)
        if each.rule.extension_working_days and each.state is DeadlineState.OPEN and each.due_at > now()
    ]
    return None if running else "No deadline that could be extended is running."


def _new_row(session: Session, case: Case, deadline: Deadline) -> CaseDeadline:
    row = CaseDeadline(
        id=new_id("cdl"),
        tenant_id=case.tenant_id,
        case_id=case.id,
        key=deadline.rule.key,
        party=deadline.rule.party.value,
        binding=deadline.rule.binding,
        due_at=deadline.due_at,
    )
    session.add(row)
    return row
