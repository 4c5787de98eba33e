"""What of the decisions a person asks to see, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.screening.outcome import Decision, ReasonCode


class QueueState(StrEnum):
    WAITING = "waiting"
    """Nobody judged it yet."""
    SECOND_LOOK = "second_look"
    """One person, and not who asks, judged it counterfeit or could not tell."""
    DOCUMENTS = "documents"
    """The seller was asked for documents; a changed listing or an appeal brings it back."""
    JUDGED = "judged"


class QueueOrder(StrEnum):
    LIKELIEST = "likeliest"
    """Those first whose findings people most likely confirm."""
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class QueueFilter:
    state: QueueState = QueueState.WAITING
    order: QueueOrder = QueueOrder.LIKELIEST
    decision: Decision | None = None
    """Reviews and blocks where None; of what was allowed, the sample that is looked at all the same."""
    code: ReasonCode | None = None
    brand_id: str | None = None
    looked_at_by: str = ""
    """Key or person that asks: a second look is another person's."""


EVERYTHING_THAT_WAITS = QueueFilter()
