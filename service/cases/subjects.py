"""What a case is about, told by the feature that holds it; parcels declare theirs themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from service.cases.models import SubjectKind
from service.decisions import service as decisions
from service.errors import NotFound
from service.screening.record import DecisionRecord
from service.screening.signals import Signal
from service.security.principals import Principal
from service.verdicts.models import VerdictOutcome
from service.verdicts.service import Judged


@dataclass(frozen=True)
class Subject:
    """What a case takes over from a decision or an inspection when it opens."""

    organisation_id: str
    """Whose finding it is."""
    brand_ids: tuple[str, ...]
    """Brands that it speaks of, the likeliest first."""
    pictures: tuple[str, ...]
    """SHA-256 of the stored bytes, in order."""
    judged: Judged
    """What a verdict is given on once the case is decided."""
    signals: tuple[Signal, ...] = ()
    """What was noticed, for the reason of a referral."""
    seller: str = ""
    """The account, where there is one; never a name."""


SubjectReader = Callable[[Session, Principal, str], Subject]
R = TypeVar("R", bound=SubjectReader)

SubjectCloser = Callable[[Session, Principal, str, VerdictOutcome], None]
C = TypeVar("C", bound=SubjectCloser)

_readers: dict[SubjectKind, SubjectReader] = {}
_closers: dict[SubjectKind, SubjectCloser] = {}


def subject_reader(kind: SubjectKind) -> Callable[[R], R]:
    """Declare the function that reads subjects of a kind.

    It raises NotFound where there is none of that id that the principal may see. Its module is imported where the
    routers are listed.

    Raises:
        ValueError: another function reads this kind.
    """

    def register(function: R) -> R:
        if _readers.setdefault(kind, function) is not function:
            raise ValueError(f"Subjects of kind {kind} are read by {_readers[kind]!r} already.")
        return function

    return register


def subject_closer(kind: SubjectKind) -> Callable[[C], C]:
    """Declare the function that learns what a case on its subject was decided to; kinds without one need none.

    Raises:
        ValueError: another function does so for this kind.
    """

    def register(function: C) -> C:
        if _closers.setdefault(kind, function) is not function:
            raise ValueError(f"Subjects of kind {kind} are closed by {_closers[kind]!r} already.")
        return function

    return register


def close_subject(
    session: Session, principal: Principal, kind: SubjectKind, subject_id: str, outcome: VerdictOutcome
) -> None:
    """Within the transaction of the decision, after its verdict."""
    closer = _closers.get(kind)
    if closer is not None:
        closer(session, principal, subject_id, outcome)


def read_subject(session: Session, principal: Principal, kind: SubjectKind, subject_id: str) -> Subject:
    """Raises: NotFound: there is none that the principal may see."""
    reader = _readers.get(kind)
    if reader is None:
        raise NotFound(f"This installation holds nothing of the kind {kind}.")
    return reader(session, principal, subject_id)


@subject_reader(SubjectKind.DECISION)
def _decision(session: Session, principal: Principal, decision_id: str) -> Subject:
    stored = decisions.get(session, principal, decision_id)
    record = DecisionRecord.model_validate(stored.record)
    spoken_of = [stored.brand_id, *(each.brand_id for each in record.findings.signals if each.strength)]
    return Subject(
        organisation_id=stored.organisation_id,
        brand_ids=tuple(dict.fromkeys(each for each in spoken_of if each is not None)),
        pictures=tuple(each.sha256 for each in record.pictures),
        judged=stored,
        signals=tuple(record.findings.signals),
        seller=stored.seller,
    )
