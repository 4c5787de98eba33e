"""The evaluation of comparisons counts boxes as told, and refuses a manifest that it cannot read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from service.evaluation.anomaly import evaluate_anomaly, overlap, read_pairs
from service.evaluation.manifest import ManifestInvalid
from service.settings import Settings


def label(seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    canvas = np.full((300, 300, 3), 225, np.uint8)
    for _ in range(40):
        x, y = (int(each) for each in rng.integers(5, 250, 2))
        cv2.rectangle(canvas, (x, y), (x + 25, y + 18), [int(each) for each in rng.integers(20, 200, 3)], -1)
    return canvas


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Two labels: one with two dots of which the truth names one and a place where nothing is, one without."""
    for at in (1, 2):
        cv2.imwrite(str(tmp_path / f"genuine{at}.png"), label(at))
    altered = label(1)
    for x, y in ((150, 60), (60, 200)):
        cv2.circle(altered, (x, y), 8, (0, 255, 255), -1)
        cv2.circle(altered, (x, y), 5, (0, 0, 0), -1)
    cv2.imwrite(str(tmp_path / "altered.png"), altered)
    (tmp_path / "boxes.txt").write_text("135 45 165 75 1\n240 240 270 270 2\n")
    (tmp_path / "none.txt").write_text("")
    file = tmp_path / "manifest.csv"
    file.write_text(
        "reference,suspect,boxes\ngenuine1.png,altered.png,boxes.txt\ngenuine2.png,genuine2.png,none.txt\n"
    )
    return file


def test_boxes_found_and_told_are_counted(manifest: Path, tmp_path: Path) -> None:
    report = evaluate_anomaly(manifest, seed=0, settings=Settings(data_dir=tmp_path, _env_file=None))

    figures = report.figures()
    assert (figures["pairs"], figures["boxes"]) == (2, 2)
    assert figures["box_recall"] == 0.5
    assert figures["box_precision"] == 0.5
    assert figures["false_alarm"] == 0.0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("reference,suspect,boxes", "reference,suspect"), "lacks boxes"),
        (("altered.png", "gone.png"), "there is no file"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(
    manifest: Path, change: tuple[str, str], told: str
) -> None:
    manifest.write_text(manifest.read_text().replace(*change))

    with pytest.raises(ManifestInvalid, match=told):
        read_pairs(manifest)


def test_a_line_that_is_no_box_is_refused(manifest: Path) -> None:
    (manifest.parent / "boxes.txt").write_text("1 2 three 4\n")

    with pytest.raises(ManifestInvalid, match="x1 y1 x2 y2"):
        read_pairs(manifest)


def test_overlap_is_intersection_over_union() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0.0
