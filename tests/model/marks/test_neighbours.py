"""Tiles of a word agree where they stand beside each other, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from model.encoders.base import RGB
from model.marks import MarkIndex, register
from model.marks.neighbours import agreement
from model.marks.template import MarkTemplate

GRID = 20, 40


def bars(heights: tuple[int, ...]) -> RGB:
    picture = np.full((120, 40 + 60 * len(heights), 3), 255, np.uint8)
    picture[85:95, 20:-20] = 30
    for at, height in enumerate(heights):
        picture[90 - height : 90, 30 + 60 * at : 60 + 60 * at] = 30
    return picture


@pytest.fixture(scope="module")
def word() -> MarkTemplate:
    return register(bars((60, 30, 70, 45, 20, 65)), "IIIIII")


def upright(template: MarkTemplate, tile: int) -> int:
    return int(np.flatnonzero((template.tile_of == tile) & (template.turn_of == 0))[0])


def agreed(template: MarkTemplate, places: dict[int, tuple[int, int]]) -> float:
    """What the first tile is worth where tiles are seen at these rows and columns of windows."""
    index = MarkIndex.of([("word", template)])
    likeness = np.zeros((len(template.descriptors), GRID[0] * GRID[1]), np.float32)
    for tile, (row, column) in places.items():
        likeness[upright(template, tile), row * GRID[1] + column] = 0.9
    number_of = np.arange(likeness.shape[1]).reshape(GRID)
    scores = agreement(likeness, index.usual, number_of, likeness.argmax(axis=1), index.neighbours)
    return float(scores[upright(template, 0)])


def test_a_tile_beside_its_neighbour_is_worth_more_than_alone(word: MarkTemplate) -> None:
    beside = round((word.tiles[1].left - word.tiles[0].left) / word.tiles[0].width * 5)
    assert agreed(word, {0: (8, 5), 1: (8, 5 + beside)}) > agreed(word, {0: (8, 5)}) + 0.05


def test_a_neighbour_elsewhere_says_nothing(word: MarkTemplate) -> None:
    assert agreed(word, {0: (8, 5), 1: (1, 30)}) == pytest.approx(agreed(word, {0: (8, 5)}))


def test_windows_that_are_left_out_are_no_neighbours(word: MarkTemplate) -> None:
    index = MarkIndex.of([("word", word)])
    number_of = np.full(GRID, -1)
    number_of[8, 5] = 0
    likeness = np.full((len(word.descriptors), 1), 0.9, np.float32)
    nearest = np.zeros(len(likeness), np.intp)
    alone = agreement(likeness, index.usual, number_of, nearest, index.neighbours)
    everywhere = agreement(
        np.full((len(likeness), GRID[0] * GRID[1]), 0.9, np.float32),
        index.usual,
        np.arange(GRID[0] * GRID[1]).reshape(GRID),
        nearest + 8 * GRID[1] + 20,
        index.neighbours,
    )
    assert (alone < everywhere).all()
