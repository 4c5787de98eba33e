"""Working days of an authority, and the moment at which one of its days ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from service.clocks.profiles import Closure, Profile

_SATURDAY = 5
_LAST_YEAR = 2099
"""Past it the holidays of some countries are not known."""


class PlaceUnknown(ValueError):
    """The procedure does not apply there, or the library knows no such region; the message says what there is."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Of one country, or of one region of it where regions have holidays of their own."""

    country: str
    subdivision: str | None
    zone: str
    closures: tuple[Closure, ...] = field(default=())

    def is_working(self, day: date) -> bool:
        """Neither a weekend nor a holiday nor a day on which the authority is closed."""
        return day.weekday() < _SATURDAY and self.holiday(day) is None and not self._closed(day)

    def holiday(self, day: date) -> str | None:
        """The name of the public holiday on that day, in English where the library has it."""
        return _holidays(self.country, self.subdivision, day.year).get(day)

    def plus_working_days(self, day: date, count: int) -> date:
        """The last day of a period of that many working days; `day` itself is not counted.

        Raises:
            ValueError: it would end after 2099.
        """
        for _ in range(count):
            day += timedelta(days=1)
            while not self.is_working(day):
                day += timedelta(days=1)
            if day.year > _LAST_YEAR:
                raise ValueError(f"The holidays after {_LAST_YEAR} are not known.")
        return day

    def day_of(self, moment: datetime) -> date:
        """The local day of a moment with a zone."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """The local midnight with which the day ends, in UTC: a deadline has passed from this very moment on."""
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.zone)).astimezone(UTC)

    def _closed(self, day: date) -> bool:
        text = f"{day:%m-%d}"
        return any(each.start <= text <= each.end for each in self.closures)


def calendar_for(
    profile: Profile, country: str, subdivision: str | None = None, zone: str | None = None
) -> WorkingCalendar:
    """The calendar by which a procedure counts in a country.

    Args:
        subdivision: part of an ISO 3166-2 code behind the country, as `BY` for Bavaria.
        zone: IANA name, where the country has several; the usual one if None.

    Raises:
        PlaceUnknown: the procedure does not apply in the country, or region or zone are none of it.
    """
    zones = profile.calendar.zones.get(country)
    if zones is None:
        raise PlaceUnknown(f"{profile.id} applies in {', '.join(profile.calendar.zones)}, not in {country}.")
    if zone is not None and zone not in zones:
        raise PlaceUnknown(f"The time zones of {country} here are {', '.join(zones)}, not {zone[:60]}.")
    if subdivision is not None:
        _check_subdivision(country, subdivision)
    return WorkingCalendar(country, subdivision, zone or zones[0], profile.calendar.closures)


def _check_subdivision(country: str, subdivision: str) -> None:
    known: Sequence[str] = holidays.list_supported_countries(include_aliases=False).get(country, [])
    if subdivision not in known:
        offered = ", ".join(known) or "none"
        raise PlaceUnknown(
            f"Regions of {country} with holidays of their own: {offered}; not {subdivision[:20]}."
        )


@cache
def _holidays(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    """Whole years, made at once: the library's own object fills itself while others may be reading it."""
    return dict(holidays.country_holidays(country, subdivision, years=year, expand=False, language="en_US"))
