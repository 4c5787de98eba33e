"""Links by which a right holder sees a case, who looked at what through them, and what it answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class LinkPurpose(StrEnum):
    """What a link may be used for; nothing else can be done with it."""

    OPINION = "opinion"


class Answer(StrEnum):
    GENUINE = "genuine"
    COUNTERFEIT = "counterfeit"
    CANNOT_TELL = "cannot_tell"


class OpinionLink(Base):
    """Bound to one case, one recipient, one purpose. Only a keyed hash of the secret is stored."""

    __tablename__ = "opinion_links"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    recipient: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    deadline_key: Mapped[str | None] = mapped_column(String(40))
    """The clock that it expires with; None where it has an expiry of its own."""
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class LinkViewing(Base):
    """That something was looked at through a link."""

    __tablename__ = "opinion_link_viewings"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    link_id: Mapped[str] = mapped_column(ForeignKey("opinion_links.id"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))


class Opinion(Base):
    __tablename__ = "opinions"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    link_id: Mapped[str] = mapped_column(ForeignKey("opinion_links.id"))
    answer: Mapped[str] = mapped_column(String(16))
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Of each file: name, sha256, bytes, format."""
    given_at: Mapped[datetime]
