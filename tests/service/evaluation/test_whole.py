from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from model.evaluation.figures import Figures
from service.cli import app
from service.evaluation.whole.charts import draw
from service.evaluation.whole.page import write_page
from service.evaluation.whole.parts import PARTS, Bars, Curve, Part, Trade
from service.evaluation.whole.running import State, measure

_PART = Part(
    "one",
    "One thing",
    "What is <measured>.",
    ("evaluate", "copy", "{data}/none"),
    main=(("micro_ap", "µAP"),),
)


def test_figures_that_are_kept_are_not_measured_again(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"micro_ap": 0.5}))
    outcome = measure(_PART, tmp_path, tmp_path, quick=False, again=False)
    assert (outcome.state, outcome.figures) == (State.MEASURED, {"micro_ap": 0.5})


def test_a_part_without_its_pictures_says_so(tmp_path: Path) -> None:
    outcome = measure(_PART, tmp_path, tmp_path / "nowhere", quick=False, again=False)
    assert outcome.state is State.NO_PICTURES


def test_a_command_that_fails_is_shown_with_what_it_said(tmp_path: Path) -> None:
    outcome = measure(_PART, tmp_path, tmp_path, quick=False, again=False)
    assert outcome.state is State.FAILED
    assert "Invalid value" in outcome.said
    write_page(tmp_path / "index.html", [outcome], quick=True)
    page = (tmp_path / "index.html").read_text()
    assert "the command failed" in page
    assert "Invalid value" in page


def test_the_page_shows_main_figures_with_intervals_and_escapes_words(tmp_path: Path) -> None:
    figures: Figures = {
        "micro_ap": 0.912,
        "micro_ap_low": 0.9,
        "micro_ap_high": 0.95,
        "p50_ms": 3.0,
        "seed": 4,
    }
    (tmp_path / "one.json").write_text(json.dumps(figures))
    outcome = measure(_PART, tmp_path, tmp_path, quick=False, again=False)
    write_page(tmp_path / "index.html", [outcome], quick=False)
    page = (tmp_path / "index.html").read_text()
    assert "0.912 [0.9, 0.95]" in page
    assert "1 further figures" in page
    assert "What is &lt;measured&gt;." in page


def test_bars_take_every_variant_with_its_interval() -> None:
    figures: Figures = {
        "r": 0.5,
        "r_blur": 0.8,
        "r_low_blur": 0.7,
        "r_high_blur": 0.9,
        "r_low": 0.1,
        "other": 1.0,
    }
    svg = draw(Bars("Recall", "r"), figures)
    assert svg is not None
    words = "".join(ET.fromstring(svg).itertext())
    assert ("blur" in words, "0.80" in words, "low" in words) == (True, True, False)


def test_a_curve_runs_in_the_order_of_its_numbers() -> None:
    svg = draw(
        Curve("Found", "opened", "found", (("found_at_", "", "ours"),)),
        {"found_at_10": 0.8, "found_at_2": 0.3},
    )
    assert svg is not None
    assert "ours" in svg


def test_what_is_paid_stands_against_what_it_gives_where_both_are_known() -> None:
    figures: Figures = {"ms_few": 3.0, "ms_many": 9.0, "r_few": 0.7, "r_many": 0.9, "r_lone": 0.5}
    svg = draw(Trade("Cost", ("ms", "ms"), ("r", "recall")), figures)
    assert svg is not None
    words = "".join(ET.fromstring(svg).itertext())
    assert ("few" in words, "many" in words, "lone" in words) == (True, True, False)


@pytest.mark.parametrize(
    "chart",
    [
        Bars("Recall", "r"),
        Trade("Cost", ("ms", "ms"), ("r", "recall")),
        Curve("Found", "x", "y", (("found_at_", "", "ours"),)),
    ],
)
def test_nothing_is_drawn_of_nothing(chart: Bars | Trade | Curve) -> None:
    assert draw(chart, {"seed": 1, "r_low": 0.1}) is None


def test_every_part_is_a_command_that_takes_its_quick_options() -> None:
    for part in PARTS:
        help_of = CliRunner().invoke(app, [*part.command[:2], "--help"], env={"COLUMNS": "200"})
        assert help_of.exit_code == 0, part.name
        for word in [*part.command, *part.quick]:
            assert not word.startswith("--") or word in help_of.stdout, (part.name, word)


def test_a_part_that_there_is_not_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "all", "--only", "nonsense", "--write", str(tmp_path)])
    assert result.exit_code == 2
    assert "nonsense" in result.output
