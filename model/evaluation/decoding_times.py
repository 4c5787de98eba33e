"""What decoding a picture costs, by format and size.

Run `python -m model.evaluation.decoding_times PHOTO --seed 0`: the photo is enlarged, and given fine grain so that
it is as hard to decode as one from a camera.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from model.images import PictureFormat, PictureLimits, decode

_MEGAPIXELS = (0.2, 2.0, 12.0)
_MAX_SIDES = (None, 1024, 512)
_GRAIN = 3.0
"""Standard deviation, of 255."""
_REPEATS = 5
_LIMITS = PictureLimits(max_bytes=100 * 1024 * 1024)
"""A PNG or TIFF of 12 megapixels with grain is longer than the usual limit allows."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    photo = Image.fromarray(decode(options.photo.read_bytes()).pixels)
    header = " | ".join("whole" if side is None else f"max_side {side}" for side in _MAX_SIDES)
    sys.stdout.write(f"| format | megapixels | bytes | {header} |\n|---|---|---|{'---|' * len(_MAX_SIDES)}\n")
    for megapixels in _MEGAPIXELS:
        enlarged = _enlarged(photo, megapixels, np.random.default_rng(options.seed))
        for kind in PictureFormat:
            data = _encoded(enlarged, kind)
            times = " | ".join(f"{_milliseconds(data, side):.1f}" for side in _MAX_SIDES)
            sys.stdout.write(f"| {kind} | {megapixels:g} | {len(data):,} | {times} |\n")


def _enlarged(photo: Image.Image, megapixels: float, rng: np.random.Generator) -> Image.Image:
    scale = (megapixels * 1e6 / (photo.width * photo.height)) ** 0.5
    large = photo.resize((round(photo.width * scale), round(photo.height * scale)), Image.Resampling.BICUBIC)
    grain = rng.normal(0, _GRAIN, (large.height, large.width, 3))
    return Image.fromarray(np.clip(np.asarray(large) + grain, 0, 255).astype(np.uint8))


def _encoded(image: Image.Image, kind: PictureFormat) -> bytes:
    buffer = io.BytesIO()
    if kind is PictureFormat.HEIC:
        pillow_heif.from_pillow(image).save(buffer, quality=70, enc_params={"preset": "ultrafast"})
    elif kind is PictureFormat.AVIF:
        image.save(buffer, "AVIF", quality=70, speed=10)
    elif kind is PictureFormat.TIFF:
        image.save(buffer, "TIFF", compression="tiff_lzw")
    elif kind in {PictureFormat.JPEG, PictureFormat.WEBP}:
        image.save(buffer, kind.upper(), quality=85, method=0)
    else:
        image.save(buffer, kind.upper(), compress_level=1)
    return buffer.getvalue()


def _milliseconds(data: bytes, max_side: int | None) -> float:
    """Processor time of the whole process, since a decoder may use a thread of its own."""
    times = []
    for _ in range(_REPEATS):
        start = time.process_time()
        decode(data, _LIMITS, max_side)
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


if __name__ == "__main__":
    main()
