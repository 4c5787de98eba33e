"""Drift of a house: found, told once a week, and dated."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from model.scoring.drift import Standing
from service.clock import now
from service.control.drifting import AT_ONCE, LONGEST, recalibrate_by

from .conftest import House

LONG_AGO = timedelta(days=60)


def drawn(seed: int, shift: float = 0.0):  # type: ignore[no-untyped-def]  # a function from places to scores
    scores = np.random.default_rng(seed).normal(size=400) + shift
    return lambda at: float(scores[at])


def test_scores_that_moved_raise_an_alarm_and_a_date(house: House) -> None:
    house.judged(400, None, score=drawn(1), ago=LONG_AGO)
    house.judged(250, None, score=drawn(2, shift=2.0))
    assert house.look() == ["drifted"]
    found = house.get("/drift")
    assert found["standing"] == "alarm"  # type: ignore[index]
    assert found["recalibrate_by"][:10] == f"{now() + AT_ONCE:%Y-%m-%d}"  # type: ignore[index]
    standings = {each["stream"]: each["standing"] for each in found["streams"]}  # type: ignore[index]
    assert standings["finding"] == "alarm"
    assert standings["coverage"] == "steady"


def test_the_alarm_is_told_once_a_week(house: House) -> None:
    house.judged(400, None, score=drawn(1), ago=LONG_AGO)
    house.judged(250, None, score=drawn(2, shift=2.0))
    house.look()
    assert house.look() == []
    house.shift_events(timedelta(days=8))
    assert house.look() == ["drifted"]


def test_scores_that_stayed_are_steady(house: House) -> None:
    house.judged(400, None, score=drawn(1), ago=LONG_AGO)
    house.judged(250, None, score=drawn(3))
    assert house.look() == []
    assert house.get("/drift")["standing"] == "steady"  # type: ignore[index]


def test_few_decisions_cannot_tell(house: House) -> None:
    house.judged(400, None, score=drawn(1), ago=LONG_AGO)
    house.judged(50, None, score=drawn(2, shift=2.0))
    house.look()
    assert house.get("/drift")["standing"] == "cannot_tell"  # type: ignore[index]


def test_before_the_first_look_nothing_is_told(house: House) -> None:
    assert house.get("/drift")["standing"] == "cannot_tell"  # type: ignore[index]


def test_a_calibration_lasts_half_a_year_where_nothing_moved() -> None:
    at = now()
    assert recalibrate_by(Standing.STEADY, at, at) == at + LONGEST
    assert recalibrate_by(Standing.STEADY, at - 2 * LONGEST, at) == at
    assert recalibrate_by(Standing.ALARM, at, at) == at + AT_ONCE
