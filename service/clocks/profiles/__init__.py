"""Legal clocks as data: one TOML file a procedure, every deadline with its source."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Count = Annotated[int, Field(ge=1, le=366)]


class ProfileUnknown(LookupError):
    """No file describes a procedure of that name."""

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"There is no clock profile {wanted[:60]!r}; there are: {', '.join(sorted(profiles()))}."
        )


class Moment(StrEnum):
    """What happened that starts a clock or meets it."""

    PRESENTED = "presented"
    """Goods presented for examination."""
    DETAINED = "detained"
    NOTIFIED = "notified"
    """Both sides were told."""
    APPLICATION_FILED = "application_filed"
    DISPUTED = "disputed"
    OPINIONS_INVITED = "opinions_invited"
    IMPORTER_ANSWERED = "importer_answered"
    HOLDER_ANSWERED = "holder_answered"
    DECIDED = "decided"


class CaseState(StrEnum):
    FOUND = "found"
    NOTIFIED = "notified"
    DISPUTED = "disputed"
    SILENT = "silent"
    OPINIONS = "opinions"
    EVIDENCE = "evidence"
    DECIDED = "decided"
    DESTROYED = "destroyed"
    RELEASED = "released"

    @property
    def is_over(self) -> bool:
        return self in (CaseState.DESTROYED, CaseState.RELEASED)


class Party(StrEnum):
    CUSTOMS = "customs"
    IMPORTER = "importer"
    RIGHT_HOLDER = "right_holder"


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Data):
    en: str
    ja: str


class Closure(_Data):
    """Days on which the authority is closed every year, both included, within one year."""

    start: MonthDay = Field(alias="from")
    end: MonthDay = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("a closure that spans New Year is written as two")
        return self


class CalendarRules(_Data):
    source: str
    zones: dict[str, tuple[str, ...]]
    """Time zones by country, the usual one first."""
    closures: tuple[Closure, ...] = ()


class DeadlineRule(_Data):
    """Exactly one of `working_days`, `days` and `months` says how long it is."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    title: Title
    party: Party
    """Who has to act."""
    starts: Moment
    met_by: tuple[Moment, ...]
    open_in: tuple[CaseState, ...]
    """States in which it matters; once the case is in another one it is settled."""
    source: Annotated[str, StringConstraints(min_length=10)]
    working_days: Count | None = None
    days: Count | None = None
    months: Count | None = None
    perishable_working_days: Count | None = None
    extension_working_days: Count | None = None
    only_without_application: bool = False
    binding: bool = True
    """False for an aim of the authority."""

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if sum(each is not None for each in (self.working_days, self.days, self.months)) != 1:
            raise ValueError(f"{self.key} needs exactly one of working_days, days and months")
        return self


class Profile(_Data):
    id: str
    version: str
    title: Title
    calendar: CalendarRules
    deadlines: tuple[DeadlineRule, ...]
    silence_settles: bool
    """Whether a decision may follow the importer's silence without the right holder's opinion."""
    silence_source: str

    @property
    def extendable(self) -> bool:
        return any(each.extension_working_days for each in self.deadlines)

    def rule(self, key: str) -> DeadlineRule:
        """The deadline of that key. Raises KeyError where the profile has none."""
        return {each.key: each for each in self.deadlines}[key]


@cache
def profiles() -> dict[str, Profile]:
    """Every procedure by its id.

    Raises:
        pydantic.ValidationError: a file is not as a profile has to be.
    """
    found = (
        Profile.model_validate(tomllib.loads(path.read_text("utf-8")))
        for path in Path(__file__).parent.glob("*.toml")
    )
    return {each.id: each for each in sorted(found, key=lambda each: each.id)}


def profile(name: str) -> Profile:
    """Raises: ProfileUnknown: there is no procedure of that id."""
    try:
        return profiles()[name]
    except KeyError:
        raise ProfileUnknown(name) from None
