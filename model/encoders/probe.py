"""Pictures with known vectors, kept beside an encoder, so that it can be verified without its weights."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.artifacts import Installed
from model.encoders.base import RGB, Encoder, EncoderDamaged, Vectors

PROBE = "probe.npz"
_SEED = 20260


def textured_pictures(count: int, seed: int = _SEED) -> list[RGB]:
    """Seeded pictures of several shapes with texture at all scales, shapes and letters."""
    random = np.random.default_rng(seed)
    return [_textured(random, 240 + 40 * (n % 5), 240 + 40 * (n % 7)) for n in range(count)]


def write_probe(folder: Path, pictures: list[RGB], vectors: Vectors) -> Path:
    """Keep pictures with the vectors that torch fp32 gave them."""
    path = folder / PROBE
    named = {f"picture_{n}": picture for n, picture in enumerate(pictures)}
    np.savez_compressed(path, allow_pickle=False, vectors=vectors, **named)
    return path


def probe_parity(installed: Installed, encoder: Encoder) -> float:
    """The lowest cosine between what the encoder says of the kept pictures and what torch fp32 said.

    Raises:
        EncoderDamaged: the probe is missing or not what was installed.
    """
    path = installed.file(PROBE)
    try:
        with np.load(path, allow_pickle=False) as kept:
            pictures = [kept[f"picture_{n}"] for n in range(len(kept["vectors"]))]
            vectors = kept["vectors"]
    except (OSError, ValueError, KeyError) as error:
        raise EncoderDamaged(path, f"the probe cannot be read ({error!r})") from error
    return lowest_cosine(encoder.encode(pictures), vectors)


def lowest_cosine(one: Vectors, other: Vectors) -> float:
    """Over rows of two (N, D) arrays of unit vectors."""
    return float((one * other).sum(axis=1).min())


def _textured(random: np.random.Generator, rows: int, columns: int) -> NDArray[np.uint8]:
    canvas = np.zeros((rows, columns, 3), np.float32)
    for cells in (3, 9, 40):
        noise = random.uniform(0, 255 / 3, (cells, cells, 3)).astype(np.float32)
        canvas += cv2.resize(noise, (columns, rows), interpolation=cv2.INTER_CUBIC)
    picture = np.clip(canvas, 0, 255).astype(np.uint8)
    for _ in range(6):
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        x, y = int(random.integers(0, columns)), int(random.integers(0, rows))
        cv2.rectangle(picture, (x, y), (x + 60, y + 40), colour, -1)
        cv2.putText(picture, "MIZU", (y, x), cv2.FONT_HERSHEY_SIMPLEX, 1.2, colour, 3)
    return picture
