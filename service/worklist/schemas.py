"""The work list as it is shown to officers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from service.screening.parcel_outcome import Advice


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RankReason(_View):
    key: str
    message: str


class WorkItem(_View):
    rank: int
    parcel_id: str
    inspection_id: str
    reference: str
    advice: Advice
    one_in: int
    """About one in so many parcels like this one turned out counterfeit."""
    value: float
    minutes: float
    minutes_measured: bool
    """False while too few parcels were timed: then all take the same."""
    per_hour: float
    """Expected findings (or articles) for an hour of work; the list is in this order."""
    reasons: list[RankReason]
    """What raises it most, strongest first."""
    drawn: bool
    """Drawn at random, to be opened whatever its rank."""


class WorkList(_View):
    items: list[WorkItem]
    drawn: list[WorkItem]
    """Parcels drawn at random that are not among `items`: open these too, so that what is missed can be counted."""
    waiting: int
    model: str
    """Version of what the chances come from."""


class Share(_View):
    count: int
    of: int
    low: float
    high: float
    """Ends of the exact 95 % interval of the share (Clopper and Pearson)."""


class Measure(_View):
    """Counted on parcels that were drawn at random and decided, so it says what ranking alone cannot."""

    counterfeit: Share
    """Of all parcels."""
    missed: Share
    """Of all parcels: counterfeit, although the advice called for nobody to open them."""
    agreed: Share
    """Of all decided parcels that were to be referred or examined: those that turned out counterfeit."""
