"""The perceptual hash follows PDQ, survives mild edits and lives in a vector index."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.copies.hashes import (
    BITS,
    MATCH_DISTANCE,
    InvalidHash,
    PerceptualHash,
    Symmetry,
    as_vector,
    cosine_at,
    dihedral,
    distance,
    pdq,
)
from model.encoders.base import RGB
from model.images import decode

hashes = st.builds(PerceptualHash, st.binary(min_size=32, max_size=32), st.integers(0, 100))


def scene(seed: int, side: int = 400) -> RGB:
    """Smooth random blobs: enough structure for a hash, different for each seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (side * 4 // 3, side), interpolation=cv2.INTER_CUBIC), np.uint8)


@pytest.mark.data
def test_hash_agrees_with_the_reference_implementation(shared_data: Path) -> None:
    """PDQ's authors publish this hash of this photo; shrinking first costs a few bits."""
    published = PerceptualHash.from_hex(
        "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22", 100
    )
    photo = shared_data / "edits" / "bridge-mods" / "aaa-orig.jpg"
    assert distance(pdq(decode(photo.read_bytes()).pixels), published) <= 8


@pytest.mark.data
def test_edits_of_one_photo_match(shared_data: Path) -> None:
    """All but the smallest one, 160 px wide, as the authors report too."""
    folder = shared_data / "edits" / "bridge-mods"
    original = pdq(decode((folder / "aaa-orig.jpg").read_bytes()).pixels)
    distances = {
        path.stem: distance(original, pdq(decode(path.read_bytes()).pixels)) for path in folder.glob("*.jpg")
    }
    assert len(distances) == 12
    far = {name for name, value in distances.items() if value > MATCH_DISTANCE}
    assert far <= {"shrink-a-lot"}, distances


def test_different_scenes_are_far_apart() -> None:
    found = [pdq(scene(seed)) for seed in range(12)]
    apart = [distance(a, b) for index, a in enumerate(found) for b in found[:index]]
    assert min(apart) > 80


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_size_hardly_matters(factor: float) -> None:
    small = np.asarray(
        cv2.resize(scene(1), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
    )
    assert distance(pdq(scene(1)), pdq(small)) <= MATCH_DISTANCE


def test_red_weighs_as_red() -> None:
    """Blue and red have different weights in luminance, so a swap of channels would show."""
    picture = scene(2)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    swapped = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    ours = pdq(picture)
    assert distance(ours, pdq(np.dstack([grey] * 3))) < distance(ours, pdq(np.dstack([swapped] * 3)))


@pytest.mark.parametrize("shape", [(32, 32), (1, 1), (1, 700), (3000, 32)])
def test_featureless_pictures_have_no_quality(shape: tuple[int, int]) -> None:
    assert pdq(np.full((*shape, 3), 255, np.uint8)).quality == 0


def test_read_only_and_strided_pixels_are_hashed() -> None:
    frozen = scene(3)
    frozen.setflags(write=False)
    assert pdq(frozen[:, ::-1]) == pdq(np.ascontiguousarray(frozen[:, ::-1]))


@pytest.mark.parametrize(
    ("symmetry", "turned"),
    [
        (Symmetry.ORIGINAL, lambda picture: picture),
        (Symmetry.TURNED_90, lambda picture: np.rot90(picture)),
        (Symmetry.TURNED_180, lambda picture: np.rot90(picture, 2)),
        (Symmetry.TURNED_270, lambda picture: np.rot90(picture, 3)),
        (Symmetry.UPSIDE_DOWN, lambda picture: picture[::-1]),
        (Symmetry.MIRRORED, lambda picture: picture[:, ::-1]),
        (Symmetry.TRANSPOSED, lambda picture: picture.transpose(1, 0, 2)),
        (Symmetry.ANTITRANSPOSED, lambda picture: np.rot90(picture, 2).transpose(1, 0, 2)),
    ],
)
def test_dihedral_hashes_are_those_of_the_turned_pictures(symmetry, turned) -> None:  # type: ignore[no-untyped-def]
    found = dihedral(scene(4))
    actual = pdq(np.ascontiguousarray(turned(scene(4))))
    assert distance(found[symmetry], actual) <= 40
    assert min(distance(found[other], actual) for other in Symmetry if other is not symmetry) > 80


@given(hashes, hashes)
def test_cosine_of_vectors_stands_for_the_distance(a: PerceptualHash, b: PerceptualHash) -> None:
    assert np.linalg.norm(as_vector(a)) == 1.0
    assert float(as_vector(a) @ as_vector(b)) == cosine_at(distance(a, b))


@given(hashes, hashes, hashes)
def test_distance_is_a_metric(a: PerceptualHash, b: PerceptualHash, c: PerceptualHash) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == distance(b, a) <= BITS
    assert distance(a, c) <= distance(a, b) + distance(b, c)


@given(hashes)
def test_hexadecimal_form_is_read_back(value: PerceptualHash) -> None:
    assert PerceptualHash.from_hex(value.hex, value.quality) == value


@pytest.mark.parametrize(
    ("digits", "quality"),
    [("", 50), ("ab", 50), ("g" * 64, 50), ("a" * 64, 101), ("a" * 64, -1), ("a" * 65, 1)],
)
def test_other_than_64_digits_and_a_quality_are_refused(digits: str, quality: int) -> None:
    with pytest.raises(InvalidHash):
        PerceptualHash.from_hex(digits, quality)
