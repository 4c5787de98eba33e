"""Links and opinions as they cross the border."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from service.fields import Name
from service.opinions.models import Answer, LinkPurpose

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Finding(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_VISIBLE = "not_visible"


class RequestStanding(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    OVER = "over"
    """Nobody is heard any more."""


class NewLink(BaseModel):
    model_config = ConfigDict(extra="forbid")

    recipient: Name
    """Who gets it; written across every picture that is seen through it."""
    expires_at: AwareDatetime | None = None
    """With the right holder's clock if left out, or ten days from now where none runs; never later than the clock."""


class LinkOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    purpose: LinkPurpose
    recipient: str
    deadline_key: str | None
    expires_at: datetime
    revoked_at: datetime | None
    created_at: datetime


class NewLinkOut(LinkOut):
    token: str
    """Shown this once."""
    link: str
    """To be sent to the recipient: the token stands behind `#`, so that no server's log ever has it."""


class ViewingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    what: str
    at: datetime
    address: str


class Point(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    finding: Finding
    note: Text = ""


class NewOpinion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: Answer
    points: Annotated[list[Point], Field(max_length=50)] = []
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]


class EvidenceOut(BaseModel):
    name: str
    sha256: str
    bytes: int
    format: str


class OpinionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    link_id: str
    answer: Answer
    points: list[Point]
    reason: str
    evidence: list[EvidenceOut]
    given_at: datetime


class Request(BaseModel):
    """What the recipient of a link sees: what it is asked, by when, and nothing of any party."""

    case_id: str
    recipient: str
    purpose: LinkPurpose
    brand: str
    article: str
    quantity: str
    pictures: list[int]
    """Numbers of the pictures that can be looked at."""
    answer_by: datetime
    answer_by_local: str
    clock: str
    """Which clock this is, with its source."""
    notice: str
    """What the pictures may be used for."""
    answered: list[Answer]
    """What was answered through this link so far; the last one counts."""


class RequestLine(BaseModel):
    """A request in the list of those who are asked."""

    id: str
    case_id: str
    brand_id: str
    brand: str
    article: str
    asked_at: datetime
    answer_by: datetime
    answer_by_local: str
    clock: str
    standing: RequestStanding
    open: bool
    """Whether it can be looked at, and answered once more."""
    answer: Answer | None
    """What was answered last, through whichever link to the case."""
