"""Partners: how this house introduces itself, whom it exchanges signals with, and what would leave it."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

from service.errors import Problem
from service.exchange import dry_run, ending, incidents, partners, repository
from service.exchange.models import PartyKind
from service.exchange.outgoing.pushing import farewell_later
from service.exchange.schemas import (
    Acceptance,
    IntroductionOut,
    NewIntroduction,
    NewPartner,
    PartnerOut,
    Sharing,
)
from service.house_key import house_key
from service.pages.forms import Form, FormRefused, read, refused
from service.pages.notices import Notice
from service.pages.page import AdminPage, Page
from service.pages.routing import page_router

router = page_router()
_MOST = 200
_SHOWN = 50


@router.get("/admin/partners")
def list_partners(page: AdminPage) -> Response:
    return _partners(page, Form())


@router.post("/admin/partners/introduction")
def introduce(page: AdminPage) -> Response:
    try:
        new = read(page, NewIntroduction)
        with page.runtime.database.write() as session:
            partners.introduce(session, page.principal, new)
    except FormRefused as wrong:
        return _partners(page, wrong.form, 422)
    return page.go("/admin/partners", Notice.SAVED)


@router.post("/admin/partners")
def enrol(page: AdminPage) -> Response:
    try:
        new = read(page, NewPartner)
        with page.runtime.database.write() as session:
            made = partners.enrol(session, page.runtime.settings, page.principal, new.card).id
    except FormRefused as wrong:
        return _partners(page, wrong.form, 422)
    except Problem as problem:
        return _partners(page, refused(page, problem.title, "card"), problem.status)
    return page.go(f"/admin/partners/{made}", Notice.SAVED)


@router.get("/admin/partners/{partner_id}")
def show_partner(page: AdminPage, partner_id: str) -> Response:
    return _partner(page, partner_id, Form())


@router.post("/admin/partners/{partner_id}/acceptance")
def accept(page: AdminPage, partner_id: str) -> Response:
    try:
        read_out = read(page, Acceptance).fingerprint
        with page.runtime.database.write() as session:
            partners.accept(session, page.principal, partner_id, read_out)
    except FormRefused as wrong:
        return _partner(page, partner_id, wrong.form, 422)
    except Problem as problem:
        return _partner(page, partner_id, refused(page, problem.help, "fingerprint"), problem.status)
    return page.go(f"/admin/partners/{partner_id}", Notice.SAVED)


@router.post("/admin/partners/{partner_id}/sharing")
def share(page: AdminPage, partner_id: str) -> Response:
    """Boxes that were left empty are not sent by a browser: what is not ticked is not shared."""
    ticked = {name: name in page.form for name in ("shares", "shares_pictures", "shares_descriptors")}
    with page.runtime.database.write() as session:
        partners.share(session, page.principal, partner_id, Sharing(**ticked))
    return page.go(f"/admin/partners/{partner_id}", Notice.SAVED)


@router.post("/admin/partners/{partner_id}/removal")
def end(page: AdminPage, partner_id: str) -> Response:
    with page.runtime.database.write() as session:
        ended = ending.end(page.runtime, session, page.principal, partner_id)
        farewell_later(page.runtime, session, ended)
    return page.go("/admin/partners", Notice.REMOVED)


def _partners(page: Page, form: Form, status: int = 200) -> Response:
    tenant_id = page.principal.tenant_id
    with page.runtime.database.read() as session:
        return page.show(
            "admin/partners.html",
            status,
            form=form,
            introduction=_introduction(page, session),
            kinds=list(PartyKind),
            partners=[
                PartnerOut.of(each) for each in partners.list_partners(session, tenant_id, _MOST, None)
            ],
            incidents=incidents.listed(session, tenant_id, _SHOWN, None)[:_SHOWN],
        )


def _introduction(page: Page, session: Session) -> IntroductionOut | None:
    found = repository.introduction(session, page.principal.tenant_id)
    if found is None:
        return None
    key = house_key(page.runtime.settings.data_dir)
    return IntroductionOut.of(found, key.public, partners.card(session, key, page.principal.tenant_id))


def _partner(page: Page, partner_id: str, form: Form, status: int = 200) -> Response:
    tenant_id = page.principal.tenant_id
    with page.runtime.database.read() as session:
        partner = partners.known_partner(session, tenant_id, partner_id)
        would_leave = dry_run.dry_run(page.runtime.settings, session, tenant_id, partner_id, _SHOWN)
        return page.show(
            "admin/partner.html", status, form=form, partner=PartnerOut.of(partner), leaving=would_leave
        )
