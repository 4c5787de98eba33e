"""Likeness counts for as much as it stands out from everyday pictures."""

from __future__ import annotations

import numpy as np
import pytest

from model.copies import best_by_owner, everyday, normalised


def test_the_mean_of_the_three_nearest_is_taken_off() -> None:
    background = np.array([[0.1, 0.6, 0.5, 0.4, -0.2]], np.float32)
    assert everyday(background) == pytest.approx([0.5])
    assert normalised(np.array([[0.9, 0.2]]), background) == pytest.approx(np.array([[0.4, -0.3]]))


def test_fewer_everyday_pictures_than_three_are_all_used() -> None:
    assert everyday(np.array([[0.2, 0.4]])) == pytest.approx([0.3])


def test_without_everyday_pictures_nothing_is_taken_off() -> None:
    assert everyday(np.empty((2, 0))) == pytest.approx([0, 0])
    assert normalised(np.array([[0.9], [0.1]]), np.empty((2, 0))) == pytest.approx(np.array([[0.9], [0.1]]))


def test_a_picture_counts_by_its_best_pair_of_tile_and_view() -> None:
    hits = [[("a", 0.9), ("b", 0.8)], [("a", 0.5), ("a", 0.7), ("c", 0.6)]]
    background = np.array([[0.85, 0.85, 0.85], [0.3, 0.3, 0.3]])
    found = best_by_owner(hits, background)
    assert list(found) == ["a", "c", "b"]
    assert found == pytest.approx({"a": 0.4, "c": 0.3, "b": -0.05})


def test_what_is_like_everything_stands_out_less_than_what_is_like_little() -> None:
    plain, rare = np.full((1, 3), 0.85), np.full((1, 3), 0.4)
    assert everyday(plain) > everyday(rare)
    assert normalised(np.array([[0.9]]), plain) < normalised(np.array([[0.8]]), rare)
