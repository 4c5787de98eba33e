"""`mizugiwa bench index`: what is asked of the index among many, measured small."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from index.base import Hit
from service.benchmarks.exact_truth import ExactTruth
from service.benchmarks.picture_vectors import PictureVectors
from service.cli import app

ASKED = ("", "_scope_1pct", "_fresh_removed", "_scope_1pct_fresh_removed")


@pytest.mark.long
def test_every_figure_that_is_asked_for_is_written(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    sizes = ["--items", "3000", "--dimension", "32", "--compactions", "7"]
    done = CliRunner().invoke(app, ["bench", "index", *sizes, "--json", str(path)])
    assert done.exit_code == 0, done.output
    figures = json.loads(path.read_text())
    assert {
        f"{figure}{asked}" for figure in ("recall_10", "p50_ms", "p95_ms") for asked in ASKED
    } <= figures.keys()
    assert {"build_s", "compaction_s", "memory_mib", "memory_mib_growth_over_compactions"} <= figures.keys()
    assert [figures[f"recall_10{asked}"] for asked in ASKED] == [1.0] * 4, "so few are searched exactly"
    assert (figures["items"], figures["compactions"], figures["kind"]) == (3000, 7, "exact")


def test_vectors_are_the_same_whenever_they_are_drawn() -> None:
    once, again = PictureVectors(2_000, 16, seed=3), PictureVectors(2_000, 16, seed=3)
    again.piece(0, 100)
    assert np.array_equal(once.piece(1, 100).vectors, again.piece(1, 100).vectors)
    assert not np.array_equal(once.piece(1, 100).vectors, once.piece(2, 100).vectors)
    assert not np.array_equal(
        once.piece(1, 100).vectors, PictureVectors(2_000, 16, seed=4).piece(1, 100).vectors
    )


def test_drawn_vectors_lie_as_those_of_pictures_do() -> None:
    """Mean cosine, and the median ones to the 1st, 10th and 100th nearest, as the module says of photos."""
    drawn = np.concatenate(
        [PictureVectors(50_000, 512, seed=0).piece(number).vectors[::37] for number in range(3)]
    )[:1_400]
    cosines = drawn @ drawn.T
    np.fill_diagonal(cosines, np.nan)
    nearest = np.nanmedian(-np.sort(-np.nan_to_num(cosines, nan=-1)), axis=0)[[0, 9, 99]]
    assert np.nanmean(cosines) == pytest.approx(0.39, abs=0.08)
    assert nearest == pytest.approx([0.74, 0.66, 0.56], abs=0.08)


def test_truth_is_gathered_over_what_was_shown_alone() -> None:
    vectors = np.eye(4, dtype=np.float32)
    truth = ExactTruth(vectors[:2], 1)
    truth.show(vectors[2:], np.array([20, 30]))
    truth.show(vectors[:1], np.array([10]))
    truth.show(vectors[1:2], np.array([11]))
    assert truth.recall([[Hit(1.0, "i-10")], [Hit(1.0, "i-11")]]) == 1.0
    assert truth.recall([[Hit(1.0, "i-10")], [Hit(0.0, "i-10")]]) == 0.5
