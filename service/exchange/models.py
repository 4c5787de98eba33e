"""Tables of the exchange: partners, what leaves for them, what they sent, and what was refused."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class PartyKind(StrEnum):
    CUSTOMS = "customs"
    MARKETPLACE = "marketplace"
    BRAND = "brand"


class PartnerState(StrEnum):
    PROPOSED = "proposed"
    """Its card is here; nobody has compared the fingerprint yet, and nothing is exchanged."""
    ACTIVE = "active"
    ENDED = "ended"
    """Its key is kept alone, to tell it so when it asks."""


class PictureState(StrEnum):
    NONE = "none"
    """The partner gives no picture; hashes alone are compared."""
    WANTED = "wanted"
    KEPT = "kept"
    REFUSED = "refused"
    """What the partner gave is not the picture that it signed, or none that can be judged."""


class Introduction(Base):
    """How a house presents itself to others."""

    __tablename__ = "exchange_introductions"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(500))
    """Base URL of this installation; empty where others cannot reach it: it then pulls and pushes itself."""
    place: Mapped[str] = mapped_column(String(16))
    """Country (ISO 3166-1 alpha-2) or UN/LOCODE of the stops that it tells of; empty tells none."""
    changed_at: Mapped[datetime]


class Partner(Base):
    __tablename__ = "exchange_partners"
    __table_args__ = (
        Index(
            "uq_exchange_partners_party",
            "tenant_id",
            "key_id",
            "house",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_exchange_partners_state", "state", "tenant_id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    house: Mapped[str] = mapped_column(String(64))
    """Which house of the partner's installation."""
    public_key: Mapped[str] = mapped_column(String(44))
    key_id: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the public key."""
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10))
    enrolled_by: Mapped[str] = mapped_column(String(40))
    enrolled_at: Mapped[datetime]
    accepted_by: Mapped[str | None] = mapped_column(String(40))
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    shares: Mapped[bool]
    """Confirmed cases are told to it."""
    shares_pictures: Mapped[bool]
    shares_descriptors: Mapped[bool]
    brands: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Ids of the brands that it is told of; None means all."""

    sent_epoch: Mapped[str] = mapped_column(String(40))
    sent_sequence: Mapped[int]
    """Of the last message for it."""
    sent_horizon: Mapped[int]
    """Up to which withdrawals may have been forgotten: a cursor before it begins anew."""
    sent_pushed: Mapped[int]
    """Of the last message that it is known to have."""
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    copy_fingerprint: Mapped[str | None] = mapped_column(String(64))
    """Of its encoder and of its views, as it last told."""

    got_epoch: Mapped[str | None] = mapped_column(String(40))
    """Of its feed; None before the first pull."""
    got_through: Mapped[int]
    """Every message up to this sequence was received, or replaced by one that was or will be."""
    generation: Mapped[int]
    """Counts the snapshots; what the newest did not name is gone when it ends."""
    in_snapshot: Mapped[bool]
    heard_at: Mapped[datetime | None]
    """When the feed was last read to its end."""
    failure: Mapped[str | None] = mapped_column(String(500))
    """Why the last poll did not get there."""


class Outgoing(Base):
    """The newest message about one thing; an older one about it is not kept."""

    __tablename__ = "exchange_outgoing"
    __table_args__ = (UniqueConstraint("partner_id", "slot"),)

    partner_id: Mapped[str] = mapped_column(ForeignKey("exchange_partners.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    slot: Mapped[str] = mapped_column(String(80))
    """Kind and id of the thing: `signal:cft_…`."""
    type: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the body, so that only what changed is sent again."""
    text: Mapped[str] = mapped_column(Text)
    """The signed message; nominal ones are locked with the installation's secret key."""
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class Held(Base):
    """The newest that a partner said about one thing."""

    __tablename__ = "exchange_held"
    __table_args__ = (
        UniqueConstraint("partner_id", "slot"),
        Index("ix_exchange_held_item", "tenant_id", "item_id"),
        Index("ix_exchange_held_about", "tenant_id", "kind", "about"),
        Index("ix_exchange_held_expires_at", "tenant_id", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    partner_id: Mapped[str] = mapped_column(ForeignKey("exchange_partners.id"))
    slot: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(64))
    """The partner's own id of the thing; of an opinion, ours."""
    sequence: Mapped[int]
    generation: Mapped[int]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """None: withdrawn, and kept only until no older message about it can come."""
    box: Mapped[str | None] = mapped_column(Text)
    """What is nominal, locked with the installation's secret key."""
    item_id: Mapped[str | None] = mapped_column(String(40))
    """Of a signal: its id in the index."""
    picture: Mapped[str | None] = mapped_column(String(64), index=True)
    """SHA-256."""
    picture_state: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class Seen(Base):
    """A message that came before those that precede it."""

    __tablename__ = "exchange_seen"

    partner_id: Mapped[str] = mapped_column(ForeignKey("exchange_partners.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    digest: Mapped[str] = mapped_column(String(64))


class AskedOnce(Base):
    """A signed request that was answered; a second one of its id is a replay."""

    __tablename__ = "exchange_asked"

    partner_id: Mapped[str] = mapped_column(ForeignKey("exchange_partners.id"), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Incident(Base):
    """Refused messages of one kind in one hour: counted, so that a forger cannot fill the log."""

    __tablename__ = "exchange_incidents"
    __table_args__ = (UniqueConstraint("tenant_id", "party", "kind", "hour"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    party: Mapped[str] = mapped_column(String(40))
    """Id of the partner; empty for whoever could not be told."""
    kind: Mapped[str] = mapped_column(String(20))
    hour: Mapped[datetime]
    count: Mapped[int]
    detail: Mapped[str] = mapped_column(String(500))
    """Of the last of them."""
    last_at: Mapped[datetime]
