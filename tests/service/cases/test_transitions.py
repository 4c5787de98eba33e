"""The state machine by itself: nothing but legal steps, whatever is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cases.transitions import BY_HAND, MOVES, OPEN_STATES, Standing, Step, StepRefused, after, check
from service.clocks.profiles import CaseState, profile, profiles
from service.verdicts.models import VerdictOutcome

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def standing(
    state: CaseState,
    name: str = "jp-identification",
    outcome: VerdictOutcome | None = None,
    application: bool = True,
) -> Standing:
    return Standing(profile(name), state, application, outcome, NOW, {})


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(profiles())),
    application=st.booleans(),
    outcome=st.sampled_from(VerdictOutcome),
    tried=st.lists(st.sampled_from(sorted(MOVES)), max_size=40),
)
def test_whatever_is_tried_a_case_only_ever_ends_where_the_law_lets_it(
    name: str, application: bool, outcome: VerdictOutcome, tried: list[Step]
) -> None:
    state, decided, visited = CaseState.FOUND, None, [CaseState.FOUND]
    for step in tried:
        try:
            check(standing(state, name, decided, application), step, NOW, NOW)
        except StepRefused:
            continue
        state = after(step, state)
        decided = outcome if step is Step.DECIDED else decided
        visited.append(state)
    if CaseState.DESTROYED in visited:
        assert decided is VerdictOutcome.COUNTERFEIT
        assert CaseState.NOTIFIED in visited
    if CaseState.DECIDED in visited:
        heard = CaseState.EVIDENCE in visited
        assert heard or (CaseState.SILENT in visited and profile(name).silence_settles and application)
    if any(each.is_over for each in visited):
        assert visited[-1].is_over
        assert sum(each.is_over for each in visited) == 1


def test_what_is_over_takes_no_step() -> None:
    for state in set(CaseState) - OPEN_STATES:
        for step in MOVES:
            with pytest.raises(StepRefused) as refused:
                check(standing(state), step, NOW, NOW)
            assert refused.value.members["possible"] == []


def test_silence_settles_a_case_in_japan_with_an_application_and_not_without_or_in_the_eu() -> None:
    check(standing(CaseState.SILENT), Step.DECIDED, NOW, NOW)
    with pytest.raises(StepRefused, match="no application"):
        check(standing(CaseState.SILENT, application=False), Step.DECIDED, NOW, NOW)
    with pytest.raises(StepRefused, match="silence settles nothing"):
        check(standing(CaseState.SILENT, "eu-608-2013"), Step.DECIDED, NOW, NOW)


@pytest.mark.parametrize("outcome", [VerdictOutcome.GENUINE, VerdictOutcome.CANNOT_TELL])
def test_only_what_was_found_counterfeit_is_destroyed(outcome: VerdictOutcome) -> None:
    with pytest.raises(StepRefused, match="only what was found to be counterfeit"):
        check(standing(CaseState.DECIDED, outcome=outcome), Step.DESTROYED, NOW, NOW)
    check(standing(CaseState.DECIDED, outcome=outcome), Step.RELEASED, NOW, NOW)


def test_a_step_lies_neither_in_the_future_nor_before_the_step_before() -> None:
    with pytest.raises(StepRefused, match="has not come yet"):
        check(standing(CaseState.FOUND), Step.NOTIFIED, NOW + timedelta(seconds=1), NOW)
    with pytest.raises(StepRefused, match="later than"):
        check(standing(CaseState.FOUND), Step.NOTIFIED, NOW - timedelta(seconds=1), NOW)


def test_a_refusal_names_the_steps_that_are_possible() -> None:
    with pytest.raises(StepRefused) as refused:
        check(standing(CaseState.NOTIFIED), Step.DECIDED, NOW, NOW)
    assert refused.value.members["possible"] == ["application_filed", "disputed", "released", "silent"]
    assert set(refused.value.members["possible"]) <= {each.value for each in BY_HAND}
