"""Referrals as they cross the border."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.referrals.drafting import ReferralField
from service.referrals.wording import Language

OwnText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]


class NewReferral(BaseModel):
    model_config = ConfigDict(extra="forbid")

    language: Language


class Revision(BaseModel):
    """Words of one's own, by field. A field left out keeps those it has; an empty text gives the machine's back."""

    model_config = ConfigDict(extra="forbid")

    own: Annotated[dict[ReferralField, OwnText], Field(min_length=1)]


class FieldOut(BaseModel):
    field: ReferralField
    label: str
    machine: str
    """As it was drafted."""
    own: str | None
    """The officer's words."""
    text: str
    """What the referral says: the officer's words where there are some."""


class ReferralLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    language: Language
    version: int
    written_by: str
    written_at: datetime


class ReferralOut(ReferralLine):
    title: str
    fields: list[FieldOut]
    addressee: list[str]
    """From the case's parties, where they are kept; that they were read is on record."""
