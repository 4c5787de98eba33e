"""Signal S0: ordinary photos can be judged; each kind of bad one is named."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from model.encoders.base import RGB
from model.evaluation.quality_thresholds import DEGRADATIONS
from model.images import Picture, PictureFormat, decode
from model.quality import QualityFault, assess


def as_picture(pixels: RGB) -> Picture:
    return Picture(pixels, PictureFormat.PNG, pixels.shape[1], pixels.shape[0], "0" * 64)


def textured(side: int = 400) -> RGB:
    coarse = np.random.default_rng(0).integers(0, 256, (side // 4, side // 4, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def blurred_blocks() -> RGB:
    blocks = np.random.default_rng(0).integers(0, 256, (6, 6, 1), dtype=np.uint8).repeat(3, axis=2)
    sharp = blocks.repeat(80, axis=0).repeat(80, axis=1)
    return np.asarray(cv2.GaussianBlur(sharp, (0, 0), 6), np.uint8)


def test_textured_picture_is_usable() -> None:
    assert assess(as_picture(textured())).faults == ()


@pytest.mark.parametrize(
    ("pixels", "fault"),
    [
        (textured(80), QualityFault.TOO_SMALL),
        (blurred_blocks(), QualityFault.BLURRED),
        (textured() // 16, QualityFault.TOO_DARK),
        (255 - textured() // 32, QualityFault.TOO_BRIGHT),
        (118 + textured() // 16, QualityFault.FLAT),
    ],
)
def test_fault_is_named(pixels: RGB, fault: QualityFault) -> None:
    quality = assess(as_picture(pixels))
    assert fault in quality.faults
    assert not quality.usable


def on_white(pixels: RGB, side: int = 640) -> RGB:
    frame = np.full((side, side, 3), 255, np.uint8)
    frame[: pixels.shape[0], : pixels.shape[1]] = pixels
    return frame


def test_thing_on_white_with_clipped_colours_is_too_bright() -> None:
    thing = 60 + textured() // 2
    assert assess(as_picture(on_white(thing))).usable
    thing[..., 0] = 255
    assert assess(as_picture(on_white(thing))).faults == (QualityFault.TOO_BRIGHT,)


def test_pure_colours_on_white_are_not_too_bright() -> None:
    """Print and drawings use them; light that clips leaves no channel near nothing."""
    drawing = textured()
    drawing[..., 0], drawing[..., 2] = 255, 0
    assert assess(as_picture(on_white(drawing))).usable


def test_thing_in_the_distance_is_too_small() -> None:
    frame = np.full((800, 800, 3), 200, np.uint8)
    frame[380:440, 380:440] = textured(60)
    assert QualityFault.OBJECT_TOO_SMALL in assess(as_picture(frame)).faults


def test_size_as_sent_counts_and_not_the_reduced_one() -> None:
    picture = Picture(textured(80), PictureFormat.JPEG, 4000, 3000, "0" * 64)
    assert assess(picture).shorter_side == 3000


@pytest.mark.parametrize("shape", [(1, 1), (32, 32), (33, 2000), (2000, 32), (17, 512)])
@pytest.mark.filterwarnings("error")
def test_any_shape_is_measured(shape: tuple[int, int]) -> None:
    quality = assess(as_picture(np.zeros((*shape, 3), np.uint8)))
    assert QualityFault.TOO_DARK in quality.faults


@pytest.mark.data
@pytest.mark.parametrize(
    ("degradation", "share_refused"),
    [
        ("blur 1 %", 0.9),
        ("light / 256", 0.99),
        ("light × 256", 0.9),
        ("contrast 10 %", 0.99),
        ("side 64 px", 0.99),
        ("on white, 1 %", 0.99),
    ],
)
def test_strong_degradation_is_refused(shared_data: Path, degradation: str, share_refused: float) -> None:
    paths = sorted((shared_data / "clothing" / "images").iterdir())[:30]
    pictures = [decode(path.read_bytes(), max_side=1024) for path in paths]
    assert sum(assess(each).usable for each in pictures) >= 29
    refused = sum(not assess(DEGRADATIONS[degradation](each)).usable for each in pictures)
    assert refused >= share_refused * len(pictures) - 1
