"""Templates: kept and read again unchanged, refused when they are damaged or of another version."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from model.encoders.base import RGB
from model.marks import DamagedTemplate, MarkTemplate, register
from model.marks.layers import layers_of
from model.marks.views import tiles


def drawn(width: int = 300, ground: int = 255, ink: int = 30) -> RGB:
    """Three bars of different height on a line."""
    picture = np.full((120, width, 3), ground, np.uint8)
    picture[80:95, 20 : width - 20] = ink
    for at, top in enumerate((30, 50, 20)):
        left = 30 + at * (width - 80) // 3
        picture[top:80, left : left + 30] = ink
    return picture


def test_a_template_is_read_as_it_was_kept():
    kept = register(drawn(), "III")
    read = MarkTemplate.from_bytes(kept.to_bytes())
    assert read.word == "III"
    assert np.array_equal(read.layers.masks, kept.layers.masks)
    assert np.array_equal(read.descriptors, kept.descriptors)


@pytest.mark.parametrize("length", [0, 20, 2000])
def test_a_cut_template_is_refused(length):
    with pytest.raises(DamagedTemplate):
        MarkTemplate.from_bytes(register(drawn()).to_bytes()[:length])


def test_the_ground_is_no_ink_and_edges_are_none():
    assert len(layers_of(drawn()).masks) == 1


def test_colours_do_not_change_a_mark():
    dark, light = layers_of(drawn()), layers_of(drawn(ground=20, ink=240))
    assert np.abs(dark.masks.astype(int) - light.masks.astype(int)).mean() < 3


def test_a_long_mark_is_covered_by_its_tiles():
    row = tiles(5.0)
    assert row[0].left == 0
    assert row[-1].left + row[-1].width == pytest.approx(1.0)
    gaps = [after.left - before.left - before.width for before, after in pairwise(row)]
    assert max(gaps) < row[0].width / 2
