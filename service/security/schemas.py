"""What the endpoints of keys, organisations and mandates take and answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from service.security.keys import LONGEST_GRACE
from service.security.principals import Role

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$"),
]
Reference = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z]{3}_[0-9a-f]+$")]


class KeyIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    organisation_id: Reference
    role: Role
    label: Name
    expires_at: AwareDatetime | None = None


class KeyOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    organisation_id: str
    role: Role
    label: str
    prefix: str
    """How the key begins after `mzg_`; enough to recognise it, useless without the rest."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    """To the hour."""
    replaced_by: str | None


class NewKeyOut(KeyOut):
    key: str
    """The key itself. It is shown this once; only a hash of it is kept."""


class RotationIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grace_seconds: int = Field(default=3600, ge=0, le=int(LONGEST_GRACE.total_seconds()))
    """How long the old key stays valid beside the new one."""

    @property
    def grace(self) -> timedelta:
        return timedelta(seconds=self.grace_seconds)


class OrganisationIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name


class OrganisationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    created_at: datetime


class MandateIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agent_id: Reference
    owner_id: Reference
    valid_from: AwareDatetime | None = None
    """Now if not given."""
    valid_until: AwareDatetime | None = None
    """Open if not given; the moment itself is outside."""


class MandateOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    agent_id: str
    owner_id: str
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
