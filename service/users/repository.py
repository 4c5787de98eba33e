"""SQL of people and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from service.security.models import ApiKey
from service.users.models import User, UserSession


def by_login(session: Session, login: str) -> User | None:  # all tenants: the login says which one
    return session.scalar(select(User).where(User.login == login))


def by_subject(session: Session, issuer: str, subject: str) -> User | None:  # all tenants: as by_login
    return session.scalar(select(User).where(User.oidc_issuer == issuer, User.oidc_subject == subject))


def user(session: Session, tenant_id: str, user_id: str) -> User | None:
    return session.scalar(select(User).where(User.tenant_id == tenant_id, User.id == user_id))


def users(session: Session, tenant_id: str, after: str | None, limit: int) -> Sequence[User]:
    query = select(User).where(User.tenant_id == tenant_id, User.id > (after or ""))
    return session.scalars(query.order_by(User.id).limit(limit)).all()


def names(session: Session, tenant_id: str, ids: Sequence[str]) -> dict[str, str]:
    """What people and keys of the tenant are called, by id."""
    people = select(User.id, User.name).where(User.tenant_id == tenant_id, User.id.in_(ids))
    keys = select(ApiKey.id, ApiKey.label).where(ApiKey.tenant_id == tenant_id, ApiKey.id.in_(ids))
    return {row[0]: row[1] for query in (people, keys) for row in session.execute(query)}


def opened(session: Session, token_hash: str) -> UserSession | None:  # all tenants: the token says which one
    return session.get(UserSession, token_hash)


def note_seen(
    session: Session, token_hash: str, at: datetime, expires_at: datetime
) -> None:  # all tenants: by the hash of a token
    session.execute(
        update(UserSession).where(UserSession.id == token_hash).values(seen_at=at, expires_at=expires_at)
    )


def end(session: Session, token_hash: str) -> None:  # all tenants: by the hash of a token
    session.execute(delete(UserSession).where(UserSession.id == token_hash))


def end_all(
    session: Session, user_id: str, but: str | None = None
) -> None:  # all tenants: of a person who was found in theirs
    """Every session of the person, or every other one."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.id != (but or "")))


def end_expired(session: Session, at: datetime) -> None:  # all tenants: what is over is over for all
    session.execute(delete(UserSession).where(UserSession.expires_at <= at))
