"""Where the thresholds of `model.quality` come from: real pictures, and the same ones degraded.

Run `python -m model.evaluation.quality_thresholds FOLDER [FOLDER …] --seed 0` to set them, and
`… --seed 1 --apart-from 0` to see how they do on pictures that played no part in that.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple, fields
from pathlib import Path

import cv2
import numpy as np

from model.encoders.base import RGB
from model.images import Picture, PictureFormat, decode
from model.quality import Quality, QualityFault, assess

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_MEASURES = tuple(each.name for each in fields(Quality))
_PERCENTILES = (0, 0.5, 1, 50, 99, 99.5, 100)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--apart-from", type=int, help="leave out what this seed samples")
    parser.add_argument("--pictures", type=int, default=300, help="sampled from each folder")
    options = parser.parse_args(arguments)
    measured: dict[str, list[Quality]] = {name: [] for name in DEGRADATIONS}
    for path in _sample(options.folders, options.pictures, options.seed, options.apart_from):
        picture = decode(path.read_bytes(), max_side=1024)
        for name, degrade in DEGRADATIONS.items():
            measured[name].append(assess(degrade(picture)))
    sys.stdout.write("\n".join([*_percentile_table(measured), "", *_fault_table(measured), ""]))


def _sample(folders: list[Path], pictures: int, seed: int, apart_from: int | None) -> Iterator[Path]:
    for folder in folders:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
        if apart_from is not None:
            used = set(_drawn(paths, pictures, apart_from))
            paths = [path for path in paths if path not in used]
        yield from _drawn(paths, pictures, seed)


def _drawn(paths: list[Path], pictures: int, seed: int) -> list[Path]:
    return random.Random(seed).sample(paths, min(pictures, len(paths)))  # noqa: S311  a sample, no secret


def _blurred(picture: Picture, share: float) -> Picture:
    """Blur with a standard deviation of a share of the longer side."""
    sigma = share * max(picture.pixels.shape)
    return _with_pixels(picture, np.asarray(cv2.GaussianBlur(picture.pixels, (0, 0), sigma), np.uint8))


def _exposed(picture: Picture, gain: float) -> Picture:
    """Multiply light, not code values (gamma 2.2), and clip as a sensor does."""
    light = (picture.pixels / np.float32(255)) ** 2.2 * gain
    return _with_pixels(picture, (255 * np.clip(light, 0, 1) ** (1 / 2.2)).astype(np.uint8))


def _flattened(picture: Picture, contrast: float) -> Picture:
    return _with_pixels(
        picture, (128 + (picture.pixels.astype(np.float32) - 128) * contrast).astype(np.uint8)
    )


def _shrunk(picture: Picture, side: int) -> Picture:
    scale = side / min(picture.pixels.shape[:2])
    small = cv2.resize(picture.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _with_pixels(picture, np.asarray(small, np.uint8), resized=True)


def _far_away(picture: Picture, share: float) -> Picture:
    """Put the picture on white, at a share of the frame's area."""
    small = cv2.resize(picture.pixels, None, fx=share**0.5, fy=share**0.5, interpolation=cv2.INTER_AREA)
    frame = np.full_like(picture.pixels, 255)
    top, left = (frame.shape[0] - small.shape[0]) // 2, (frame.shape[1] - small.shape[1]) // 2
    frame[top : top + small.shape[0], left : left + small.shape[1]] = small
    return _with_pixels(picture, frame)


def _with_pixels(picture: Picture, pixels: RGB, *, resized: bool = False) -> Picture:
    height, width = pixels.shape[:2] if resized else (picture.height, picture.width)
    return Picture(pixels, PictureFormat.PNG, width, height, picture.sha256)


DEGRADATIONS: dict[str, Callable[[Picture], Picture]] = {
    "none": lambda picture: picture,
    "blur 0.2 %": lambda picture: _blurred(picture, 0.002),
    "blur 0.5 %": lambda picture: _blurred(picture, 0.005),
    "blur 1 %": lambda picture: _blurred(picture, 0.01),
    "blur 2 %": lambda picture: _blurred(picture, 0.02),
    "light / 16": lambda picture: _exposed(picture, 1 / 16),
    "light / 64": lambda picture: _exposed(picture, 1 / 64),
    "light / 256": lambda picture: _exposed(picture, 1 / 256),
    "light × 16": lambda picture: _exposed(picture, 16),
    "light × 256": lambda picture: _exposed(picture, 256),
    "contrast 25 %": lambda picture: _flattened(picture, 0.25),
    "contrast 10 %": lambda picture: _flattened(picture, 0.1),
    "side 128 px": lambda picture: _shrunk(picture, 128),
    "side 64 px": lambda picture: _shrunk(picture, 64),
    "on white, 5 %": lambda picture: _far_away(picture, 0.05),
    "on white, 1 %": lambda picture: _far_away(picture, 0.01),
}


def _percentile_table(measured: dict[str, list[Quality]]) -> list[str]:
    rows = [
        "| degradation | measure | " + " | ".join(f"p{each:g}" for each in _PERCENTILES) + " |",
        "|---|---|" + "---|" * len(_PERCENTILES),
    ]
    for name, qualities in measured.items():
        values = np.percentile(np.array([astuple(each) for each in qualities]), _PERCENTILES, axis=0)
        for column, measure in enumerate(_MEASURES):
            rows.append(f"| {name} | {measure} | " + " | ".join(f"{v:.3g}" for v in values[:, column]) + " |")
    return rows


def _fault_table(measured: dict[str, list[Quality]]) -> list[str]:
    rows = [
        "| degradation | pictures | not usable | " + " | ".join(QualityFault) + " |",
        "|---|---|---|" + "---|" * len(QualityFault),
    ]
    for name, qualities in measured.items():
        shares = [sum(fault in each.faults for each in qualities) / len(qualities) for fault in QualityFault]
        unusable = sum(not each.usable for each in qualities) / len(qualities)
        rows.append(
            f"| {name} | {len(qualities)} | {unusable:.1%} | " + " | ".join(f"{s:.1%}" for s in shares) + " |"
        )
    return rows


if __name__ == "__main__":
    main()
