"""People who sign in to the pages, over HTTP, for administrators."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.deps import AdminPrincipal, ReadSession, RuntimeDep, WriteSession
from service.paging import After, Limit, Page, page_of
from service.security import parties
from service.users import service
from service.users.schemas import NewUserOut, PasswordOut, UserIn, UserOut

router = APIRouter(prefix="/v1/users", tags=["users"])


@router.post("", status_code=201)
def create_user(
    wanted: UserIn, principal: AdminPrincipal, session: WriteSession, runtime: RuntimeDep, response: Response
) -> NewUserOut:
    """Somebody who may sign in to the pages; the answer is the one time that the first password can be read."""
    holder = parties.organisation_of(session, principal.tenant_id, wanted.organisation_id)
    person, password = service.create(session, principal, holder, wanted.role, wanted.login, wanted.name)
    if wanted.oidc_subject is not None:
        service.link(session, principal, person, runtime.settings.oidc_issuer, wanted.oidc_subject)
    response.headers["Location"] = f"/v1/users/{person.id}"
    return NewUserOut(**UserOut.of(person).model_dump(), password=password)


@router.get("")
def list_users(
    principal: AdminPrincipal, session: ReadSession, after: After = None, limit: Limit = 50
) -> Page[UserOut]:
    """Everybody of the tenant, those who were shut out included."""
    return page_of(service.visible(session, principal, after, limit + 1), limit, UserOut.of)


@router.get("/{user_id}")
def show_user(user_id: str, principal: AdminPrincipal, session: ReadSession) -> UserOut:
    return UserOut.of(service.get(session, principal, user_id))


@router.post("/{user_id}/reset", status_code=201)
def reset_user(user_id: str, principal: AdminPrincipal, session: WriteSession) -> PasswordOut:
    """A new password; the lock, the second factor and every session of the person end."""
    return PasswordOut(password=service.reset(session, principal, user_id))


@router.delete("/{user_id}", status_code=204)
def disable_user(user_id: str, principal: AdminPrincipal, session: WriteSession) -> None:
    """Shut the person out at once; what they did stays on record under their id."""
    service.disable(session, principal, user_id)


@router.post("/{user_id}/return", status_code=204)
def enable_user(user_id: str, principal: AdminPrincipal, session: WriteSession) -> None:
    """Let a person in again who was shut out."""
    service.enable(session, principal, user_id)
