"""Pooling a part of a feature map is pooling the map of that part."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.copies.windows import WHOLE, Window, grid, pooled


def features(rows: int = 6, columns: int = 8) -> np.ndarray:
    return np.random.default_rng(0).gamma(1.0, 1.0, (rows, columns, 5)).astype(np.float32)


def test_the_whole_is_the_generalised_mean_of_all_cells() -> None:
    mean = (features() ** np.float32(1.5)).sum((0, 1)) ** (1 / 1.5)
    assert np.allclose(pooled(features(), [WHOLE], 1.5)[0], mean / np.linalg.norm(mean), atol=1e-5)


def test_a_window_is_the_whole_of_its_cells() -> None:
    part = pooled(features()[3:, :4], [WHOLE], 1.5)
    assert np.allclose(pooled(features(), [Window(0, 0.5, 0.5, 0.5)], 1.5), part, atol=1e-5)


def test_a_grid_covers_all_corners_row_by_row() -> None:
    windows = grid(2, 0.6)
    assert [(each.left, each.top) for each in windows] == [(0, 0), (0.4, 0), (0, 0.4), (0.4, 0.4)]


@given(
    left=st.floats(0, 1),
    top=st.floats(0, 1),
    width=st.floats(0, 1),
    height=st.floats(0, 1),
    rows=st.integers(1, 40),
    columns=st.integers(1, 40),
)
def test_a_window_has_at_least_one_cell_and_none_outside(
    left: float, top: float, width: float, height: float, rows: int, columns: int
) -> None:
    down, across = Window(left, top, width, height).cells(rows, columns)
    assert 0 <= down.start < down.stop <= rows
    assert 0 <= across.start < across.stop <= columns
