"""The curve of counterfeits found against parcels opened, and what it is made of."""

from __future__ import annotations

import numpy as np
import pytest

from model.evaluation.kit import build_kit
from model.evaluation.traffic import ParcelTruth, earlier_stops, simulated_parcels, traffic_shares
from service.evaluation.triage import Report, found_within
from service.evaluation.triage_fit import fit_chances
from service.evaluation.triage_traffic import Placed, counts_of, placed_anew

C, G, U = ParcelTruth.COUNTERFEIT, ParcelTruth.GENUINE, ParcelTruth.UNBRANDED


def parcel(truth: ParcelTruth, place: int, value: int = 1, **traits: float) -> Placed:
    return Placed(truth, place, value, "examine", traits)


def test_each_parcel_counts_for_as_much_of_the_traffic_as_it_stands_for() -> None:
    order = np.array([0.0, 1.0, 2.0, 3.0])
    taken = {C: np.array([0, 3]), U: np.array([1, 2])}
    weights = {C: 0.1, U: 0.4}
    assert found_within(order, taken, weights, 0.1) == pytest.approx(0.5)
    assert found_within(order, taken, weights, 0.05) == pytest.approx(0.25)
    assert found_within(order, taken, weights, 0.95) == pytest.approx(0.75)
    assert found_within(order, taken, weights, 1.0) == pytest.approx(1.0)


def test_a_perfect_order_finds_all_at_the_prevalence_and_value_order_does_not() -> None:
    counts = counts_of(20, 80)
    parcels = [parcel(truth, at) for truth in ParcelTruth for at in range(counts[truth])]
    perfect = [
        Placed(each.truth, 0 if each.truth is C else 1, 0 if each.truth is C else 9, "examine", {})
        for each in parcels
    ]
    report = Report(perfect, 0.02, seed=0)
    assert report.found_at(0.02).value == pytest.approx(1.0)
    assert report.found_by_value(0.10).value == 0.0
    assert report.figures()["found_at_10_random"] == 0.10


def test_the_shares_of_the_traffic_are_all_of_it() -> None:
    assert sum(traffic_shares(0.02).values()) == pytest.approx(1.0)


def test_fitted_chances_are_at_the_prevalence_and_put_the_telling_first() -> None:
    rng = np.random.default_rng(0)
    telling = {C: 0.8, G: 0.2, U: 0.02, ParcelTruth.AUTHORISED: 0.02}
    counts = counts_of(200, 400)
    parcels = [
        parcel(truth, 0, S9_strong=float(rng.random() < telling[truth]))
        for truth in ParcelTruth
        for _ in range(counts[truth])
    ]
    model = fit_chances(parcels, 0.02, "test", {})
    with_it, without = model.chances([{"S9_strong": 1.0}, {}])
    assert 0.2 < with_it < 0.45, "0.016 of 0.063 of the traffic with that trait"
    assert without < 0.02
    placed = placed_anew(parcels, model)
    assert Report(placed, 0.02, 0).found_at(0.10).value > 0.75


def test_the_same_seed_gives_the_same_parcels() -> None:
    kit = build_kit(7, brands=2)
    first, again = (next(iter(simulated_parcels(kit, 3, {C: 2, U: 2}))) for _ in range(2))
    assert (first.reference, first.description, first.value) == (
        again.reference,
        again.description,
        again.value,
    )
    assert all(np.array_equal(a, b) for a, b in zip(first.photos, again.photos, strict=True))
    senders = {each.sender.name for each in earlier_stops(kit, 0)}
    assert len(senders) == 6
