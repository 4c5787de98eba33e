"""The parts of an evaluation in clutter that need neither weights nor real pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.evaluation.kit import build_kit
from model.regions import Found, Near
from model.regions.scenes import Scene
from service.evaluation.clutter import Asked
from service.evaluation.clutter_photos import Part, photo, photo_paths
from service.evaluation.clutter_pictures import Kind
from service.evaluation.manifest import ManifestInvalid

TEA, JAM = build_kit(1, 1).products[:2]
BOX = (0.1, 0.1, 0.4, 0.5)


def listed(folder: Path, senders: int, photos: int = 3) -> Path:
    lines = [f"{sender}-{at}.jpg,{sender}" for sender in range(senders) for at in range(photos)]
    (folder / "manifest.csv").write_text("path,sender\n" + "\n".join(lines) + "\n")
    return folder


def found(product: str, score: float, box: tuple[float, float, float, float] = BOX) -> Found:
    return Found(box, Near(f"{product}-0", product, "brand", 0.8, 40), score, 0.9, ())


def asked(*answers: Found) -> Asked:
    truth = Scene(np.zeros((8, 8, 3), np.uint8), np.array([BOX]), (TEA,))
    return Asked(Kind.SINGLE, truth, answers, (), len(answers), 30.0, 10.0)


def test_no_sender_is_in_two_parts_and_none_is_left_out(tmp_path: Path) -> None:
    folder = listed(tmp_path, senders=40)
    senders = [{path.name.split("-")[0] for path in photo_paths(folder, part)} for part in Part]
    assert sum(len(each) for each in senders) == len(set().union(*senders)) == 40


def test_a_folder_without_a_manifest_is_parted_by_names(tmp_path: Path) -> None:
    for at in range(40):
        (tmp_path / f"{at}.jpg").write_bytes(b"")
    (tmp_path / "readme.txt").write_text("no photo")
    assert sum(len(photo_paths(tmp_path, part)) for part in Part) == 40


def test_a_folder_without_photos_for_a_part_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match="no photo for the part test"):
        photo_paths(tmp_path, Part.TEST)


def test_a_manifest_without_paths_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file,sender\na.jpg,1\n")
    with pytest.raises(ManifestInvalid, match="lacks path"):
        photo_paths(tmp_path, Part.FIT)


def test_a_photo_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")
    with pytest.raises(ManifestInvalid, match=r"broken\.jpg"):
        photo(tmp_path / "broken.jpg")


def test_a_box_is_judged_by_the_product_that_it_names() -> None:
    answers = asked(found(TEA.id, 0.9), found(JAM.id, 0.8)).matched(bar=0.5)
    assert [share for _, share in answers] == [pytest.approx(1), 0]


def test_answers_under_the_bar_do_not_count() -> None:
    assert asked(found(TEA.id, 0.4)).matched(bar=0.5) == []


def test_a_product_elsewhere_in_the_picture_does_not_make_a_box_right() -> None:
    ((_, share),) = asked(found(TEA.id, 0.9, box=(0.6, 0.6, 0.9, 0.9))).matched(bar=0.5)
    assert share == 0
