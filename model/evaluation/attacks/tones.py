"""Attacks on colour and fineness; every point stays where it was."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.evaluation.attacks.edited import Edited, picked

BLUR = (0.004, 0.009)
"""Standard deviation, in shares of the longer side: 2 to 4.5 pixels of 500."""
JPEG_QUALITY = 20


def tone(edited: Edited, rng: np.random.Generator) -> Edited:
    """Brightness, contrast and gamma, clearly seen."""
    gain, lift = picked(rng, 0.6, 1.5), picked(rng, -40, 40)
    gamma = picked(rng, 0.65, 1.5)
    light = (edited.pixels.astype(np.float32) / 255) ** gamma
    return edited.painted(
        _clipped((light - 0.5) * gain * 255 + 127.5 + lift), gain=gain, lift=lift, gamma=gamma
    )


def saturation(edited: Edited, rng: np.random.Generator) -> Edited:
    """Nearly grey, or garish."""
    factor = picked(rng, 0.15, 0.5) if rng.random() < 0.5 else picked(rng, 1.7, 2.6)
    grey = _grey(edited.pixels)[..., None]
    return edited.painted(_clipped(grey + (edited.pixels - grey) * factor), saturation=factor)


def white_balance(edited: Edited, rng: np.random.Generator) -> Edited:
    """Warmer or colder light."""
    warmth = picked(rng, 0.15, 0.35) * (1 if rng.random() < 0.5 else -1)
    gains = np.array([1 + warmth, 1 + picked(rng, -0.06, 0.06), 1 - warmth], np.float32)
    return edited.painted(_clipped(edited.pixels * gains), warmth=warmth)


def grey(edited: Edited, rng: np.random.Generator) -> Edited:
    return edited.painted(_clipped(np.repeat(_grey(edited.pixels)[..., None], 3, axis=2)))


def blur(edited: Edited, rng: np.random.Generator) -> Edited:
    sigma = round(picked(rng, *BLUR) * max(edited.size), 2)
    return edited.painted(np.asarray(cv2.GaussianBlur(edited.pixels, (0, 0), sigma), np.uint8), sigma=sigma)


def jpeg(edited: Edited, rng: np.random.Generator) -> Edited:
    return edited.painted(compressed(edited.pixels, JPEG_QUALITY), quality=JPEG_QUALITY)


def compressed(pixels: RGB, quality: int) -> RGB:
    """Written as JPEG and read again."""
    data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def _grey(pixels: RGB) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)


def _clipped(values: NDArray[np.floating]) -> RGB:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
