"""Bounds of shares: known values, and that the promise holds where it can be counted out."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from model.scoring.bounds import (
    clopper_pearson,
    clopper_pearson_lower,
    clopper_pearson_upper,
    faultless_needed,
    labels_needed,
    p_value,
    wilson,
)


def test_299_faultless_labels_prove_99_percent() -> None:
    assert faultless_needed(0.99) == labels_needed(0, 0.99) == 299


def test_one_wrong_label_takes_473_in_all() -> None:
    assert labels_needed(1, 0.99) == 473
    assert p_value(1, 473, 0.01) <= 0.05 < p_value(1, 472, 0.01)


def test_the_lower_bound_reaches_the_bar_with_just_the_labels_needed() -> None:
    assert clopper_pearson_lower(299, 299) >= 0.99 > clopper_pearson_lower(298, 298)
    assert clopper_pearson_lower(472, 473) >= 0.99 > clopper_pearson_lower(471, 472)


def test_intervals_agree_with_the_tables() -> None:
    assert clopper_pearson(90, 100) == pytest.approx((0.8238, 0.9510), abs=5e-5)
    assert wilson(90, 100) == pytest.approx((0.8256, 0.9448), abs=5e-5)


def test_nothing_is_known_without_trials() -> None:
    assert clopper_pearson(0, 0) == wilson(0, 0) == (0.0, 1.0)
    assert p_value(0, 0, 0.01) == 1.0


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_the_lower_bound_is_above_the_truth_in_5_percent_at_most(share: float) -> None:
    above = sum(
        binom.pmf(count, 120, share) for count in range(121) if clopper_pearson_lower(count, 120) > share
    )
    assert above <= 0.05 + 1e-9


def test_upper_and_lower_bounds_mirror_each_other() -> None:
    assert clopper_pearson_upper(3, 50) == pytest.approx(1 - clopper_pearson_lower(47, 50))


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="not possible"):
        clopper_pearson_lower(3, 2)
