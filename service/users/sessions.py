"""Sessions of browsers: a random token in a cookie, its hash in the database, its end in both."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from service.clock import now
from service.errors import Unauthenticated
from service.runtime import Runtime
from service.security import repository as security
from service.security.models import ApiKey
from service.security.principals import Principal, Role
from service.security.service import in_force, owners_of
from service.users import repository
from service.users.models import User, UserSession

IDLE = timedelta(hours=8)
"""A working day: a session that nobody used for so long has ended."""
LONGEST = timedelta(hours=16)
HALF = timedelta(minutes=5)
"""For typing the code of the second factor."""
_NOTED_EVERY = timedelta(minutes=1)


class Stage(StrEnum):
    SECOND_FACTOR = "second_factor"
    """The password was right; the code is awaited."""
    OPEN = "open"


class SessionEnded(Unauthenticated):
    slug = "session-ended"
    title = "You are not signed in, or not any more"
    help = "Sign in again; what was saved is still there."


@dataclass(frozen=True)
class Visitor:
    """Who looks at a page: a person, or the holder of an API key."""

    principal: Principal
    name: str
    user_id: str | None
    session_id: str


def begin(session: Session, who: User | ApiKey, stage: Stage) -> str:
    """Open a session; the token, which goes into the browser's cookie and nowhere else."""
    token, at = secrets.token_urlsafe(32), now()
    repository.end_expired(session, at)
    session.add(
        UserSession(
            id=digest(token),
            tenant_id=who.tenant_id,
            user_id=who.id if isinstance(who, User) else None,
            key_id=who.id if isinstance(who, ApiKey) else None,
            stage=stage.value,
            created_at=at,
            seen_at=at,
            expires_at=at + (IDLE if stage is Stage.OPEN else HALF),
        )
    )
    session.flush()
    return token


def visitor(runtime: Runtime, token: str | None) -> Visitor:
    """Who holds the token of an open session.

    Raises:
        SessionEnded: nobody: it ended, its holder was shut out, or its key was revoked.
    """
    with runtime.database.read() as session:
        found = _in_force(session, token)
        holder = _holder(session, found) if found and found.stage == Stage.OPEN else None
        if found is None or holder is None:
            raise SessionEnded("The session has ended.")
        principal, name = holder
    _note_seen(runtime, found)
    return Visitor(principal, name, found.user_id, found.id)


def half_open(session: Session, token: str | None) -> User:
    """The person whose code is awaited.

    Raises:
        SessionEnded: nobody's is, or too long has passed.
    """
    found = _in_force(session, token)
    person = (
        repository.user(session, found.tenant_id, found.user_id)
        if found and found.user_id and found.stage == Stage.SECOND_FACTOR
        else None
    )
    if person is None or person.disabled_at is not None:
        raise SessionEnded("The time for the code has passed.")
    return person


def end(session: Session, token: str | None) -> None:
    if token:
        repository.end(session, digest(token))


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(signing_key: bytes, session_id: str) -> str:
    """What a form of this session carries; who cannot read its pages cannot know it."""
    return hmac.new(signing_key, f"csrf {session_id}".encode(), hashlib.sha256).hexdigest()


def _in_force(session: Session, token: str | None) -> UserSession | None:
    found = repository.opened(session, digest(token)) if token else None
    at = now()
    return None if found is None or found.expires_at <= at or found.created_at + LONGEST <= at else found


def _holder(session: Session, found: UserSession) -> tuple[Principal, str] | None:
    if found.user_id is not None:
        person = repository.user(session, found.tenant_id, found.user_id)
        return None if person is None or person.disabled_at else (_of_person(session, person), person.name)
    key = security.key(session, found.tenant_id, found.key_id or "")
    if key is None or not in_force(key, now()):
        return None
    owners = owners_of(session, key.tenant_id, key.organisation_id, Role(key.role))
    return Principal(key.id, key.tenant_id, key.organisation_id, Role(key.role), owners), key.label


def _of_person(session: Session, person: User) -> Principal:
    role = Role(person.role)
    owners = owners_of(session, person.tenant_id, person.organisation_id, role)
    return Principal(person.id, person.tenant_id, person.organisation_id, role, owners)


def _note_seen(runtime: Runtime, found: UserSession) -> None:
    at = now()
    if at - found.seen_at >= _NOTED_EVERY:
        with runtime.database.write() as session:
            repository.note_seen(session, found.id, at, min(at + IDLE, found.created_at + LONGEST))
