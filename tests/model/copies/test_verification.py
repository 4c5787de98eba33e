"""Copies told from other photos, with their direction and the places that agree."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.copies.verification import CopyFinding, CopyKind, verify, verify_many
from model.keypoints import look_closely
from model.keypoints.geometry import carried

Picture = NDArray[np.uint8]


def photo(seed: int, width: int = 420, height: int = 360) -> Picture:
    """Blots of many sizes and tones."""
    generator = np.random.default_rng(seed)
    canvas = np.full((height, width, 3), 190, np.uint8)
    for _ in range(220):
        centre = int(generator.integers(0, width)), int(generator.integers(0, height))
        axes = int(generator.integers(3, 45)), int(generator.integers(3, 45))
        colour = tuple(int(each) for each in generator.integers(0, 256, 3))
        cv2.ellipse(canvas, centre, axes, float(generator.integers(0, 180)), 0, 360, colour, -1)
    return canvas


def found(query: Picture, reference: Picture) -> CopyFinding:
    return verify(look_closely(np.ascontiguousarray(query)), look_closely(reference))


def recompressed(picture: Picture, quality: int) -> Picture:
    return np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR),
        np.uint8,
    )


def pasted_small() -> Picture:
    other = photo(77)
    other[100:244, 150:318] = cv2.resize(photo(1), (168, 144), interpolation=cv2.INTER_AREA)
    return other


def with_text_and_sticker() -> Picture:
    picture = photo(1)
    cv2.putText(picture, "FREE SHIPPING", (20, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (255, 0, 0), 4)
    cv2.circle(picture, (330, 90), 60, (0, 200, 0), -1)
    return picture


@pytest.mark.parametrize(
    "edited",
    [
        photo(1),
        recompressed(photo(1), 20),
        cv2.GaussianBlur(photo(1), (0, 0), 2.0),
        np.clip(photo(1) * [0.6, 0.9, 1.1] + 20, 0, 255).astype(np.uint8),
        with_text_and_sticker(),
    ],
    ids=["unchanged", "JPEG 20", "blurred", "toned", "text and sticker"],
)
def test_an_edited_photo_is_the_same_photo(edited: Picture) -> None:
    finding = found(edited, photo(1))

    assert finding.kind is CopyKind.SAME_PHOTO
    assert finding.probability > 0.9
    assert not finding.mirrored


def test_a_mirrored_photo_is_the_same_photo_and_said_to_be_mirrored() -> None:
    finding = found(photo(1)[:, ::-1], photo(1))

    assert finding.kind is CopyKind.SAME_PHOTO
    assert finding.mirrored
    assert finding.homography is not None
    np.testing.assert_allclose(carried(np.array([[0.2, 0.3]]), finding.homography), [[0.8, 0.3]], atol=0.01)


def test_a_crop_is_found_with_its_place() -> None:
    finding = found(photo(1)[60:240, 100:310], photo(1))

    assert finding.kind is CopyKind.CROP_OF
    assert finding.reference_share == pytest.approx(0.25, abs=0.02)
    assert finding.query_share > 0.97
    region = np.array(finding.reference_region)
    np.testing.assert_allclose(region.min(axis=0), [100 / 420, 60 / 360], atol=0.06)
    np.testing.assert_allclose(region.max(axis=0), [310 / 420, 240 / 360], atol=0.06)


def test_a_picture_that_shows_the_reference_small_contains_it() -> None:
    finding = found(pasted_small(), photo(1))

    assert finding.kind is CopyKind.CONTAINS
    assert finding.reference_share > 0.95
    region = np.array(finding.query_region)
    np.testing.assert_allclose(region.min(axis=0), [150 / 420, 100 / 360], atol=0.06)
    np.testing.assert_allclose(region.max(axis=0), [318 / 420, 244 / 360], atol=0.06)


def test_the_direction_turns_with_the_pictures() -> None:
    assert found(photo(1), pasted_small()).kind is CopyKind.CROP_OF


def test_different_photos_are_none() -> None:
    finding = found(photo(1), photo(2))

    assert finding.kind is CopyKind.NONE
    assert finding.probability < 0.1
    assert finding.homography is None


def test_an_even_picture_is_no_copy_of_anything() -> None:
    assert found(np.full((100, 100, 3), 90, np.uint8), photo(1)).kind is CopyKind.NONE


def test_the_same_print_before_another_background_is_no_copy() -> None:
    def shown(background: int, corners: list[list[int]]) -> Picture:
        scene = photo(background, 420, 420)
        card = photo(50, 200, 260)
        source = np.array([[0, 0], [200, 0], [200, 260], [0, 260]], np.float32)
        there = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
        seen = cv2.warpPerspective(card, there, (420, 420))
        held = cv2.warpPerspective(np.full((260, 200), 255, np.uint8), there, (420, 420))
        return np.where(held[..., None] > 0, seen, scene)

    one = shown(60, [[100, 80], [310, 90], [300, 370], [95, 350]])
    other = shown(61, [[120, 60], [320, 50], [330, 330], [115, 350]])

    finding = found(one, other)

    assert finding.kind is CopyKind.SAME_ARTWORK
    assert finding.probability < 0.5


def test_many_are_answered_in_their_order_as_each_alone() -> None:
    query = look_closely(photo(1)[60:240, 100:310].copy())
    references = [look_closely(photo(seed)) for seed in (2, 1, 3)]

    many = verify_many(query, references)

    assert [each.kind for each in many] == [CopyKind.NONE, CopyKind.CROP_OF, CopyKind.NONE]
    assert [each.probability for each in many] == [verify(query, each).probability for each in references]
