"""Who may sign in: made, changed and shut out by an administrator; signing in itself, with lockout."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.errors import Conflict, NotFound, TooManyRequests, Unauthenticated, Unprocessable
from service.ids import new_id
from service.security.models import Organisation
from service.security.principals import Principal, Role
from service.text import fold
from service.users import passwords, repository
from service.users.models import User
from service.users.second_factor import FactorSeal, accepted_step

_FREE_FAILURES = 5
_FIRST_LOCK = timedelta(minutes=1)
_LONGEST_LOCK = timedelta(hours=1)
"""A lock that never ended would let anybody shut anybody out for good."""


class SignInRefused(Unauthenticated):
    """In the same words whatever was wrong, so that they tell nothing."""

    slug = "sign-in-refused"
    title = "The name, the password or the code is wrong"
    help = "Try again. An administrator can set a new password with `mizugiwa users reset`."


class LockedOut(TooManyRequests):
    slug = "locked-out"
    title = "Too many attempts were refused"
    help = "Wait until the lock ends; an administrator can end it sooner with `mizugiwa users reset`."


def create(
    session: Session, principal: Principal, organisation: Organisation, role: Role, login: str, name: str
) -> tuple[User, str]:
    """A person of an organisation of the principal's tenant, and a first password, shown this once.

    Raises:
        Conflict: somebody has that login already.
    """
    folded = fold(login)
    if repository.by_login(session, folded) is not None:
        raise Conflict(f"Somebody signs in as {login!r} already; take another name.")
    password = fresh_password()
    person = User(
        id=new_id("usr"),
        tenant_id=principal.tenant_id,
        organisation_id=organisation.id,
        role=role.value,
        login=folded,
        name=name,
        password_hash=passwords.hashed(password),
        totp_step=0,
        failures=0,
        created_at=now(),
    )
    session.add(person)
    session.flush()
    detail = {"organisation_id": organisation.id, "role": role, "login": folded}
    record(session, principal, "user.create", person.id, detail)
    return person, password


def link(session: Session, principal: Principal, person: User, issuer: str, subject: str) -> None:
    """Let the person sign in through the house's identity provider.

    Raises:
        Unprocessable: the house has none.
        Conflict: somebody else is that subject.
    """
    if not issuer:
        raise Unprocessable("`oidc_subject` needs an identity provider; set MIZUGIWA_OIDC_ISSUER.")
    known = repository.by_subject(session, issuer, subject)
    if known is not None and known.id != person.id:
        raise Conflict(f"The subject {subject!r} is somebody else's already.")
    person.oidc_issuer, person.oidc_subject = issuer, subject
    session.flush()
    record(session, principal, "user.link", person.id, {"issuer": issuer, "subject": subject})


def fresh_password() -> str:
    """80 random bits, in letters and digits that are not taken for one another."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def visible(session: Session, principal: Principal, after: str | None, limit: int) -> Sequence[User]:
    return repository.users(session, principal.tenant_id, after, limit)


def names(session: Session, tenant_id: str, ids: Collection[str]) -> dict[str, str]:
    """What those who did something are called: people by their name, keys by their label."""
    return repository.names(session, tenant_id, sorted(ids)) if ids else {}


def get(session: Session, principal: Principal, user_id: str) -> User:
    """
    Raises:
        NotFound: the tenant has no such person.
    """
    person = repository.user(session, principal.tenant_id, user_id)
    if person is None:
        raise NotFound("There is no such person; GET /v1/users lists them.")
    return person


def reset(session: Session, principal: Principal, user_id: str) -> str:
    """A new password, shown this once; the lock, the second factor and every session end."""
    person, password = get(session, principal, user_id), fresh_password()
    person.password_hash = passwords.hashed(password)
    person.totp_sealed, person.totp_step = None, 0
    person.failures, person.locked_until = 0, None
    repository.end_all(session, person.id)
    session.flush()
    record(session, principal, "user.reset", person.id)
    return password


def disable(session: Session, principal: Principal, user_id: str) -> None:
    """Shut a person out at once; the record of what they did stays."""
    person = get(session, principal, user_id)
    if person.disabled_at is None:
        person.disabled_at = now()
        repository.end_all(session, person.id)
        session.flush()
        record(session, principal, "user.disable", person.id)


def enable(session: Session, principal: Principal, user_id: str) -> None:
    person = get(session, principal, user_id)
    if person.disabled_at is not None:
        person.disabled_at = None
        session.flush()
        record(session, principal, "user.enable", person.id)


def change_password(session: Session, person: User, old: str, new: str, session_id: str) -> None:
    """The person's own change; every other session of theirs ends.

    Raises:
        SignInRefused: the old password is another.
        WeakPassword: the new one is soon guessed.
    """
    if not passwords.matches(person.password_hash, old):
        raise SignInRefused("The present password is another.")
    passwords.check_strength(new, person.login, person.name)
    person.password_hash = passwords.hashed(new)
    repository.end_all(session, person.id, but=session_id)
    session.flush()
    record(session, acting(person), "user.password", person.id)


def set_second_factor(session: Session, seal: FactorSeal, person: User, secret: str, code: str) -> None:
    """From now on a code is asked for; the first one proves that the app has the secret.

    Raises:
        SignInRefused: it is not the secret's code of this moment.
    """
    step = accepted_step(secret, code, 0, now())
    if step is None:
        raise SignInRefused("That is not the code that the app shows for this secret now.")
    person.totp_sealed, person.totp_step = seal.seal(person.id, secret), step
    session.flush()
    record(session, acting(person), "user.second_factor.set", person.id)


def drop_second_factor(session: Session, person: User, password: str) -> None:
    """
    Raises:
        SignInRefused: it is not the person's password.
    """
    if not passwords.matches(person.password_hash, password):
        raise SignInRefused("The present password is another.")
    person.totp_sealed, person.totp_step = None, 0
    session.flush()
    record(session, acting(person), "user.second_factor.drop", person.id)


def check_lock(person: User | None) -> None:
    """
    Raises:
        LockedOut: attempts have to wait.
    """
    if person is not None and person.locked_until is not None and person.locked_until > now():
        wait = (person.locked_until - now()).total_seconds()
        raise LockedOut("Signing in as this person has to wait.", retry_after=wait)


def note_failure(session: Session, person: User) -> None:
    """After five, each doubles the wait, from a minute to an hour."""
    person.failures += 1
    over = person.failures - _FREE_FAILURES
    if over >= 0:
        person.locked_until = now() + min(_FIRST_LOCK * 2 ** min(over, 10), _LONGEST_LOCK)
    session.flush()
    record(session, acting(person), "user.sign_in.refused", person.id, {"failures": person.failures})


def note_success(session: Session, person: User) -> None:
    person.failures, person.locked_until, person.signed_in_at = 0, None, now()
    session.flush()
    record(session, acting(person), "user.sign_in", person.id)


def acting(person: User) -> Principal:
    """The person, as the one who does something to their own account."""
    return Principal(person.id, person.tenant_id, person.organisation_id, Role(person.role))
