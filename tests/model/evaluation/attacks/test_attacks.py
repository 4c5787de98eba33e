"""What the attacks do to a picture, and that their homographies tell the truth."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.evaluation.attacks import Attack, Edited, Family, attacked

GEOMETRY = [each for each in Attack if each.family not in (Family.OVERLAY, Family.COLOUR, Family.COMBINATION)]


def photo(seed: int = 0, width: int = 300, height: int = 400) -> NDArray[np.uint8]:
    """Soft blobs, so that every place is its own and survives resizing."""
    noise = np.random.default_rng(seed).uniform(0, 255, (height // 12, width // 12, 3)).astype(np.float32)
    return np.clip(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def done(attack: Attack, seed: int = 0) -> Edited:
    return attacked(attack, photo(), [photo(7), photo(8), photo(9)], np.random.default_rng(seed))


@pytest.mark.parametrize("attack", GEOMETRY)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_homography_lays_the_original_over_the_attacked_picture(attack: Attack, seed: int) -> None:
    edited, original = done(attack, seed), photo()
    width, height = edited.size
    fractions = np.stack(
        np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height), -1
    )
    seen = cv2.perspectiveTransform(fractions.reshape(1, -1, 2), edited.back).reshape(height, width, 2)
    inside = ((seen > 0.03) & (seen < 0.97)).all(axis=-1)
    at = (seen * [original.shape[1], original.shape[0]] - 0.5).astype(np.float32)
    expected = cv2.remap(original, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    off = np.abs(expected.astype(float) - edited.pixels)[inside].mean()
    unrelated = np.abs(expected[:, ::-1].astype(float) - edited.pixels)[inside].mean()
    assert inside.mean() > 0.02
    assert off < unrelated / 2


@pytest.mark.parametrize("attack", list(Attack))
def test_every_attack_changes_the_picture(attack: Attack) -> None:
    edited = done(attack)
    assert edited.pixels.dtype == np.uint8
    assert edited.pixels.shape != photo().shape or np.abs(edited.pixels - photo().astype(float)).mean() > 0.5


@pytest.mark.parametrize("attack", list(Attack))
def test_an_attack_leaves_the_pictures_that_it_was_given_alone(attack: Attack) -> None:
    mine, others = photo(), [photo(7), photo(8), photo(9)]
    attacked(attack, mine, others, np.random.default_rng(3))
    assert np.array_equal(mine, photo())
    assert all(np.array_equal(other, photo(seed)) for other, seed in zip(others, (7, 8, 9), strict=True))


@pytest.mark.parametrize(
    "attack", [Attack.CROP_CORNER, Attack.CROP_CENTRE, Attack.CROP_OFF_CENTRE, Attack.CROP_PRODUCT]
)
def test_crops_keep_thirty_to_fifty_percent_of_the_area(attack: Attack) -> None:
    for seed in range(20):
        width, height = done(attack, seed).size
        assert 0.29 < width * height / (300 * 400) < 0.51


def test_a_pasted_picture_takes_thirty_to_sixty_percent_of_the_side() -> None:
    for seed in range(20):
        form = done(Attack.PASTED, seed).homography
        assert 0.29 < form[0, 0] < 0.61
        assert 0.29 < form[1, 1] < 0.61


def test_mirroring_changes_left_and_right() -> None:
    edited = done(Attack.MIRROR)
    assert np.array_equal(edited.pixels, photo()[:, ::-1])
    assert np.linalg.det(edited.homography) < 0


def test_grey_has_no_colour_left() -> None:
    pixels = done(Attack.GREY).pixels
    assert (pixels == pixels[..., :1]).all()


@pytest.mark.parametrize(("attack", "count"), [(Attack.TWO, 2), (Attack.THREE, 3)])
def test_combinations_take_their_attacks_from_different_families(attack: Attack, count: int) -> None:
    for seed in range(30):
        parts = str(done(attack, seed).parameters["parts"]).split("+")
        assert len({Attack(part).family for part in parts}) == count
