"""HTTP of the exchange for the house's own administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.deps import AdminPrincipal, AuditorPrincipal, ReadSession, RuntimeDep, WriteSession
from service.exchange import dry_run, ending, incidents, naming, partners, polling, repository, signals
from service.exchange.outgoing.pushing import farewell_later
from service.exchange.schemas import (
    Acceptance,
    DryRun,
    GivenOpinion,
    IncidentOut,
    IntroductionOut,
    NewIntroduction,
    NewNominal,
    NewPartner,
    NominalOut,
    PartnerOut,
    PollOut,
    SentNominal,
    Sharing,
    SignalOut,
)
from service.exchange.signals import Brands
from service.house_key import house_key
from service.paging import After, Limit, Page, page_of

router = APIRouter(prefix="/v1/exchange", tags=["exchange"])


@router.put("/introduction")
def introduce(
    new: NewIntroduction, principal: AdminPrincipal, runtime: RuntimeDep, session: WriteSession
) -> IntroductionOut:
    """Say who this house is to others; answers with the card for partners, and the fingerprint to read out."""
    found, key = partners.introduce(session, principal, new), house_key(runtime.settings.data_dir)
    return IntroductionOut.of(found, key.public, partners.card(session, key, principal.tenant_id))


@router.get("/introduction")
def show_introduction(
    principal: AdminPrincipal, runtime: RuntimeDep, session: ReadSession
) -> IntroductionOut:
    """The card for partners, and the fingerprint to read out to them."""
    key = house_key(runtime.settings.data_dir)
    card = partners.card(session, key, principal.tenant_id)
    found = repository.introduction(session, principal.tenant_id)
    assert found is not None  # noqa: S101 - there is a card
    return IntroductionOut.of(found, key.public, card)


@router.post("/partners", status_code=201)
def enrol_partner(
    new: NewPartner,
    principal: AdminPrincipal,
    runtime: RuntimeDep,
    session: WriteSession,
    response: Response,
) -> PartnerOut:
    """First step: hand in the partner's card. Nothing is exchanged before the fingerprint is compared."""
    partner = partners.enrol(session, runtime.settings, principal, new.card)
    response.headers["Location"] = f"/v1/exchange/partners/{partner.id}"
    return PartnerOut.of(partner)


@router.get("/partners")
def list_partners(
    principal: AuditorPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[PartnerOut]:
    found = partners.list_partners(session, principal.tenant_id, limit, after)
    return page_of(found, limit, PartnerOut.of)


@router.get("/partners/{partner_id}")
def show_partner(partner_id: str, principal: AuditorPrincipal, session: ReadSession) -> PartnerOut:
    return PartnerOut.of(partners.known_partner(session, principal.tenant_id, partner_id))


@router.post("/partners/{partner_id}/acceptance", status_code=201)
def accept_partner(
    partner_id: str, acceptance: Acceptance, principal: AdminPrincipal, session: WriteSession
) -> PartnerOut:
    """Second step: the fingerprint as the partner read it out, by telephone or in person."""
    return PartnerOut.of(partners.accept(session, principal, partner_id, acceptance.fingerprint))


@router.patch("/partners/{partner_id}")
def share_with_partner(
    partner_id: str, sharing: Sharing, principal: AdminPrincipal, session: WriteSession
) -> PartnerOut:
    """Say what the partner is told of; what it should not have any more is withdrawn at the next poll."""
    return PartnerOut.of(partners.share(session, principal, partner_id, sharing))


@router.delete("/partners/{partner_id}", status_code=204)
def end_partnership(
    partner_id: str, principal: AdminPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    """At once: everything that the partner sent is deleted, and it is told to delete what it was given."""
    farewell_later(runtime, session, ending.end(runtime, session, principal, partner_id))


@router.get("/partners/{partner_id}/dry-run")
def show_dry_run(
    partner_id: str,
    principal: AuditorPrincipal,
    runtime: RuntimeDep,
    session: ReadSession,
    at_most: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> DryRun:
    """Exactly what would leave the house for this partner, before anything does."""
    return dry_run.dry_run(runtime.settings, session, principal.tenant_id, partner_id, at_most)


@router.post("/partners/{partner_id}/nominal", status_code=201)
def send_nominal(
    partner_id: str, new: NewNominal, principal: AdminPrincipal, runtime: RuntimeDep, session: WriteSession
) -> SentNominal:
    """Send a name: a message of its own, with purpose, legal basis and expiry, at which the partner deletes it."""
    sent = naming.send(runtime.settings, session, principal, partner_id, new)
    return SentNominal(id=sent.id, partner_id=partner_id, expires_at=sent.expires_at)


@router.delete("/partners/{partner_id}/nominal/{nominal_id}", status_code=204)
def take_back_nominal(
    partner_id: str, nominal_id: str, principal: AdminPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    """Have the partner delete it before its expiry."""
    naming.take_back(runtime.settings, session, principal, partner_id, nominal_id)


@router.get("/nominal")
def list_nominal(
    principal: AdminPrincipal,
    runtime: RuntimeDep,
    session: WriteSession,
    limit: Limit = 50,
    after: After = None,
) -> Page[NominalOut]:
    """Names that partners sent, until they expire. That you looked is in the audit log."""
    return page_of(naming.look(runtime.settings, session, principal, limit, after), limit, lambda each: each)


@router.get("/signals")
def list_signals(
    principal: AuditorPrincipal,
    session: ReadSession,
    partner_id: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[SignalOut]:
    """What partners share now."""
    ours = Brands(session, principal.tenant_id)
    found = signals.listed(session, principal.tenant_id, partner_id, limit, after)
    return page_of(
        found, limit, lambda row: SignalOut.of(row, ours.of(row.signal), signals.opinion_on(session, row))
    )


@router.put("/signals/{signal_id}/opinion")
def give_opinion(
    signal_id: str, given: GivenOpinion, principal: AdminPrincipal, runtime: RuntimeDep, session: WriteSession
) -> SignalOut:
    """Confirm or dispute it. A disputed signal blocks nothing, here or at any partner of its sender."""
    row = signals.give_opinion(runtime.settings, session, principal, signal_id, given.opinion)
    return SignalOut.of(row, Brands(session, principal.tenant_id).of(row.signal), given.opinion)


@router.delete("/signals/{signal_id}/opinion", status_code=204)
def take_back_opinion(
    signal_id: str, principal: AdminPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    signals.give_opinion(runtime.settings, session, principal, signal_id, None)


@router.post("/polls", status_code=202)
def poll_now(principal: AdminPrincipal, session: WriteSession) -> PollOut:
    """Visit all partners now instead of at the next minute."""
    return PollOut(job_id=polling.poll_now(session, principal).id)


@router.get("/incidents")
def list_incidents(
    principal: AuditorPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[IncidentOut]:
    """Messages that were refused, by partner, kind and hour; none of them changed anything."""
    return page_of(incidents.listed(session, principal.tenant_id, limit, after), limit, IncidentOut.of)
