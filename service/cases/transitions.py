"""Which steps a case may take from where: the only way its state changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.clocks.deadlines import Deadline
from service.clocks.profiles import CaseState, Moment, Profile
from service.errors import Conflict
from service.verdicts.models import VerdictOutcome

OPEN_STATES = frozenset(state for state in CaseState if not state.is_over)
UNDECIDED = OPEN_STATES - {CaseState.DECIDED}


class Step(StrEnum):
    OPENED = "opened"
    DETAINED = "detained"
    NOTIFIED = "notified"
    APPLICATION_FILED = "application_filed"
    DISPUTED = "disputed"
    SILENT = "silent"
    OPINIONS_INVITED = "opinions_invited"
    IMPORTER_ANSWERED = "importer_answered"
    HOLDER_ANSWERED = "holder_answered"
    EVIDENCE_GATHERED = "evidence_gathered"
    EXTENDED = "extended"
    FACTS_CHANGED = "facts_changed"
    DECIDED = "decided"
    DESTROYED = "destroyed"
    RELEASED = "released"


@dataclass(frozen=True)
class Move:
    """From these states, to that one (None: it stays); `moment` is what clocks learn of it."""

    before: frozenset[CaseState]
    after: CaseState | None = None
    moment: Moment | None = None


ANSWERABLE = frozenset({CaseState.NOTIFIED, CaseState.DISPUTED, CaseState.SILENT, CaseState.OPINIONS})
"""States in which somebody is still heard."""

MOVES: Mapping[Step, Move] = {
    Step.DETAINED: Move(frozenset({CaseState.FOUND}), None, Moment.DETAINED),
    Step.NOTIFIED: Move(frozenset({CaseState.FOUND}), CaseState.NOTIFIED, Moment.NOTIFIED),
    Step.APPLICATION_FILED: Move(ANSWERABLE, None, Moment.APPLICATION_FILED),
    Step.DISPUTED: Move(frozenset({CaseState.NOTIFIED}), CaseState.DISPUTED, Moment.DISPUTED),
    Step.SILENT: Move(frozenset({CaseState.NOTIFIED}), CaseState.SILENT),
    Step.OPINIONS_INVITED: Move(
        frozenset({CaseState.DISPUTED, CaseState.SILENT}), CaseState.OPINIONS, Moment.OPINIONS_INVITED
    ),
    Step.IMPORTER_ANSWERED: Move(frozenset({CaseState.OPINIONS}), None, Moment.IMPORTER_ANSWERED),
    Step.HOLDER_ANSWERED: Move(ANSWERABLE, None, Moment.HOLDER_ANSWERED),
    Step.EVIDENCE_GATHERED: Move(frozenset({CaseState.OPINIONS}), CaseState.EVIDENCE),
    Step.EXTENDED: Move(ANSWERABLE),
    Step.FACTS_CHANGED: Move(UNDECIDED),
    Step.DECIDED: Move(frozenset({CaseState.EVIDENCE, CaseState.SILENT}), CaseState.DECIDED, Moment.DECIDED),
    Step.DESTROYED: Move(frozenset({CaseState.DECIDED}), CaseState.DESTROYED),
    Step.RELEASED: Move(OPEN_STATES, CaseState.RELEASED),
}

BY_HAND = frozenset(MOVES) - {Step.HOLDER_ANSWERED, Step.EXTENDED, Step.FACTS_CHANGED}
"""Steps that an officer takes by naming them; the others follow from something else that is done."""


class StepRefused(Conflict):
    slug = "case-step-refused"
    title = "The case cannot take this step now"
    help = "The member `possible` names the steps that it can take; the detail says what stands in the way."


@dataclass(frozen=True)
class Standing:
    """Where a case stands when it is asked to take a step."""

    profile: Profile
    state: CaseState
    application: bool
    outcome: VerdictOutcome | None
    latest: datetime
    """When the last step took effect."""
    deadlines: Mapping[str, Deadline]


def after(step: Step, state: CaseState) -> CaseState:
    return MOVES[step].after or state


def possible(standing: Standing) -> list[Step]:
    """Steps that an officer may take next, as far as the state alone says."""
    return sorted(
        step
        for step in BY_HAND
        if standing.state in MOVES[step].before and _obstacle_of_state(standing, step) is None
    )


def check(standing: Standing, step: Step, at: datetime, present: datetime) -> None:
    """
    Args:
        at: when the step took effect; it may be recorded later, at `present`.

    Raises:
        StepRefused: the state, the outcome or a clock stands in the way.
    """
    obstacle = _obstacle(standing, step, at, present)
    if obstacle is not None:
        raise StepRefused(obstacle, possible=[each.value for each in possible(standing)])


def _obstacle(standing: Standing, step: Step, at: datetime, present: datetime) -> str | None:
    if standing.state not in MOVES[step].before:
        return f"It is {standing.state}, from where it cannot be {step}."
    if at > present:
        return f"{at.isoformat()} has not come yet; a step is recorded once it has been taken."
    if at < standing.latest:
        return f"The step before took effect at {standing.latest.isoformat()}, later than {at.isoformat()}."
    return _obstacle_of_state(standing, step) or _obstacle_of_clock(standing, step, at)


def _obstacle_of_state(standing: Standing, step: Step) -> str | None:
    if step is Step.DECIDED and standing.state is CaseState.SILENT:
        if not standing.profile.silence_settles:
            return f"Under {standing.profile.id} silence settles nothing: invite opinions first."
        if not standing.application:
            return "There is no application to decide on: invite opinions first."
    if step is Step.DESTROYED and standing.outcome is not VerdictOutcome.COUNTERFEIT:
        return f"It was decided to be {standing.outcome}; only what was found to be counterfeit is destroyed."
    return None


def _obstacle_of_clock(standing: Standing, step: Step, at: datetime) -> str | None:
    clock = standing.deadlines.get("importer_dispute")
    if clock is None:
        return None
    if step is Step.SILENT and at < clock.due_at:
        return f"The importer has time until {clock.due_at.isoformat()}; silence is known after that."
    if step is Step.DISPUTED and at >= clock.due_at:
        return f"The importer's time ended at {clock.due_at.isoformat()}: {clock.rule.source}."
    return None
