"""What people do to a picture that is not theirs before they post it again."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from model.encoders.base import RGB
from model.evaluation.kit.develop import recompressed
from model.evaluation.kit.fonts import TextFace
from model.evaluation.kit.paint import rectangle, text


def reposted(picture: RGB, rng: np.random.Generator) -> RGB:
    """The picture cropped, perhaps mirrored, toned, written over, scaled and compressed again."""
    copy = _cropped(picture, float(rng.uniform(0.78, 1.0)), rng)
    if rng.random() < 0.25:
        copy = np.ascontiguousarray(copy[:, ::-1])
    gain, lift = float(rng.uniform(0.86, 1.14)), float(rng.uniform(-12, 12))
    copy = np.clip(copy.astype(np.float32) * gain + lift, 0, 255).astype(np.uint8)
    if rng.random() < 0.55:
        copy = _captioned(copy, rng)
    scale = float(rng.uniform(0.55, 1.0))
    smaller = cv2.resize(copy, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return recompressed(smaller, int(rng.integers(45, 90)))


def _cropped(picture: RGB, share: float, rng: np.random.Generator) -> RGB:
    height, width = (round(length * share) for length in picture.shape[:2])
    top = int(rng.integers(picture.shape[0] - height + 1))
    left = int(rng.integers(picture.shape[1] - width + 1))
    return picture[top : top + height, left : left + width]


def _captioned(picture: RGB, rng: np.random.Generator) -> RGB:
    canvas = Image.fromarray(picture)
    words = ("送料無料", "新品未使用", "即購入OK", "最安値", "数量限定")[int(rng.integers(5))]
    colour = ((206, 32, 44), (30, 90, 190), (34, 34, 34))[int(rng.integers(3))]
    top = 0.0 if rng.random() < 0.5 else 0.88
    rectangle(canvas, (0, top, 1, top + 0.12), colour)
    text(canvas, (0.1, top + 0.02, 0.9, top + 0.1), words, TextFace.JAPANESE, (255, 255, 255))
    return np.asarray(canvas).copy()
