"""Keypoints, their matches, and the plane between two pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.keypoints import (
    DamagedLocalPicture,
    LocalPicture,
    align,
    detect,
    is_sane,
    look_closely,
    match,
    match_both_senses,
    mirrored,
    rooted,
)
from model.keypoints.geometry import carried


def detailed(seed: int, side: int = 400) -> NDArray[np.uint8]:
    """Blots of many sizes: corners and edges everywhere, nothing repeated."""
    generator = np.random.default_rng(seed)
    canvas = np.full((side, side, 3), 200, np.uint8)
    for _ in range(150):
        centre = tuple(int(each) for each in generator.integers(0, side, 2))
        colour = tuple(int(each) for each in generator.integers(0, 256, 3))
        axes = tuple(int(each) for each in generator.integers(3, 40, 2))
        cv2.ellipse(canvas, centre, axes, float(generator.integers(0, 180)), 0, 360, colour, -1)
    return canvas


def matched(
    left: NDArray[np.uint8], right: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    one, other = look_closely(left), look_closely(right)
    pairs = match(one.roots, other.roots)
    return one.keypoints.xy[pairs.query], other.keypoints.xy[pairs.reference]


def test_a_turned_and_shrunk_picture_is_aligned_with_its_original() -> None:
    picture = detailed(1)
    true = np.vstack([cv2.getRotationMatrix2D((200, 200), 20, 0.8), [0, 0, 1]])
    turned = cv2.warpPerspective(picture, true, (400, 400))

    found = align(*matched(picture, turned))

    assert found is not None
    working = 512 / 400
    scale = np.diag([working, working, 1])
    expected = carried(
        np.array([[150.0, 150.0], [250.0, 180.0]]) * working, scale @ true @ np.linalg.inv(scale)
    )
    got = carried(np.array([[150.0, 150.0], [250.0, 180.0]]) * working, found.homography)
    assert np.abs(got - expected).max() < 2
    assert found.support > 30


def test_two_different_pictures_are_not_aligned_by_many_points() -> None:
    found = align(*matched(detailed(1), detailed(2)))

    assert found is None or found.support < 10


def test_mirrored_keypoints_are_those_of_the_mirrored_picture() -> None:
    picture = detailed(3)
    flipped = detect(np.ascontiguousarray(picture[:, ::-1]))
    turned_over = mirrored(detect(picture))

    pairs = match(rooted(turned_over.descriptors), rooted(flipped.descriptors), 0.8)
    apart = np.linalg.norm(turned_over.xy[pairs.query] - flipped.xy[pairs.reference], axis=1)
    turn = np.abs(turned_over.angle[pairs.query] - flipped.angle[pairs.reference])

    assert len(pairs) > 0.5 * len(flipped)
    assert np.median(apart) < 1.5
    assert np.median(np.minimum(turn, 360 - turn)) < 5


def test_an_even_picture_has_no_keypoints_and_matches_nothing() -> None:
    even = look_closely(np.full((100, 140, 3), 128, np.uint8))

    assert len(even.keypoints) == 0
    assert len(match(even.roots, look_closely(detailed(4)).roots)) == 0
    assert align(even.keypoints.xy, even.keypoints.xy) is None


def test_what_is_kept_comes_back() -> None:
    kept = look_closely(detailed(5))

    back = LocalPicture.from_bytes(kept.to_bytes())

    np.testing.assert_array_equal(back.keypoints.descriptors, kept.keypoints.descriptors)
    np.testing.assert_array_equal(back.keypoints.xy, kept.keypoints.xy)
    assert (back.keypoints.width, back.keypoints.height) == (512, 512)
    assert np.abs(back.thumbnail.astype(int) - kept.thumbnail).mean() < 6


@pytest.mark.parametrize("cut", [0, 10, 1000, -10])
def test_damaged_bytes_are_refused_by_name(cut: int) -> None:
    data = look_closely(detailed(6)).to_bytes()

    with pytest.raises(DamagedLocalPicture):
        LocalPicture.from_bytes(data[:cut])


def test_pickled_arrays_are_not_loaded() -> None:
    import io

    file = io.BytesIO()
    np.savez(file, format=np.array([{"not": "numbers"}], dtype=object))

    with pytest.raises(DamagedLocalPicture):
        LocalPicture.from_bytes(file.getvalue())


@pytest.mark.parametrize(
    ("homography", "sane"),
    [
        (np.eye(3), True),
        (np.diag([-1.0, 1, 1]), True),
        (np.diag([0.01, 1, 1]), False),
        (np.array([[1, 0, 0], [0, 1, 0], [-0.02, 0, 1.0]]), False),
        (np.array([[1, 1, 0], [1, 1.0001, 0], [0, 0, 1.0]]), False),
    ],
)
def test_impossible_views_are_told(homography: NDArray[np.float64], sane: bool) -> None:
    assert is_sane(homography, 100, 80) is sane


def test_both_mirror_senses_at_once_are_the_two_one_by_one() -> None:
    one, other = look_closely(detailed(7)), look_closely(np.ascontiguousarray(detailed(7)[:, ::-1]))

    plain, mirror = match_both_senses(one.folded_roots, other.folded_roots, plenty=10_000)

    alone = match(one.roots, other.roots)
    turned = match(rooted(mirrored(one.keypoints).descriptors), other.roots)
    assert set(zip(plain.query, plain.reference, strict=True)) == set(
        zip(alone.query, alone.reference, strict=True)
    )
    assert set(zip(mirror.query, mirror.reference, strict=True)) == set(
        zip(turned.query, turned.reference, strict=True)
    )
    assert len(mirror) > 5 * len(plain)


def test_where_strong_keypoints_match_in_plenty_the_weak_ones_are_not_asked() -> None:
    noise = np.random.default_rng(8).integers(0, 256, (130, 130, 3), np.uint8)
    one = look_closely(cv2.resize(noise, (520, 520), interpolation=cv2.INTER_CUBIC))
    assert len(one.keypoints) == 1000

    plain, _ = match_both_senses(one.folded_roots, one.folded_roots)

    assert plain.query.max() < 500
    assert len(plain) > 400
