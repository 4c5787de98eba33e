"""The record of every vector. An index is a copy that catches up with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class Space(Base):
    """One kind of vectors that may be compared with each other: an encoder's, its views', or the perceptual hash's."""

    __tablename__ = "spaces"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    incarnation: Mapped[str] = mapped_column(String(40))
    """Changes when a space of this name is made anew, so that an old snapshot is not taken for it."""
    kind: Mapped[str] = mapped_column(String(16))
    encoder: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(16))
    dimension: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    """Counts changes without a gap: a writer adds to it under the row's lock until it commits."""
    active: Mapped[bool]
    created_at: Mapped[datetime]


class StoredVector(Base):
    __tablename__ = "vectors"
    __table_args__ = (Index("ix_vectors_item_id", "item_id"),)

    space: Mapped[str] = mapped_column(ForeignKey("spaces.name"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(40))
    library: Mapped[str] = mapped_column(String(16))
    modality: Mapped[str] = mapped_column(String(8))
    brand_id: Mapped[str] = mapped_column(String(40))
    blob: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the picture, from which another encoder can make its own vector."""
    data: Mapped[bytes] = mapped_column(LargeBinary)
    """float32, little-endian, of length 1."""


class VectorChange(Base):
    """That an item was added, replaced or removed; which of them, `vectors` tells."""

    __tablename__ = "vector_changes"

    space: Mapped[str] = mapped_column(ForeignKey("spaces.name"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40))
