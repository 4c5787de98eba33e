from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.regions.boxes import best_apart, cut, grown, inclusion, overlap

LEFT_HALF = np.array([[0.0, 0.0, 0.5, 1.0]])


def test_boxes_that_are_equal_overlap_wholly_and_those_apart_not_at_all() -> None:
    other = np.array([[0.0, 0.0, 0.5, 1.0], [0.5, 0.0, 1.0, 1.0], [0.25, 0.0, 0.75, 1.0]])
    assert overlap(LEFT_HALF, other)[0] == pytest.approx([1, 0, 1 / 3])


def test_a_box_within_another_is_included_wholly() -> None:
    within = np.array([[0.1, 0.1, 0.2, 0.2]])
    assert inclusion(LEFT_HALF, within)[0, 0] == pytest.approx(1)


def test_of_a_bottle_and_its_label_the_better_box_stays() -> None:
    boxes = np.array([[0.3, 0.4, 0.5, 0.6], [0.3, 0.2, 0.5, 0.6], [0.7, 0.7, 0.9, 0.9]])
    assert best_apart(boxes, np.array([0.8, 0.9, 0.1]), most=4) == [1, 2]


def test_no_more_boxes_are_kept_than_asked_for() -> None:
    boxes = np.array([[at / 10, 0.0, at / 10 + 0.05, 1.0] for at in range(9)])
    assert best_apart(boxes, np.arange(9.0), most=2) == [8, 7]


def test_a_box_grows_no_further_than_the_picture() -> None:
    assert grown(np.array([[0.0, 0.4, 0.5, 0.6]]), 0.1)[0] == pytest.approx([0, 0.38, 0.55, 0.62])


sides = st.floats(0, 1)


@given(box=st.tuples(sides, sides, sides, sides), height=st.integers(1, 40), width=st.integers(1, 40))
def test_what_is_cut_out_is_never_empty(
    box: tuple[float, float, float, float], height: int, width: int
) -> None:
    left, right = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    part = cut(np.zeros((height, width, 3), np.uint8), np.array([left, top, right, bottom]))
    assert part.size > 0
