from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from model.regions.head import OUTPUTS, load_head, shipped_head


def test_the_shipped_weights_say_where_they_came_from() -> None:
    assert shipped_head().source.startswith("mizugiwa fit-regions")


def test_the_shipped_weights_fit_together() -> None:
    head = shipped_head()
    hidden, channels = head.inner.shape[:2]
    assert head.mean.shape == head.deviation.shape == (channels,)
    assert head.inner.shape == (hidden, channels, 3, 3)
    assert head.outer.shape == (OUTPUTS, hidden, 1, 1)
    assert np.isfinite(head.inner).all()
    assert np.isfinite(head.outer).all()


def test_weights_are_read_as_they_were_saved(tmp_path: Path) -> None:
    head = shipped_head()
    head.save(tmp_path / "head.json")
    again = load_head(tmp_path / "head.json")
    assert again.source == head.source
    assert np.array_equal(again.inner, head.inner)
    assert np.array_equal(again.outer_bias, head.outer_bias)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "head.json"
    shipped_head().save(path)
    document = json.loads(path.read_text())
    document["inner"]["float16"] = document["inner"]["float16"][:-8]
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match="fit-regions"):
        load_head(path)
