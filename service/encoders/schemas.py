"""What the endpoints of encoders take and answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class InstalledOut(BaseModel):
    name: str
    precision: str
    dimension: int
    fingerprint: str
    installed_at: str
    serves: bool


class SpaceOut(BaseModel):
    """Vectors of one kind, made by one encoder; vectors of two spaces are never compared."""

    name: str
    kind: str
    encoder: str
    dimension: int
    vectors: int
    revision: int
    in_use: bool


class PartOut(BaseModel):
    """A part of the index that serves, as it is in memory now."""

    kind: str
    library: str
    modality: str
    main: int
    fresh: int
    removed: int
    lists: int
    """0 where search reads every row."""
    recall_at_10: float | None
    """As measured when the part was last trained or compacted; null where search is exact."""


class EncoderStatus(BaseModel):
    encoder: str
    fingerprint: str
    revision: int
    installed: list[InstalledOut]
    spaces: list[SpaceOut]
    parts: list[PartOut]
    """Of the caller's own tenant."""


class MoveIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    encoder: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """Name of an installed encoder."""


class MoveAccepted(BaseModel):
    job_id: str
