"""When something is due: rules of a profile applied to the facts of a case."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.clocks.calendar import WorkingCalendar
from service.clocks.profiles import CaseState, DeadlineRule, Moment, Profile


class DeadlineState(StrEnum):
    OPEN = "open"
    """Somebody still has to act; overdue once its time has passed."""
    MET = "met"
    LATE = "late"
    """Done, after its time."""
    LAPSED = "lapsed"
    """Nobody acted, and the case has gone on without."""


@dataclass(frozen=True)
class Facts:
    """What a clock depends on; moments have their zone."""

    state: CaseState
    moments: Mapping[Moment, datetime]
    perishable: bool = False
    extended: bool = False
    application: bool = True


@dataclass(frozen=True)
class Deadline:
    rule: DeadlineRule
    started_at: datetime
    last_day: date
    """In the authority's own time zone."""
    due_at: datetime
    """UTC; the first moment that is too late."""
    state: DeadlineState
    settled_at: datetime | None


def deadlines(profile: Profile, calendar: WorkingCalendar, facts: Facts) -> list[Deadline]:
    """All deadlines that have begun, whatever became of them, the nearest first."""
    begun = (
        _deadline(rule, calendar, facts)
        for rule in profile.deadlines
        if rule.starts in facts.moments and not (rule.only_without_application and facts.application)
    )
    return sorted(begun, key=lambda each: (each.due_at, each.rule.key))


def last_day(rule: DeadlineRule, calendar: WorkingCalendar, start: date, facts: Facts) -> date:
    """The day with whose end the period is over; `start`, the day of the event, is not counted."""
    if rule.months is not None:
        return _plus_months(start, rule.months)
    if rule.days is not None:
        return start + timedelta(days=rule.days)
    return calendar.plus_working_days(start, _working_days(rule, facts))


def _plus_months(start: date, months: int) -> date:
    """The day of the same number, or the last one of a month that has none."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _working_days(rule: DeadlineRule, facts: Facts) -> int:
    """Perishable goods have a shorter period and no extension."""
    if facts.perishable and rule.perishable_working_days is not None:
        return rule.perishable_working_days
    usual = rule.working_days or 0
    return usual + (rule.extension_working_days or 0 if facts.extended else 0)


def _deadline(rule: DeadlineRule, calendar: WorkingCalendar, facts: Facts) -> Deadline:
    started_at = facts.moments[rule.starts]
    ends = last_day(rule, calendar, calendar.day_of(started_at), facts)
    due_at = calendar.end_of(ends)
    met = [facts.moments[moment] for moment in rule.met_by if moment in facts.moments]
    if met:
        state = DeadlineState.MET if min(met) < due_at else DeadlineState.LATE
        return Deadline(rule, started_at, ends, due_at, state, min(met))
    state = DeadlineState.OPEN if facts.state in rule.open_in else DeadlineState.LAPSED
    return Deadline(rule, started_at, ends, due_at, state, None)
