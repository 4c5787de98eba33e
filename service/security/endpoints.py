"""Keys, organisations and mandates over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response, status

from service.clock import now
from service.deps import AdminPrincipal, CurrentPrincipal, ReadSession, RuntimeDep, WriteSession, requires
from service.errors import Unprocessable
from service.paging import After, Limit, Page, page_of
from service.security import keys, parties, repository
from service.security.models import ApiKey
from service.security.principals import Principal, Role
from service.security.schemas import (
    KeyIn,
    KeyOut,
    MandateIn,
    MandateOut,
    NewKeyOut,
    OrganisationIn,
    OrganisationOut,
    RotationIn,
)

router = APIRouter(prefix="/v1", tags=["security"])
Party = Annotated[Principal, Depends(requires(Role.ADMIN, Role.BRAND_OWNER, Role.AGENT))]


@router.post("/keys", status_code=status.HTTP_201_CREATED)
def create_key(
    wanted: KeyIn, principal: AdminPrincipal, session: WriteSession, runtime: RuntimeDep, response: Response
) -> NewKeyOut:
    """A new key of an organisation; the answer is the one time that the key itself can be read."""
    if wanted.expires_at is not None and wanted.expires_at <= now():
        raise Unprocessable("`expires_at` is in the past; such a key could never be used.")
    holder = parties.organisation_of(session, principal.tenant_id, wanted.organisation_id)
    key, text = keys.issue(
        session,
        runtime.settings.signing_key(),
        principal,
        holder,
        wanted.role,
        wanted.label,
        wanted.expires_at,
    )
    return _shown_once(key, text, response)


@router.get("/keys")
def list_keys(
    principal: CurrentPrincipal, session: ReadSession, after: After = None, limit: Limit = 50
) -> Page[KeyOut]:
    """Every key of the tenant for an administrator; for anyone else the one that asks."""
    return page_of(keys.visible(session, principal, after, limit + 1), limit, KeyOut.model_validate)


@router.delete("/keys/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
def revoke_key(key_id: str, principal: CurrentPrincipal, session: WriteSession) -> None:
    """Ends the key at once. Anyone may end the key in hand, an administrator every key of the tenant."""
    keys.revoke(session, principal, key_id)


@router.post("/keys/{key_id}/rotation", status_code=status.HTTP_201_CREATED)
def rotate_key(
    key_id: str,
    principal: CurrentPrincipal,
    session: WriteSession,
    runtime: RuntimeDep,
    response: Response,
    wanted: Annotated[RotationIn | None, Body()] = None,
) -> NewKeyOut:
    """A new key, valid now; the old one stays valid for the period of grace, so that nothing stands still."""
    grace = (wanted or RotationIn()).grace
    key, text = keys.rotate(session, runtime.settings.signing_key(), principal, key_id, grace)
    return _shown_once(key, text, response)


@router.post("/organisations", status_code=status.HTTP_201_CREATED)
def create_organisation(
    wanted: OrganisationIn, principal: AdminPrincipal, session: WriteSession, response: Response
) -> OrganisationOut:
    """A party of the tenant: brand owner, agent, marketplace or customs house."""
    made = parties.register(session, principal, wanted.name)
    response.headers["Location"] = f"/v1/organisations/{made.id}"
    return OrganisationOut.model_validate(made)


@router.get("/organisations")
def list_organisations(
    principal: AdminPrincipal, session: ReadSession, after: After = None, limit: Limit = 50
) -> Page[OrganisationOut]:
    """Parties of the tenant."""
    found = repository.organisations(session, principal.tenant_id, after, limit + 1)
    return page_of(found, limit, OrganisationOut.model_validate)


@router.post("/mandates", status_code=status.HTTP_201_CREATED)
def create_mandate(
    wanted: MandateIn, principal: AdminPrincipal, session: WriteSession, response: Response
) -> MandateOut:
    """Lets an agent act for an owner."""
    made = parties.give_mandate(
        session, principal, wanted.agent_id, wanted.owner_id, wanted.valid_from, wanted.valid_until
    )
    response.headers["Location"] = f"/v1/mandates/{made.id}"
    return MandateOut.model_validate(made)


@router.get("/mandates")
def list_mandates(
    principal: Party, session: ReadSession, after: After = None, limit: Limit = 50
) -> Page[MandateOut]:
    """All of the tenant for an administrator; for others those that they gave or hold."""
    found = parties.visible_mandates(session, principal, after, limit + 1)
    return page_of(found, limit, MandateOut.model_validate)


@router.delete("/mandates/{mandate_id}", status_code=status.HTTP_204_NO_CONTENT)
def revoke_mandate(mandate_id: str, principal: AdminPrincipal, session: WriteSession) -> None:
    """Ends the mandate at once."""
    parties.revoke_mandate(session, principal, mandate_id)


def _shown_once(key: ApiKey, text: str, response: Response) -> NewKeyOut:
    response.headers["Location"] = f"/v1/keys/{key.id}"
    return NewKeyOut(**KeyOut.model_validate(key).model_dump(), key=text)
