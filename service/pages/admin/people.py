"""People, API keys, organisations and mandates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from service.clock import now
from service.errors import Problem
from service.pages.forms import Form, FormRefused, read, refused
from service.pages.notices import Notice
from service.pages.page import AdminPage, Page
from service.pages.routing import page_router
from service.security import keys, parties, repository
from service.security.principals import Role
from service.security.schemas import Name, Reference
from service.users import service as users
from service.users.schemas import UserIn

router = page_router()
_MOST = 200
_PAGE = 50


class _NewKey(BaseModel):
    organisation_id: Reference
    role: Role
    label: Name
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class _NewOrganisation(BaseModel):
    name: Name


class _NewMandate(BaseModel):
    agent_id: Reference
    owner_id: Reference
    until: date | None = None


@router.get("/admin/people")
def list_people(page: AdminPage, after: str | None = None) -> Response:
    return _people(page, Form(), after=after)


@router.post("/admin/people")
def add_person(page: AdminPage) -> Response:
    """Shows the first password on the page itself, this once."""
    try:
        wanted = read(page, UserIn)
        with page.runtime.database.write() as session:
            holder = parties.organisation_of(session, page.principal.tenant_id, wanted.organisation_id)
            person, password = users.create(
                session, page.principal, holder, wanted.role, wanted.login, wanted.name
            )
    except FormRefused as wrong:
        return _people(page, wrong.form, 422)
    except Problem as problem:
        return _people(page, refused(page, problem.title, "login"), problem.status)
    return _people(page, Form(), 201, shown_once=(person.login, password))


@router.post("/admin/people/{user_id}/reset")
def reset_person(page: AdminPage, user_id: str) -> Response:
    with page.runtime.database.write() as session:
        password = users.reset(session, page.principal, user_id)
        login = users.get(session, page.principal, user_id).login
    return _people(page, Form(), 201, shown_once=(login, password))


@router.post("/admin/people/{user_id}/removal")
def shut_person_out(page: AdminPage, user_id: str) -> Response:
    with page.runtime.database.write() as session:
        users.disable(session, page.principal, user_id)
    return page.go("/admin/people", Notice.SAVED)


@router.post("/admin/people/{user_id}/return")
def let_person_in(page: AdminPage, user_id: str) -> Response:
    with page.runtime.database.write() as session:
        users.enable(session, page.principal, user_id)
    return page.go("/admin/people", Notice.SAVED)


@router.get("/admin/keys")
def list_keys(page: AdminPage, after: str | None = None) -> Response:
    return _keys(page, Form(), after=after)


@router.post("/admin/keys")
def add_key(page: AdminPage) -> Response:
    """Shows the key on the page itself, this once."""
    pepper = page.runtime.settings.signing_key()
    try:
        wanted = read(page, _NewKey)
        until = now() + timedelta(days=wanted.days) if wanted.days else None
        with page.runtime.database.write() as session:
            holder = parties.organisation_of(session, page.principal.tenant_id, wanted.organisation_id)
            _, text = keys.issue(session, pepper, page.principal, holder, wanted.role, wanted.label, until)
    except FormRefused as wrong:
        return _keys(page, wrong.form, 422)
    except Problem as problem:
        return _keys(page, refused(page, problem.title), problem.status)
    return _keys(page, Form(), 201, shown_once=text)


@router.post("/admin/keys/{key_id}/removal")
def revoke_key(page: AdminPage, key_id: str) -> Response:
    with page.runtime.database.write() as session:
        keys.revoke(session, page.principal, key_id)
    return page.go("/admin/keys", Notice.REMOVED)


@router.get("/admin/organisations")
def list_organisations(page: AdminPage) -> Response:
    return _organisations(page, Form())


@router.post("/admin/organisations")
def add_organisation(page: AdminPage) -> Response:
    try:
        wanted = read(page, _NewOrganisation)
        with page.runtime.database.write() as session:
            parties.register(session, page.principal, wanted.name)
    except FormRefused as wrong:
        return _organisations(page, wrong.form, 422)
    except Problem as problem:
        return _organisations(page, refused(page, problem.title, "name"), problem.status)
    return page.go("/admin/organisations", Notice.SAVED)


@router.post("/admin/mandates")
def give_mandate(page: AdminPage) -> Response:
    try:
        wanted = read(page, _NewMandate)
        until = datetime.combine(wanted.until, time.min, UTC) if wanted.until else None
        with page.runtime.database.write() as session:
            parties.give_mandate(session, page.principal, wanted.agent_id, wanted.owner_id, None, until)
    except FormRefused as wrong:
        return _organisations(page, wrong.form, 422)
    except Problem as problem:
        return _organisations(page, refused(page, problem.title, "agent_id"), problem.status)
    return page.go("/admin/organisations", Notice.SAVED)


@router.post("/admin/mandates/{mandate_id}/removal")
def revoke_mandate(page: AdminPage, mandate_id: str) -> Response:
    with page.runtime.database.write() as session:
        parties.revoke_mandate(session, page.principal, mandate_id)
    return page.go("/admin/organisations", Notice.REMOVED)


def _people(
    page: Page,
    form: Form,
    status: int = 200,
    after: str | None = None,
    shown_once: tuple[str, str] | None = None,
) -> Response:
    with page.runtime.database.read() as session:
        found = users.visible(session, page.principal, after, _PAGE + 1)
        return page.show(
            "admin/people.html",
            status,
            form=form,
            people=found[:_PAGE],
            next_after=found[_PAGE - 1].id if len(found) > _PAGE else None,
            organisations=_named(session, page),
            shown_once=shown_once,
            now=now(),
        )


def _keys(
    page: Page, form: Form, status: int = 200, after: str | None = None, shown_once: str | None = None
) -> Response:
    with page.runtime.database.read() as session:
        found = keys.visible(session, page.principal, after, _PAGE + 1)
        return page.show(
            "admin/keys.html",
            status,
            form=form,
            keys=found[:_PAGE],
            next_after=found[_PAGE - 1].id if len(found) > _PAGE else None,
            organisations=_named(session, page),
            shown_once=shown_once,
            now=now(),
        )


def _organisations(page: Page, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        return page.show(
            "admin/organisations.html",
            status,
            form=form,
            organisations=_named(session, page),
            mandates=parties.visible_mandates(session, page.principal, None, _MOST),
            now=now(),
        )


def _named(session: Session, page: Page) -> dict[str, str]:
    """Names of the tenant's first organisations, by their ids."""
    found = repository.organisations(session, page.principal.tenant_id, None, _MOST)
    return {each.id: each.name for each in sorted(found, key=lambda each: each.name.casefold())}
