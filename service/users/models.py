"""People, and the sessions of their browsers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class User(Base):
    """A person of one organisation, with one role."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str] = mapped_column(String(16))
    login: Mapped[str] = mapped_column(String(200), unique=True)
    """Folded; unique in the whole installation, for the sign-in page asks for no tenant."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id in PHC form; None where the person signs in elsewhere (OIDC) or has been given no password yet."""
    totp_sealed: Mapped[str | None] = mapped_column(Text)
    totp_step: Mapped[int]
    """The last time step that was accepted, so that a code opens once (RFC 6238, 5.2)."""
    failures: Mapped[int]
    """Refused attempts since the last success."""
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    oidc_issuer: Mapped[str | None] = mapped_column(String(300))
    oidc_subject: Mapped[str | None] = mapped_column(String(255))


class UserSession(Base):
    """A browser that has been signed in, by a person or with an API key; only a hash of its token is kept."""

    __tablename__ = "user_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the token, in hexadecimal digits."""
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    key_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id"), index=True)
    stage: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """To the minute, so that looking does not mean writing."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
