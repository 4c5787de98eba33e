"""Cases as they cross the border."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from service.cases.models import PartyRole, SubjectKind
from service.cases.transitions import BY_HAND, Step
from service.clocks.deadlines import DeadlineState
from service.clocks.profiles import CaseState, Party
from service.text import clean
from service.verdicts.models import VerdictOutcome

_Clean = BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)
Line = Annotated[str, _Clean, StringConstraints(max_length=500)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SubjectRef(_In):
    kind: SubjectKind
    id: Annotated[str, StringConstraints(max_length=40)]


class Goods(_In):
    """As the form of a referral asks for them; what is not known stays empty."""

    article: Line = ""
    quantity: Line = ""
    content: Line = ""
    item_number: Line = ""
    """Of the declaration, or of the postal item."""


class NewCase(_In):
    subject: SubjectRef
    profile: Annotated[str, StringConstraints(max_length=40)]
    """Which procedure's clock it runs under; `GET /v1/clocks` lists them."""
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    """Where the procedure has several; ISO 3166-1 alpha-2."""
    subdivision: Annotated[str, StringConstraints(max_length=10)] | None = None
    """Where regions have holidays of their own."""
    time_zone: Annotated[str, StringConstraints(max_length=64)] | None = None
    brand_id: Annotated[str, StringConstraints(max_length=40)] | None = None
    """One that the subject speaks of; the likeliest if left out."""
    presented_at: AwareDatetime | None = None
    """When the goods were presented for examination; now if left out."""
    perishable: bool = False
    application: bool = True
    """Whether customs had accepted an application for the right before."""
    goods: Goods = Goods()
    why: Why


class NewStep(_In):
    step: Annotated[Step, Field(json_schema_extra={"enum": sorted(BY_HAND)})]
    at: AwareDatetime | None = None
    """When it took effect; now if left out."""
    why: Why
    outcome: (
        Literal[VerdictOutcome.COUNTERFEIT, VerdictOutcome.GENUINE, VerdictOutcome.CANNOT_TELL] | None
    ) = None
    """For `decided`."""


class FactChanges(_In):
    """What turned out to be otherwise. Deadlines are computed again."""

    perishable: bool | None = None
    application: bool | None = None
    goods: Goods | None = None
    why: Why


class Extension(_In):
    why: Why
    """The reasoned request that was granted."""


class NewParty(_In):
    role: PartyRole
    name: Annotated[str, _Clean, StringConstraints(min_length=1, max_length=200)]
    address: Line = ""
    occupation: Line = ""
    contact: Line = ""


class PartyOut(NewParty):
    id: str
    added_at: datetime


class DeadlineOut(BaseModel):
    key: str
    title: str
    party: Party
    binding: bool
    """False for an aim of the authority."""
    last_day: date
    """The last day on which it is in time, where the authority is."""
    due_at: datetime
    """The midnight with which that day ends, in UTC."""
    due_at_local: str
    """The same moment where the authority is, with its time zone."""
    state: DeadlineState
    overdue: bool
    settled_at: datetime | None
    source: str


class StepOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    step: Step
    at: datetime
    before: CaseState
    after: CaseState
    why: str
    done_by: str
    recorded_at: datetime


class PictureOut(BaseModel):
    number: int
    sha256: str
    known_counterfeit: dict[str, str] | None


class CaseLine(BaseModel):
    """A case in a list."""

    id: str
    subject: SubjectRef
    brand_id: str | None
    profile: str
    state: CaseState
    outcome: VerdictOutcome | None
    opened_at: datetime
    next_due: DeadlineOut | None
    """The open deadline that is nearest, or longest past."""
    overdue: bool


class CaseOut(CaseLine):
    """A case as officers see it. Parties have an address of their own."""

    country: str
    subdivision: str | None
    time_zone: str
    perishable: bool
    extended: bool
    application: bool
    goods: Goods
    holder_answer: VerdictOutcome | None
    deadlines: list[DeadlineOut]
    possible_steps: list[Step]
    pictures: list[PictureOut]
    evidence: str | None
    """Where the signed bundle is, for a decision on a listing."""
    closed_at: datetime | None


class OwnCaseOut(BaseModel):
    """A case of one's own brand as a brand owner sees it: nothing of who is behind it."""

    id: str
    brand_id: str
    state: CaseState
    outcome: VerdictOutcome | None
    opened_at: datetime
    article: str
    deadlines: list[DeadlineOut]
    """Its own alone."""
    holder_answer: VerdictOutcome | None


class NoticeAccuracy(BaseModel):
    """How often the brand was right when it called something counterfeit."""

    brand_id: str
    since: datetime
    upheld: int
    decided: int
    share: float | None
    """Null while nothing was decided."""
