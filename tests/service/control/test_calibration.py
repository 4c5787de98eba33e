"""Probabilities of a house: pooled at first, at its own share with few verdicts, its own with enough; thresholds."""

from __future__ import annotations

from datetime import timedelta

from model.scoring.findings import shipped
from service.control.chances import in_use
from service.screening.record import Basis
from service.verdicts.models import VerdictOutcome

from .conftest import House

RIGHT, WRONG = VerdictOutcome.COUNTERFEIT, VerdictOutcome.GENUINE


def probability(house: House, score: float) -> tuple[Basis, float]:
    with house.runtime.database.read() as session:
        using = in_use(session, house.tenant_id, "enc")
    return using.basis, using.calibration.probability(score)


def test_without_verdicts_the_pooled_calibration_tells(house: House) -> None:
    house.judged(5, None)
    assert house.look() == []
    assert probability(house, 2.0) == (Basis.POOLED, shipped().calibration.probability(2.0))


def test_few_verdicts_move_the_pooled_one_to_the_houses_own_share(house: House) -> None:
    house.judged(40, WRONG)
    assert "calibrated" in house.look()
    basis, moved = probability(house, 2.0)
    assert basis is Basis.POOLED
    assert moved < shipped().calibration.probability(2.0)


def test_a_hundred_verdicts_make_one_of_its_own(house: House) -> None:
    house.judged(60, RIGHT, score=lambda at: 3 + at / 60)
    house.judged(60, WRONG, score=lambda at: at / 60)
    house.look()
    basis, high = probability(house, 3.5)
    assert basis is Basis.OWN
    assert high > 0.9 > 0.1 > probability(house, 0.5)[1]
    found = house.get("/calibration")
    assert found["version"].startswith("own-")  # type: ignore[index]


def test_verdicts_on_another_encoder_count_for_nothing(house: House) -> None:
    house.judged(150, WRONG, encoder="older", ago=timedelta(days=30))
    house.judged(1, RIGHT)
    house.look()
    assert house.get("/calibration")["labels"] == 1  # type: ignore[index]


def test_a_few_more_verdicts_are_not_worth_another_calibration(house: House) -> None:
    house.judged(40, WRONG)
    house.look()
    house.judged(3, WRONG)
    assert "calibrated" not in house.look()
    house.judged(3, RIGHT)
    assert "calibrated" in house.look()


def test_too_few_labels_give_no_threshold_and_say_how_many_it_takes(house: House) -> None:
    house.judged(100, RIGHT, score=lambda at: at / 10)
    threshold = house.get("/calibration")["threshold"]  # type: ignore[index]
    assert threshold["score"] is None
    assert threshold["needed"] == 299


def test_299_faultless_findings_give_one(house: House) -> None:
    house.judged(299, RIGHT, score=lambda at: 5.0)
    threshold = house.get("/calibration")["threshold"]  # type: ignore[index]
    assert threshold["score"] == 5.0
    assert threshold["upper_bound"] <= 0.01
