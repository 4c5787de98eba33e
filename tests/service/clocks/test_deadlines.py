"""What is due when, procedure by procedure, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.clocks.calendar import calendar_for
from service.clocks.deadlines import Deadline, DeadlineState, Facts, deadlines
from service.clocks.profiles import CaseState, Moment, ProfileUnknown, profile, profiles

NOTIFIED = datetime(2026, 4, 27, 1, tzinfo=UTC)
"""10 in the morning of Monday, 27 April 2026, in Tokyo; the Sunday evening before in New York."""
FIRST = datetime(2016, 1, 1, tzinfo=UTC)


def computed(name: str, country: str, facts: Facts) -> dict[str, Deadline]:
    found = deadlines(profile(name), calendar_for(profile(name), country), facts)
    return {each.rule.key: each for each in found}


def test_the_importer_in_japan_has_ten_working_days_and_three_for_perishable_goods() -> None:
    moments = {Moment.NOTIFIED: NOTIFIED}
    usual = computed("jp-identification", "JP", Facts(CaseState.NOTIFIED, moments))
    fresh = computed("jp-identification", "JP", Facts(CaseState.NOTIFIED, moments, perishable=True))
    assert usual["importer_dispute"].last_day == date(2026, 5, 15)
    assert usual["importer_dispute"].due_at == datetime(2026, 5, 15, 15, tzinfo=UTC)
    assert fresh["importer_dispute"].last_day == date(2026, 5, 1)
    assert usual["decision"].last_day == date(2026, 5, 27)
    assert not usual["decision"].rule.binding


def test_a_notice_late_in_the_evening_of_utc_is_already_of_the_next_day_in_tokyo() -> None:
    facts = Facts(CaseState.NOTIFIED, {Moment.NOTIFIED: datetime(2026, 6, 1, 15, 30, tzinfo=UTC)})
    assert computed("jp-identification", "JP", facts)["importer_dispute"].last_day == date(2026, 6, 16)


def test_both_sides_in_japan_submit_once_they_were_asked() -> None:
    moments = {
        Moment.NOTIFIED: NOTIFIED,
        Moment.DISPUTED: datetime(2026, 5, 14, 2, tzinfo=UTC),
        Moment.OPINIONS_INVITED: datetime(2026, 5, 18, 2, tzinfo=UTC),
    }
    found = computed("jp-identification", "JP", Facts(CaseState.OPINIONS, moments))
    assert found["importer_dispute"].state is DeadlineState.MET
    assert {found[key].last_day for key in ("importer_evidence", "holder_opinion")} == {date(2026, 6, 1)}


def test_the_right_holder_in_the_eu_has_ten_days_ten_more_once_and_three_for_perishable_goods() -> None:
    """Detained on Thursday, 17 December 2026, in Hamburg: Christmas and New Year lie between."""
    moments = {Moment.NOTIFIED: datetime(2026, 12, 17, 9, tzinfo=UTC)}
    last = {
        (perishable, extended): computed(
            "eu-608-2013", "DE", Facts(CaseState.NOTIFIED, moments, perishable, extended)
        )["holder_opinion"].last_day
        for perishable in (False, True)
        for extended in (False, True)
    }
    assert last == {
        (False, False): date(2027, 1, 4),  # 18 | 21, 22, 23, 24 | 28, 29, 30, 31 | 4
        (False, True): date(2027, 1, 18),
        (True, False): date(2026, 12, 22),
        (True, True): date(2026, 12, 22),
    }


def test_without_an_application_in_the_eu_one_is_filed_within_four_working_days() -> None:
    moments = {Moment.NOTIFIED: datetime(2026, 4, 1, 9, tzinfo=UTC)}
    without = computed("eu-608-2013", "DE", Facts(CaseState.NOTIFIED, moments, application=False))
    assert without["holder_application"].last_day == date(2026, 4, 9)  # 2 | 7, 8, 9: Easter lies between
    assert "holder_application" not in computed("eu-608-2013", "DE", Facts(CaseState.NOTIFIED, moments))


def test_cbp_decides_in_five_business_days_notifies_in_five_and_hears_the_importer_for_seven() -> None:
    """Presented on Monday, 23 November 2026: Thanksgiving is that Thursday."""
    moments = {
        Moment.PRESENTED: datetime(2026, 11, 23, 15, tzinfo=UTC),
        Moment.DETAINED: datetime(2026, 11, 30, 15, tzinfo=UTC),
        Moment.NOTIFIED: datetime(2026, 12, 4, 15, tzinfo=UTC),
    }
    found = computed("us-cbp-133", "US", Facts(CaseState.NOTIFIED, moments))
    assert {key: each.last_day for key, each in found.items()} == {
        "detention": date(2026, 12, 1),
        "notice": date(2026, 12, 7),
        "importer_dispute": date(2026, 12, 15),
        "decision": date(2026, 12, 23),
    }
    assert found["importer_dispute"].due_at == datetime(2026, 12, 16, 5, tzinfo=UTC)


def test_done_at_the_moment_of_the_deadline_is_too_late() -> None:
    due = datetime(2026, 5, 15, 15, tzinfo=UTC)
    moments = {Moment.NOTIFIED: NOTIFIED, Moment.DISPUTED: due}
    late = computed("jp-identification", "JP", Facts(CaseState.DISPUTED, moments))
    in_time = {**moments, Moment.DISPUTED: due - timedelta(microseconds=1)}
    met = computed("jp-identification", "JP", Facts(CaseState.DISPUTED, in_time))
    assert late["importer_dispute"].state is DeadlineState.LATE
    assert met["importer_dispute"].state is DeadlineState.MET


def test_a_deadline_lapses_once_the_case_went_on_without() -> None:
    found = computed("jp-identification", "JP", Facts(CaseState.SILENT, {Moment.NOTIFIED: NOTIFIED}))
    assert found["importer_dispute"].state is DeadlineState.LAPSED
    assert found["decision"].state is DeadlineState.OPEN


def test_a_month_that_lacks_the_day_ends_with_its_last_one() -> None:
    facts = Facts(CaseState.NOTIFIED, {Moment.NOTIFIED: datetime(2027, 1, 31, 3, tzinfo=UTC)})
    assert computed("jp-identification", "JP", facts)["decision"].last_day == date(2027, 2, 28)


def test_every_deadline_and_calendar_names_its_source() -> None:
    for each in profiles().values():
        assert each.calendar.source
        assert all(rule.source for rule in each.deadlines)


def test_an_unknown_procedure_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ProfileUnknown, match="jp-identification"):
        profile("mars")


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(profiles())),
    start=st.integers(0, 44 * 365 * 24 * 60).map(lambda each: FIRST + timedelta(minutes=each)),
    state=st.sampled_from(CaseState),
    perishable=st.booleans(),
    extended=st.booleans(),
)
def test_whatever_the_facts_a_deadline_ends_after_it_began_and_perishable_goods_never_get_longer(
    name: str, start: datetime, state: CaseState, perishable: bool, extended: bool
) -> None:
    country = next(iter(profile(name).calendar.zones))
    moments = dict.fromkeys(Moment, start)
    usual = computed(name, country, Facts(state, moments, False, extended, application=False))
    found = computed(name, country, Facts(state, moments, perishable, extended, application=False))
    assert found.keys() == {each.key for each in profile(name).deadlines}
    for key, each in found.items():
        assert each.due_at > start
        assert each.due_at <= usual[key].due_at
        assert each.state is not DeadlineState.OPEN
