"""Verdicts are learnt from the object; where the setting tells as much, the model is not used and says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.encoders.dummy import DummyEncoder
from service.evaluation.authenticity import Report, evaluate_authenticity, read_labelled
from service.evaluation.manifest import ManifestInvalid

HEADER = "path,product,label,group"


class ColourMap(DummyEncoder):
    """Colour and contrast of each cell of eight by eight, as fine as a test needs."""

    def encode_dense(self, pictures: Sequence[RGB], side: int) -> list[NDArray[np.float32]]:
        cells = min(8, side // 32)
        found = []
        for picture in pictures:
            small = cv2.resize(picture, (cells, cells), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
            strength = np.ptp(small, axis=2, keepdims=True)
            found.append(np.concatenate([small, strength, 4 * strength], axis=2))
        return found


def photo(rng: np.random.Generator, *, tint: float, setting: float) -> NDArray[np.uint8]:
    """A coloured shape on a grey table: `tint` alters the shape, `setting` the table."""
    table = 120 + 30 * setting + rng.normal(0, 25)
    canvas = np.full((160, 160, 3), np.clip(table, 0, 255)) + rng.normal(0, 6, (160, 160, 3))
    x, y = (int(each) for each in rng.integers(45, 60, 2))
    canvas[y : y + 55, x : x + 55] = [30 + rng.normal(0, 12), 90 + 40 * tint + rng.normal(0, 12), 220]
    noise = cv2.resize(rng.normal(0, 30, (5, 5)), (160, 160), interpolation=cv2.INTER_CUBIC)
    shown: NDArray[np.uint8] = np.clip(canvas + noise[..., None], 0, 255).astype(np.uint8)
    return shown


def written(folder: Path, *, tint: float, setting: float, pictures: int = 80, per_group: int = 1) -> Path:
    lines = [HEADER]
    for number in range(pictures):
        rng, other = np.random.default_rng([3, number]), number % 2
        shown = photo(rng, tint=tint * other, setting=setting * other)
        cv2.imwrite(str(folder / f"{number}.png"), shown[..., ::-1])
        label = ("genuine", "counterfeit")[other]
        lines.append(f"{number}.png,shoe,{label},{label}-{number // 2 // per_group}")
    file = folder / "manifest.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def measured(manifest: Path) -> Report:
    return evaluate_authenticity(manifest, encoder=ColourMap(), seed=0, rounds=3)


def test_model_that_sees_the_object_differ_is_used(tmp_path: Path) -> None:
    figures = measured(written(tmp_path, tint=1.0, setting=0.0)).figures()
    assert figures["used_50"] == 1
    assert figures["groups_used_50"] == 30


def test_confounded_model_is_not_used_and_says_so(tmp_path: Path) -> None:
    report = measured(written(tmp_path, tint=0.0, setting=1.5))
    figures = report.figures()
    assert float(figures["auroc_50_control"]) > 0.7
    assert figures["used_50"] == 0
    assert dict(report.rows())["used_50"].startswith("not used: it does not clearly beat its control")


def test_groups_of_both_labels_are_counted_and_left_out(tmp_path: Path) -> None:
    manifest = written(tmp_path, tint=1.0, setting=0.0, pictures=40)
    manifest.write_text(manifest.read_text().replace("counterfeit-0\n", "genuine-0\n"))
    assert measured(manifest).figures()["groups_of_both_labels"] == 1


def test_too_few_groups_are_refused_with_what_to_give(tmp_path: Path) -> None:
    manifest = written(tmp_path, tint=1.0, setting=0.0, pictures=12, per_group=2)
    with pytest.raises(ManifestInvalid, match="give 4 of each at least"):
        measured(manifest)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("0.png,shoe,real,a", "write genuine or counterfeit"),
        ("none.png,shoe,genuine,a", "no picture"),
        ("0.png,shoe,genuine,", "group"),
    ],
)
def test_unusable_row_is_named(tmp_path: Path, row: str, problem: str) -> None:
    (tmp_path / "0.png").write_bytes(b"")
    (tmp_path / "manifest.csv").write_text(f"{HEADER}\n{row}\n")
    with pytest.raises(ManifestInvalid, match=problem):
        read_labelled(tmp_path / "manifest.csv")
