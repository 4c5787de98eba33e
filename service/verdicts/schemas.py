"""Verdicts and appeals as they cross the border."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from service.verdicts.models import Appeal, AppealState, Verdict, VerdictOutcome

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]


class NewVerdict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    outcome: VerdictOutcome
    note: Note = ""


class VerdictOut(BaseModel):
    id: str
    decision_id: str
    outcome: VerdictOutcome
    note: str
    given_at: datetime

    @classmethod
    def of(cls, row: Verdict) -> VerdictOut:
        return cls(
            id=row.id,
            decision_id=row.decision_id,
            outcome=VerdictOutcome(row.outcome),
            note=row.note,
            given_at=row.given_at,
        )


class NewAppeal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Text
    """The seller's own words."""


class Resolution(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upheld: bool
    """True: the seller was right, and the decision is reversed."""
    note: Text


class AppealOut(BaseModel):
    id: str
    decision_id: str
    text: str
    state: AppealState
    lodged_at: datetime
    resolved_at: datetime | None
    resolution: str | None

    @classmethod
    def of(cls, row: Appeal) -> AppealOut:
        return cls(
            id=row.id,
            decision_id=row.decision_id,
            text=row.text,
            state=AppealState(row.state),
            lodged_at=row.lodged_at,
            resolved_at=row.resolved_at,
            resolution=row.resolution,
        )
