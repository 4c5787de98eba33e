"""A case as it is told: to officers with all but names, to a brand owner with its own part alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from service.cases import repository
from service.cases.models import Case, CaseDeadline, CasePicture, SubjectKind
from service.cases.progress import standing
from service.cases.schemas import CaseLine, CaseOut, DeadlineOut, Goods, OwnCaseOut, PictureOut, SubjectRef
from service.cases.transitions import possible
from service.clock import now
from service.clocks.deadlines import DeadlineState
from service.clocks.profiles import CaseState, Party, profile
from service.messages import Language
from service.verdicts.models import VerdictOutcome


def lines(session: Session, cases: Sequence[Case], language: Language = Language.EN) -> list[CaseLine]:
    """Cases of one tenant, with one query for the deadlines of all."""
    clocks: dict[str, list[DeadlineOut]] = defaultdict(list)
    by_id = {each.id: each for each in cases}
    if cases:
        for row in repository.deadlines(session, cases[0].tenant_id, list(by_id)):
            clocks[row.case_id].append(deadline(by_id[row.case_id], row, language))
    return [_line(each, clocks[each.id]) for each in cases]


def whole(session: Session, case: Case, language: Language = Language.EN) -> CaseOut:
    clocks = deadlines(session, case, language)
    line = _line(case, clocks)
    return CaseOut(
        **line.model_dump(exclude={"next_due"}),
        next_due=line.next_due,
        country=case.country,
        subdivision=case.subdivision,
        time_zone=case.time_zone,
        perishable=case.perishable,
        extended=case.extended,
        application=case.application,
        goods=Goods.model_validate(case.goods),
        holder_answer=VerdictOutcome(case.holder_answer) if case.holder_answer else None,
        deadlines=clocks,
        possible_steps=possible(standing(session, case)),
        pictures=[_picture(each) for each in repository.pictures(session, case.tenant_id, case.id)],
        evidence=_evidence(case),
        closed_at=case.closed_at,
    )


def own(session: Session, case: Case, language: Language = Language.EN) -> OwnCaseOut:
    clocks = deadlines(session, case, language)
    return OwnCaseOut(
        id=case.id,
        brand_id=case.brand_id or "",
        state=CaseState(case.state),
        outcome=VerdictOutcome(case.outcome) if case.outcome else None,
        opened_at=case.opened_at,
        article=case.goods.get("article", ""),
        deadlines=[each for each in clocks if each.party is Party.RIGHT_HOLDER],
        holder_answer=VerdictOutcome(case.holder_answer) if case.holder_answer else None,
    )


def deadlines(session: Session, case: Case, language: Language = Language.EN) -> list[DeadlineOut]:
    """The nearest first."""
    rows = repository.deadlines(session, case.tenant_id, [case.id])
    return [deadline(case, each, language) for each in rows]


def deadline(case: Case, row: CaseDeadline, language: Language) -> DeadlineOut:
    rule = profile(case.profile).rule(row.key)
    state = DeadlineState(row.state)
    return DeadlineOut(
        key=row.key,
        title=rule.title.ja if language is Language.JA else rule.title.en,
        party=rule.party,
        binding=rule.binding,
        last_day=row.last_day,
        due_at=row.due_at,
        due_at_local=local(case, row.due_at),
        state=state,
        overdue=state is DeadlineState.OPEN and row.due_at <= now(),
        settled_at=row.settled_at,
        source=rule.source,
    )


def local(case: Case, moment: datetime) -> str:
    """A moment where the case's authority is, with the name of its zone."""
    return f"{moment.astimezone(ZoneInfo(case.time_zone)):%Y-%m-%d %H:%M} {case.time_zone}"


def _line(case: Case, clocks: list[DeadlineOut]) -> CaseLine:
    running = [each for each in clocks if each.state is DeadlineState.OPEN]
    return CaseLine(
        id=case.id,
        subject=SubjectRef(kind=SubjectKind(case.subject_kind), id=case.subject_id),
        brand_id=case.brand_id,
        profile=case.profile,
        state=CaseState(case.state),
        outcome=VerdictOutcome(case.outcome) if case.outcome else None,
        opened_at=case.opened_at,
        next_due=running[0] if running else None,
        overdue=any(each.overdue for each in running),
    )


def _picture(row: CasePicture) -> PictureOut:
    return PictureOut(number=row.number, sha256=row.sha256, known_counterfeit=row.known_counterfeit)


def _evidence(case: Case) -> str | None:
    of_listing = case.subject_kind == SubjectKind.DECISION
    return f"/v1/decisions/{case.subject_id}/evidence" if of_listing else None
