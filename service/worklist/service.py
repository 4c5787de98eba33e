"""The work list of a house, and what its random sample says of what ranking misses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.stats import beta
from sqlalchemy.orm import Session

from service.screening.parcel_outcome import Advice
from service.security.principals import Principal
from service.worklist import repository
from service.worklist.chances import shipped_chances
from service.worklist.ranking import Minutes, Ranked, Worth, measured_minutes, ranked
from service.worklist.repository import DecidedParcel
from service.worklist.schemas import Measure, Share

MOST_WAITING = 20_000
_DECIDED = 5_000
_CONFIDENCE = 0.95
_TO_BE_OPENED = frozenset({Advice.REFER, Advice.EXAMINE})


@dataclass(frozen=True)
class Queue:
    ranked: list[Ranked]
    model: str


def queue(session: Session, principal: Principal, worth: Worth) -> Queue:
    """Every waiting parcel of the house, best first."""
    model = shipped_chances()
    waiting = repository.waiting(session, principal.tenant_id, MOST_WAITING)
    return Queue(ranked(waiting, model, _minutes(session, principal), worth), model.version)


def measure(session: Session, principal: Principal) -> Measure:
    known = repository.decided(session, principal.tenant_id, _DECIDED)
    drawn = [each for each in known if each.sampled]
    missed = sum(each.counterfeit and each.advice not in _TO_BE_OPENED for each in drawn)
    opened = [each for each in known if each.advice in _TO_BE_OPENED]
    return Measure(
        counterfeit=share(sum(each.counterfeit for each in drawn), len(drawn)),
        missed=share(missed, len(drawn)),
        agreed=share(sum(each.counterfeit for each in opened), len(opened)),
    )


def share(count: int, of: int) -> Share:
    """With the exact two-sided interval at 95 % (Clopper and Pearson 1934); 0 to 1 where nothing was counted."""
    tail = (1 - _CONFIDENCE) / 2
    low = float(beta.ppf(tail, count, of - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, of - count)) if count < of else 1.0
    return Share(count=count, of=of, low=low, high=high)


def _minutes(session: Session, principal: Principal) -> Minutes:
    return measured_minutes(_timed(repository.decided(session, principal.tenant_id, _DECIDED)))


def _timed(known: Iterable[DecidedParcel]) -> list[tuple[Advice, float]]:
    return [(each.advice, each.minutes) for each in known if each.minutes]
