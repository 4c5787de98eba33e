"""Where a line of text reads as a word mark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from model.marks.text import named


@dataclass(frozen=True)
class Line:
    text: str
    polygon: tuple[tuple[float, float], ...] = ((0.0, 0.0), (120.0, 0.0), (120.0, 20.0), (0.0, 20.0))


def test_a_word_is_found_within_its_line():
    [found] = named([Line("new Kumoru tea")], ["", "KUMORU"])
    assert (found.mark, found.edits) == (1, 0)
    assert np.allclose(found.quad[:, 0], [30, 90, 90, 30])


@pytest.mark.parametrize("text", ["Kumorn", "Kumru", "Kuumoru"])
def test_a_look_alike_spelling_is_found_with_its_edits(text):
    [found] = named([Line(text)], ["Kumoru"])
    assert found.edits == 1


@pytest.mark.parametrize("text", ["Tomato", "Ku", ""])
def test_another_word_is_not(text):
    assert named([Line(text)], ["Kumoru", ""]) == []


def test_very_short_marks_are_not_looked_for_in_text():
    assert named([Line("an AB test")], ["AB"]) == []
