"""Working days as the authorities have them, counted by hand and held over all dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.clocks.calendar import PlaceUnknown, WorkingCalendar, calendar_for
from service.clocks.profiles import profile, profiles

PLACES = [(name, country) for name, each in profiles().items() for country in each.calendar.zones]
JP = calendar_for(profile("jp-identification"), "JP")
DE = calendar_for(profile("eu-608-2013"), "DE")
FR = calendar_for(profile("eu-608-2013"), "FR")
US = calendar_for(profile("us-cbp-133"), "US")

days = st.dates(date(2015, 1, 1), date(2060, 12, 31))
places = st.sampled_from(PLACES).map(lambda each: calendar_for(profile(each[0]), each[1]))


@pytest.mark.parametrize(
    ("calendar", "start", "count", "last"),
    [
        # Golden Week 2026: 29 April Showa Day, 3 to 5 May holidays, 6 May in place of Sunday the 3rd.
        # 27 April (Mon) + 28, 30, 1 | 7, 8 | 11, 12, 13, 14, 15.
        (JP, date(2026, 4, 27), 10, date(2026, 5, 15)),
        # 28 April (Tue) + 30, 1, then 7 May: perishable goods.
        (JP, date(2026, 4, 28), 3, date(2026, 5, 7)),
        # Year's end 2026/27: closed from 29 December to 3 January; 11 January is Coming of Age Day.
        # 25 December (Fri) + 28 | 4, 5, 6, 7, 8 | 12, 13, 14, 15.
        (JP, date(2026, 12, 25), 10, date(2027, 1, 15)),
        # Silver Week 2026: 21 and 23 September, and the 22nd between them by law. 18 (Fri) + 24, 25, 28.
        (JP, date(2026, 9, 18), 3, date(2026, 9, 28)),
        # Christmas 2026 in Germany: 25 (Fri) and 26 (Sat). 23 (Wed) + 24 | 28, 29, 30, 31 | 4, 5, 6, 7, 8.
        (DE, date(2026, 12, 23), 10, date(2027, 1, 8)),
        # Easter 2026: Good Friday 3 April, Easter Monday 6 April. 1 (Wed) + 2, 7, 8.
        (DE, date(2026, 4, 1), 3, date(2026, 4, 8)),
        # France has no Good Friday: 1 (Wed) + 2, 3, 7.
        (FR, date(2026, 4, 1), 3, date(2026, 4, 7)),
        # Thanksgiving 2026: Thursday 26 November. 24 (Tue) + 25, 27, 30, 1, 2.
        (US, date(2026, 11, 24), 5, date(2026, 12, 2)),
        # Independence Day 2026 is a Saturday and kept on Friday 3 July. 1 (Wed) + 2, 6, 7, 8, 9, 10, 13.
        (US, date(2026, 7, 1), 7, date(2026, 7, 13)),
        # New Year 2028 is a Saturday and kept on Friday 31 December 2027. 30 (Thu) + 3 January.
        (US, date(2027, 12, 30), 1, date(2028, 1, 3)),
    ],
)
def test_periods_end_on_the_day_that_was_counted_by_hand(
    calendar: WorkingCalendar, start: date, count: int, last: date
) -> None:
    assert calendar.plus_working_days(start, count) == last


def test_a_region_has_holidays_of_its_own() -> None:
    """Corpus Christi, Thursday 4 June 2026, is a holiday in Bavaria and not in Berlin."""
    bavaria, berlin = (calendar_for(profile("eu-608-2013"), "DE", region) for region in ("BY", "BE"))
    assert not bavaria.is_working(date(2026, 6, 4))
    assert berlin.is_working(date(2026, 6, 4))


@pytest.mark.parametrize(
    ("calendar", "day", "moment"),
    [
        (JP, date(2026, 5, 15), datetime(2026, 5, 15, 15, tzinfo=UTC)),
        (DE, date(2026, 1, 8), datetime(2026, 1, 8, 23, tzinfo=UTC)),
        (DE, date(2026, 7, 8), datetime(2026, 7, 8, 22, tzinfo=UTC)),
        (DE, date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the night before summer time begins
        (DE, date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # a day of 23 hours
        (US, date(2026, 11, 1), datetime(2026, 11, 2, 5, tzinfo=UTC)),  # a day of 25 hours
    ],
)
def test_a_day_ends_at_local_midnight(calendar: WorkingCalendar, day: date, moment: datetime) -> None:
    assert calendar.end_of(day) == moment


@pytest.mark.parametrize(
    ("country", "region", "zone", "words"),
    [
        ("US", None, None, "applies in AT"),
        ("DE", "XX", None, "BY"),
        ("DE", None, "Asia/Tokyo", "Europe/Berlin"),
    ],
)
def test_a_place_that_is_none_of_the_procedures_is_refused_with_those_that_are(
    country: str, region: str | None, zone: str | None, words: str
) -> None:
    with pytest.raises(PlaceUnknown, match=words):
        calendar_for(profile("eu-608-2013"), country, region, zone)


@settings(max_examples=150, deadline=None)
@given(calendar=places, day=days, count=st.integers(1, 25))
def test_a_period_ends_on_a_working_day_and_holds_exactly_its_working_days(
    calendar: WorkingCalendar, day: date, count: int
) -> None:
    last = calendar.plus_working_days(day, count)
    between = [day + timedelta(days=each) for each in range(1, (last - day).days + 1)]
    assert calendar.is_working(last)
    assert sum(map(calendar.is_working, between)) == count


@settings(max_examples=150, deadline=None)
@given(calendar=places, day=days, later=st.integers(0, 40), count=st.integers(1, 20))
def test_what_begins_later_never_ends_earlier(
    calendar: WorkingCalendar, day: date, later: int, count: int
) -> None:
    after = calendar.plus_working_days(day + timedelta(days=later), count)
    assert calendar.plus_working_days(day, count) <= after


@settings(max_examples=150, deadline=None)
@given(calendar=places, day=days, first=st.integers(1, 10), second=st.integers(1, 10))
def test_two_periods_after_each_other_are_as_long_as_both_together(
    calendar: WorkingCalendar, day: date, first: int, second: int
) -> None:
    middle = calendar.plus_working_days(day, first)
    assert calendar.plus_working_days(middle, second) == calendar.plus_working_days(day, first + second)


@settings(max_examples=150, deadline=None)
@given(calendar=places, day=days)
def test_the_last_moment_of_a_day_is_on_it_and_the_end_is_on_the_next(
    calendar: WorkingCalendar, day: date
) -> None:
    end = calendar.end_of(day)
    assert calendar.day_of(end - timedelta(microseconds=1)) == day
    assert calendar.day_of(end) == day + timedelta(days=1)


@settings(max_examples=100, deadline=None)
@given(day=days)
def test_no_weekend_and_no_day_of_the_years_end_is_a_working_day_of_japan(day: date) -> None:
    closed = day.weekday() >= 5 or (day.month, day.day) in {
        (12, 29),
        (12, 30),
        (12, 31),
        (1, 1),
        (1, 2),
        (1, 3),
    }
    assert not (closed and JP.is_working(day))
