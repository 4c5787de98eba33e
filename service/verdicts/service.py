"""Verdicts and appeals, and what they teach: seller history and the measured precision of rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from scipy.stats import beta
from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.decisions.models import StoredDecision
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.screening.findings import RulePrecision
from service.screening.outcome import Decision
from service.screening.rules.seller import SellerCase
from service.security.principals import Principal, Role
from service.verdicts import repository
from service.verdicts.models import Appeal, AppealState, Verdict, VerdictOutcome
from service.webhooks.service import publish

APPEAL_PERIOD = timedelta(days=180)
_CONFIDENCE = 0.95
_APPEALABLE = (Decision.BLOCK, Decision.REVIEW, Decision.NEEDS_DOCUMENTS, Decision.REVIEW_PENDING)


class NotAppealable(Conflict):
    slug = "not-appealable"
    title = "This decision cannot be appealed"
    help = "Only decisions other than `allow` can be, within 180 days, and one appeal at a time."


class SecondPersonNeeded(Conflict):
    slug = "second-person-needed"
    title = "An appeal is resolved by somebody else than who judged before"
    help = "Let another reviewer resolve it, with a key of their own."


class Judged(Protocol):
    """A decision on a listing, or an inspection of a parcel."""

    @property
    def id(self) -> str: ...
    @property
    def organisation_id(self) -> str: ...
    @property
    def decision(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def brand_id(self) -> str | None: ...
    @property
    def seller(self) -> str: ...


def give_verdict(
    session: Session, principal: Principal, decision: Judged, outcome: VerdictOutcome, note: str
) -> Verdict:
    verdict = Verdict(
        id=new_id("ver"),
        tenant_id=principal.tenant_id,
        decision_id=decision.id,
        outcome=outcome.value,
        note=note,
        brand_id=decision.brand_id,
        rule=decision.rule,
        automatic_decision=decision.decision,
        seller=decision.seller,
        given_by=principal.key_id,
        given_at=now(),
    )
    session.add(verdict)
    session.flush()
    record(
        session, principal, "verdict.given", decision.id, {"outcome": outcome.value, "verdict": verdict.id}
    )
    payload = {"decision_id": decision.id, "outcome": outcome.value}
    publish(session, principal.tenant_id, "verdict.given", payload, decision.organisation_id)
    return verdict


def standing(session: Session, tenant_id: str, decision_ids: Collection[str]) -> dict[str, VerdictOutcome]:
    """What people concluded last about each of these decisions; those that nobody judged are left out."""
    found = repository.newest(session, tenant_id, decision_ids) if decision_ids else []
    return {each.decision_id: VerdictOutcome(each.outcome) for each in found}


def given_on(session: Session, tenant_id: str, decision_id: str) -> Sequence[Verdict]:
    """Every verdict on the decision, oldest first; the last one stands."""
    return repository.verdicts_on(session, tenant_id, decision_id)


def lodge_appeal(session: Session, principal: Principal, decision: StoredDecision, text: str) -> Appeal:
    """
    Raises:
        NotAppealable: the decision was `allow`, is older than 180 days, or has an open appeal.
    """
    _check_appealable(session, principal, decision)
    appeal = Appeal(
        id=new_id("apl"),
        tenant_id=principal.tenant_id,
        decision_id=decision.id,
        text=text,
        state=AppealState.OPEN.value,
        lodged_by=principal.key_id,
        lodged_at=now(),
    )
    session.add(appeal)
    session.flush()
    record(session, principal, "appeal.lodged", appeal.id, {"decision": decision.id})
    return appeal


def resolve_appeal(
    session: Session, principal: Principal, decision: StoredDecision, appeal: Appeal, upheld: bool, note: str
) -> Appeal:
    """Close the appeal; an upheld one becomes a verdict of genuine, which the rule's precision counts.

    Raises:
        Conflict: it is resolved already.
        SecondPersonNeeded: this key lodged the appeal or gave a verdict on the decision before.
    """
    if appeal.state != AppealState.OPEN.value:
        raise Conflict(f"Appeal {appeal.id} is {appeal.state} already.")
    earlier = {
        verdict.given_by for verdict in repository.verdicts_on(session, principal.tenant_id, decision.id)
    }
    if principal.key_id in {*earlier, appeal.lodged_by}:
        raise SecondPersonNeeded("This key lodged the appeal or judged the listing before.")
    appeal.state = (AppealState.UPHELD if upheld else AppealState.REJECTED).value
    appeal.resolved_by, appeal.resolved_at, appeal.resolution = principal.key_id, now(), note
    if upheld:
        give_verdict(session, principal, decision, VerdictOutcome.GENUINE, f"appeal {appeal.id} upheld")
    record(session, principal, "appeal.resolved", appeal.id, {"state": appeal.state})
    payload = {"appeal_id": appeal.id, "decision_id": decision.id, "state": appeal.state}
    publish(session, principal.tenant_id, "appeal.resolved", payload, decision.organisation_id)
    return appeal


def get_appeal(session: Session, principal: Principal, appeal_id: str) -> Appeal:
    """
    Raises:
        NotFound: there is none, or it is against a decision on the listing of another marketplace.
    """
    organisation = _visible_organisation(principal)
    appeal = repository.appeal(session, principal.tenant_id, appeal_id, organisation)
    if appeal is None:
        raise NotFound(f"There is no appeal {appeal_id}.")
    return appeal


def list_appeals(
    session: Session, principal: Principal, state: AppealState | None, after: str | None, limit: int
) -> Sequence[Appeal]:
    organisation, wanted = _visible_organisation(principal), state.value if state else None
    return repository.appeals(session, principal.tenant_id, organisation, wanted, after, limit)


def seller_history(session: Session, tenant_id: str, seller: str) -> list[SellerCase]:
    """Confirmed cases of the seller, those reversed since with the day of their reversal."""
    confirmed: dict[str, SellerCase] = {}
    for verdict in repository.verdicts_on_seller(session, tenant_id, seller):
        day = verdict.given_at.date()
        case = confirmed.get(verdict.decision_id)
        if verdict.outcome == VerdictOutcome.COUNTERFEIT.value and verdict.brand_id is not None:
            confirmed[verdict.decision_id] = SellerCase(verdict.brand_id, case.confirmed_on if case else day)
        elif verdict.outcome == VerdictOutcome.GENUINE.value and case is not None:
            confirmed[verdict.decision_id] = replace(case, reversed_on=day)
    return list(confirmed.values())


def rule_precision(session: Session, tenant_id: str, brand_ids: Collection[str]) -> tuple[RulePrecision, ...]:
    """For each rule and brand the share of its suspicions that people confirmed, as a lower bound."""
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for row in _suspicions(session, tenant_id, brand_ids):
        right, all_ = totals.get((row.rule, row.brand_id), (0, 0))
        totals[row.rule, row.brand_id] = right + row.counterfeit, all_ + row.counterfeit + row.genuine
    return tuple(
        RulePrecision(rule, brand, labelled=all_, lower_bound=clopper_pearson_lower(right, all_))
        for (rule, brand), (right, all_) in sorted(totals.items())
        if all_
    )


def clopper_pearson_lower(successes: int, trials: int) -> float:
    """The exact one-sided lower bound at 95 % confidence (Clopper and Pearson 1934); 0 without successes."""
    return float(beta.ppf(1 - _CONFIDENCE, successes, trials - successes + 1)) if successes else 0.0


def _visible_organisation(principal: Principal) -> str | None:
    return None if principal.role is Role.ADMIN else principal.organisation_id


def _suspicions(
    session: Session, tenant_id: str, brand_ids: Collection[str]
) -> Sequence[repository.Labelled]:
    found = repository.labelled(session, tenant_id, brand_ids) if brand_ids else []
    return [row for row in found if row.automatic_decision in (Decision.BLOCK, Decision.REVIEW)]


def _check_appealable(session: Session, principal: Principal, decision: StoredDecision) -> None:
    if decision.decision not in _APPEALABLE:
        raise NotAppealable(f"The decision was `{decision.decision}`.")
    if now() - decision.decided_at > APPEAL_PERIOD:
        raise NotAppealable(f"It was made on {decision.decided_at:%Y-%m-%d}, over 180 days ago.")
    if repository.open_appeal_on(session, principal.tenant_id, decision.id) is not None:
        raise NotAppealable("An appeal against it is open already.")
