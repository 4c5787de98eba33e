"""Tables of a case: from goods found to goods destroyed or released, under a legal clock."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class SubjectKind(StrEnum):
    """What a case may be about."""

    DECISION = "decision"
    """On a listing."""
    INSPECTION = "inspection"
    """Of a parcel."""


class PartyRole(StrEnum):
    IMPORTER = "importer"
    ADDRESSEE = "addressee"
    SENDER = "sender"
    SELLER = "seller"
    DECLARANT = "declarant"


class Case(Base):
    """`seller` is the account by which the seller's history is kept; names of parties are kept apart."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_tenant_id_state", "tenant_id", "state"),
        Index("ix_cases_tenant_id_subject", "tenant_id", "subject_kind", "subject_id"),
        Index("ix_cases_tenant_id_brand_id_decided_at", "tenant_id", "brand_id", "decided_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    """Whose finding it is: a marketplace sees the cases of its own listings alone."""
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(40))
    brand_id: Mapped[str | None] = mapped_column(ForeignKey("brands.id"))
    seller: Mapped[str] = mapped_column(String(200))
    profile: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(10))
    time_zone: Mapped[str] = mapped_column(String(64))
    perishable: Mapped[bool]
    extended: Mapped[bool]
    application: Mapped[bool]
    """Whether customs had accepted an application for the right before the goods were found."""
    goods: Mapped[dict[str, str]] = mapped_column(JSON)
    """Article, quantity, content and item number, as far as they are known."""
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    holder_answer: Mapped[str | None] = mapped_column(String(16))
    """What the right holder said last; its notice, where it said counterfeit."""
    opened_by: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class CaseStep(Base):
    """What somebody did, when it took effect, why. Never changed."""

    __tablename__ = "case_steps"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    step: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    """When it took effect: clocks count from here."""
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(Text)
    done_by: Mapped[str] = mapped_column(String(40))
    recorded_at: Mapped[datetime]


class CaseDeadline(Base):
    """One running or past deadline of a case; computed again whenever the facts change."""

    __tablename__ = "case_deadlines"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("ix_case_deadlines_state_due_at", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(String(40))
    party: Mapped[str] = mapped_column(String(16))
    binding: Mapped[bool]
    started_at: Mapped[datetime]
    last_day: Mapped[date]
    """In the case's time zone; the deadline passes when this day ends."""
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8))
    settled_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]


class CasePicture(Base):
    __tablename__ = "case_pictures"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    known_counterfeit: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What came of offering it as a known counterfeit once the case was confirmed: an id, or why it was refused."""


class CaseParty(Base):
    """Somebody with a name and a role. What is nominal is encrypted and is read by officers alone."""

    __tablename__ = "case_parties"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime]
