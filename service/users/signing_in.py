"""Signing in, step by step: password, then code where one is set; or an API key instead of both.

Each step reads, computes outside of any transaction (Argon2 takes its time by design), and writes shortly.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.clock import now
from service.runtime import Runtime
from service.security import repository as security
from service.security.service import authenticate
from service.text import fold
from service.users import passwords, repository, service, sessions
from service.users.second_factor import FactorSeal, accepted_step
from service.users.sessions import Stage


@dataclass(frozen=True)
class Begun:
    token: str
    stage: Stage


def with_password(runtime: Runtime, login: str, password: str) -> Begun:
    """
    Raises:
        SignInRefused: no such person, another password, or a person who was shut out.
        LockedOut: too many attempts were refused.
    """
    with runtime.database.read() as session:
        person = repository.by_login(session, _folded(login))
    service.check_lock(person)
    right = passwords.matches(person.password_hash if person else None, password)
    if person is None or not right or person.disabled_at is not None:
        if person is not None:
            _note_failure(runtime, person.tenant_id, person.id)
        raise service.SignInRefused("Nobody of that name and password may sign in.")
    stage = Stage.SECOND_FACTOR if person.totp_sealed else Stage.OPEN
    with runtime.database.write() as session:
        person = repository.user(session, person.tenant_id, person.id)
        assert person is not None  # noqa: S101 - people are never deleted
        if stage is Stage.OPEN:
            service.note_success(session, person)
        return Begun(sessions.begin(session, person, stage), stage)


def with_code(runtime: Runtime, token: str | None, code: str) -> Begun:
    """The second step; the half-open session ends and a new token takes its place.

    Raises:
        SessionEnded: no password went before, or too long ago.
        SignInRefused: the code is wrong, or was used already.
        LockedOut: too many attempts were refused.
    """
    seal = FactorSeal(runtime.settings.signing_key())
    with runtime.database.write() as session:
        person = sessions.half_open(session, token)
        service.check_lock(person)
        secret = seal.open(person.id, person.totp_sealed or "")
        step = accepted_step(secret, code, person.totp_step, now())
        if step is not None:
            person.totp_step = step
            sessions.end(session, token)
            service.note_success(session, person)
            return Begun(sessions.begin(session, person, Stage.OPEN), Stage.OPEN)
        service.note_failure(session, person)
    raise service.SignInRefused("That is not the code of this moment.")


def with_key(runtime: Runtime, text: str) -> Begun:
    """
    Raises:
        Unauthenticated: the key is wrong, revoked or expired.
    """
    principal = authenticate(runtime, f"Bearer {text.strip()}")
    with runtime.database.write() as session:
        key = security.key(session, principal.tenant_id, principal.key_id)
        assert key is not None  # noqa: S101 - keys are revoked, never deleted
        return Begun(sessions.begin(session, key, Stage.OPEN), Stage.OPEN)


def as_subject(runtime: Runtime, issuer: str, subject: str) -> Begun:
    """Somebody whom the identity provider vouches for; a second factor is its business.

    Raises:
        SignInRefused: nobody here is that subject, or they were shut out.
    """
    with runtime.database.write() as session:
        person = repository.by_subject(session, issuer, subject)
        if person is None or person.disabled_at is not None:
            raise service.SignInRefused("Nobody here is linked to that account.")
        service.note_success(session, person)
        return Begun(sessions.begin(session, person, Stage.OPEN), Stage.OPEN)


def _folded(login: str) -> str:
    """As logins are kept; what no login can be becomes one that nobody has."""
    try:
        return fold(login[:400])[:200]
    except ValueError:
        return ""


def _note_failure(runtime: Runtime, tenant_id: str, user_id: str) -> None:
    with runtime.database.write() as session:
        person = repository.user(session, tenant_id, user_id)
        if person is not None:
            service.note_failure(session, person)
