"""What an endpoint may ask for, as named aliases, so that a signature reads like a sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from service.errors import Forbidden, Unauthenticated
from service.runtime import Runtime
from service.security.gate import Gate
from service.security.principals import Principal, Role
from service.security.service import authenticate
from service.users.browsers import session_cookie, signed_in


async def _runtime(request: Request) -> Runtime:  # plain functions go to a thread: dearer than this
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


def _read_session(runtime: RuntimeDep) -> Iterator[Session]:
    with runtime.database.read() as session:
        yield session


def _write_session(runtime: RuntimeDep) -> Iterator[Session]:
    with runtime.database.write() as session:
        yield session


ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
"""Commits before the answer is sent; rolled back when the endpoint raises."""


_BEARER = HTTPBearer(auto_error=False, scheme_name="API key", description="`mizugiwa keys create` makes one.")
"""Only says in the API document how to ask; `authenticate` reads the header and answers in our own words."""


def _principal(
    request: Request,
    response: Response,
    runtime: RuntimeDep,
    _documented: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Principal:
    gate: Gate = request.app.state.gate
    authorization = request.headers.get("Authorization")
    if authorization is None and session_cookie(request) is not None:
        principal = signed_in(runtime, request).principal
        response.headers.update(gate.admit(principal))
        return principal
    try:
        principal = authenticate(runtime, authorization)
    except Unauthenticated as refused:
        if authorization is not None:
            gate.count_failure(request.client.host if request.client else "", str(refused.__cause__))
        raise
    response.headers.update(gate.admit(principal))
    gate.note_use(principal, runtime.database, runtime.pool)
    return principal


CurrentPrincipal = Annotated[Principal, Depends(_principal)]


def requires(*roles: Role) -> Callable[[Principal], Awaitable[Principal]]:
    """A dependency that lets these roles pass and answers 403 to the others."""

    async def checked(principal: CurrentPrincipal) -> Principal:
        if principal.role not in roles:
            allowed = ", ".join(roles)
            raise Forbidden(f"This key has the role {principal.role}; this needs one of: {allowed}.")
        return principal

    return checked


AdminPrincipal = Annotated[Principal, Depends(requires(Role.ADMIN))]
PlatformPrincipal = Annotated[Principal, Depends(requires(Role.PLATFORM, Role.ADMIN))]
OwnerPrincipal = Annotated[Principal, Depends(requires(Role.BRAND_OWNER, Role.AGENT, Role.ADMIN))]
AuditorPrincipal = Annotated[Principal, Depends(requires(Role.AUDITOR, Role.ADMIN))]
