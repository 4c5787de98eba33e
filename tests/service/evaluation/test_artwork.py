"""`evaluate artwork` on a handful of real photos."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from model.encoders.dummy import DummyEncoder
from service.evaluation.artwork import evaluate_artwork, read_photos
from service.evaluation.manifest import ManifestInvalid


def few(shared_data: Path, folder: Path, products: int, photos: int) -> Path:
    """A manifest of the first photos of the first products."""
    shelf = shared_data / "grocery"
    with (shelf / "manifest.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    names = sorted({row["product"] for row in rows})[:products]
    chosen = [row for name in names for row in [r for r in rows if r["product"] == name][:photos]]
    manifest = folder / "manifest.csv"
    with manifest.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["path", "role", "product", "split"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(row | {"path": str(shelf / row["path"])} for row in chosen)
    return manifest


@pytest.mark.data
def test_edits_are_copies_and_other_photos_of_the_carton_are_not(shared_data: Path, tmp_path: Path) -> None:
    manifest = few(shared_data, tmp_path, products=3, photos=4)

    report = evaluate_artwork(manifest, split="test", encoder=DummyEncoder(), pairs=15, per_product=4, seed=0)

    figures = report.figures()
    assert (figures["copies"], figures["other_photos"], figures["other_photos_edited"]) == (12, 15, 15)
    assert figures["nearest"] == 12
    assert report.called_copies() == []
    assert float(figures["recall"]) >= 10 / 12
    assert float(figures["place_right"]) >= 0.9
    assert {f"recall_{name}" for name, _, _ in report.recall_by_attack()} <= set(figures)


@pytest.mark.data
def test_a_split_without_two_photos_of_a_product_is_refused(shared_data: Path, tmp_path: Path) -> None:
    manifest = few(shared_data, tmp_path, products=2, photos=1)

    with pytest.raises(ManifestInvalid, match="two photos"):
        read_photos(manifest, "test")
