"""Overlaps, agreement in tone, and the verdict, each by itself."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.copies.evidence import MEASURES
from model.copies.photometry import Agreement, compare
from model.copies.regions import MIRROR, Overlap, area, overlap
from model.copies.verdict import SHIPPED, Verdict, VerdictInvalid, load, shipped
from model.copies.verification import CopyKind, kind_of_copy

fractions = st.floats(0.1, 0.9)


def scaled(size: float, left: float, top: float) -> NDArray[np.float64]:
    """The query lies on the reference at `size` of its sides."""
    return np.array([[size, 0, left], [0, size, top], [0, 0, 1.0]])


def grain(seed: int, side: int = 200) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).integers(0, 256, (side // 5, side // 5, 3), np.uint8)
    return np.asarray(cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def laid(
    query: NDArray[np.uint8], reference: NDArray[np.uint8], homography: NDArray[np.float64]
) -> Agreement:
    seen = overlap(homography)
    assert seen is not None
    return compare(query, reference, homography, seen)


@pytest.mark.parametrize("homography", [np.eye(3), MIRROR], ids=["upright", "mirrored"])
def test_pictures_that_lie_upon_each_other_share_everything(homography: NDArray[np.float64]) -> None:
    seen = overlap(homography)

    assert seen is not None
    assert seen.query_share == pytest.approx(1)
    assert seen.reference_share == pytest.approx(1)


@given(size=fractions, left=st.floats(0, 1), top=st.floats(0, 1))
def test_a_part_shares_what_lies_within_the_frame(size: float, left: float, top: float) -> None:
    within = max(0.0, min(1, left + size) - left) * max(0.0, min(1, top + size) - top)

    seen = overlap(scaled(size, left, top))

    if seen is None:
        assert within < 1e-3
    else:
        assert seen.reference_share == pytest.approx(within, abs=1e-6)
        assert seen.query_share == pytest.approx(within / size**2, abs=1e-5)


def test_pictures_apart_have_no_overlap() -> None:
    assert overlap(scaled(1, 2, 0)) is None


def test_area_does_not_ask_which_way_round() -> None:
    triangle = np.array([[0, 0], [1, 0], [0, 1.0]])

    assert area(triangle) == area(triangle[::-1]) == 0.5


def test_a_picture_agrees_with_itself_everywhere() -> None:
    agreement = laid(grain(1), grain(1), np.eye(3))

    assert agreement.share == 1
    assert agreement.reach() == 1
    assert agreement.tone_error < 0.04


def test_a_tone_curve_that_turns_nothing_over_is_no_disagreement() -> None:
    curved = (255 * (grain(1) / 255.0) ** 1.7 * 0.8).astype(np.uint8)

    agreement = laid(curved, grain(1), np.eye(3))

    assert agreement.share > 0.97
    assert agreement.tone_error < 0.06


def test_different_pictures_agree_nowhere() -> None:
    agreement = laid(grain(1), grain(2), np.eye(3))

    assert agreement.share < 0.05
    assert agreement.reach() < 0.2


def test_half_a_pixel_of_shift_is_borne() -> None:
    agreement = laid(grain(1), grain(1), scaled(1, 0.5 / 200, 0.5 / 200))

    assert agreement.share > 0.95


@pytest.mark.parametrize("turned", [False, True], ids=["query finer", "reference finer"])
def test_pictures_of_different_size_agree(turned: bool) -> None:
    small = np.asarray(cv2.resize(grain(1), (80, 80), interpolation=cv2.INTER_AREA), np.uint8)

    agreement = laid(small, grain(1), np.eye(3)) if turned else laid(grain(1), small, np.eye(3))

    assert agreement.share > 0.95
    assert 0 < agreement.places.min() < 0.15
    assert 0.85 < agreement.places.max() < 1


def test_where_another_thing_was_put_the_places_say_so() -> None:
    changed = grain(1)
    changed[:, 120:] = grain(2)[:, 120:]

    agreement = laid(changed, grain(1), np.eye(3))

    assert agreement.core()[:, 0].max() < 0.65
    assert len(agreement.core()) > 0.95 * len(agreement.agreeing)
    assert 0.45 < agreement.share < 0.65
    assert 0.5 < agreement.reach() < 0.75


@pytest.mark.parametrize("picture", [np.full((200, 200, 3), 90, np.uint8), grain(1, 15)])
def test_what_has_no_texture_or_no_size_is_no_agreement(picture: NDArray[np.uint8]) -> None:
    agreement = laid(picture, picture, np.eye(3))

    assert agreement.share == 0
    assert len(agreement.places) == 0


@pytest.mark.parametrize(
    ("size", "kind"),
    [(1.0, CopyKind.SAME_PHOTO), (0.93, CopyKind.SAME_PHOTO), (0.5, CopyKind.CROP_OF)],
)
def test_the_kind_follows_from_what_is_shared(size: float, kind: CopyKind) -> None:
    seen = overlap(scaled(size, 0, 0))
    assert seen is not None

    assert kind_of_copy(seen) is kind


def test_a_reference_that_is_a_small_part_of_the_query_is_contained() -> None:
    seen = overlap(scaled(3, -1, -1))
    assert isinstance(seen, Overlap)

    assert kind_of_copy(seen) is CopyKind.CONTAINS


def test_the_shipped_verdict_weighs_these_measures_and_says_where_it_comes_from() -> None:
    verdict = shipped()

    assert verdict.measures == MEASURES
    assert len(verdict.weights) == len(MEASURES)
    assert 0.5 <= verdict.copy_from < 1
    assert verdict.provenance["command"].startswith("mizugiwa fit copies")


def test_a_verdict_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    verdict = Verdict(MEASURES, (1.0,) * len(MEASURES), -2.0, 0.9, 8, {"command": "a test"})

    verdict.save(tmp_path / "verdict.json")

    assert load(tmp_path / "verdict.json") == verdict


def test_a_verdict_on_other_measures_is_refused(tmp_path: Path) -> None:
    held = json.loads(SHIPPED.read_text())
    held["measures"] = held["measures"][1:]
    (tmp_path / "verdict.json").write_text(json.dumps(held))

    with pytest.raises(VerdictInvalid, match="fit copies"):
        load(tmp_path / "verdict.json")
