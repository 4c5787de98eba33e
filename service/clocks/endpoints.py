"""The clocks that are known, and what they would say: nothing here belongs to a tenant."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from service.clocks.profiles import DeadlineRule, Profile, Title, profiles
from service.deps import CurrentPrincipal

router = APIRouter(prefix="/v1/clocks", tags=["cases"])


class ProfileOut(BaseModel):
    """A procedure: where it applies, and everything that it makes due, with sources."""

    id: str
    version: str
    title: Title
    countries: dict[str, list[str]]
    """Time zones by country, the usual one first."""
    calendar_source: str
    silence_settles: bool
    silence_source: str
    deadlines: list[DeadlineRule]

    @classmethod
    def of(cls, found: Profile) -> ProfileOut:
        return cls(
            id=found.id,
            version=found.version,
            title=found.title,
            countries={country: list(zones) for country, zones in found.calendar.zones.items()},
            calendar_source=found.calendar.source,
            silence_settles=found.silence_settles,
            silence_source=found.silence_source,
            deadlines=list(found.deadlines),
        )


@router.get("")
def list_clocks(principal: CurrentPrincipal) -> list[ProfileOut]:
    """Every procedure whose clock a case may run under."""
    return [ProfileOut.of(each) for each in profiles().values()]
