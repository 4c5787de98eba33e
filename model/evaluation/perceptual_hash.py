"""How often perceptual hashes match wrongly, and which edits they survive.

Run `python -m model.evaluation.perceptual_hash FOLDER`.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from model.copies.hashes import (
    MATCH_DISTANCE,
    MIN_QUALITY,
    PerceptualHash,
    as_vector,
    dihedral,
    distance,
    pdq,
)
from model.encoders.base import RGB
from model.images import decode


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    paths = sorted(options.folder.rglob("*.jpg"))
    pictures = [decode(path.read_bytes(), max_side=512).pixels for path in paths]
    hashes = [pdq(pixels) for pixels in pictures]
    sys.stdout.write("\n".join([*_false_matches(hashes), "", *_recall(pictures, hashes), ""]))


def _false_matches(hashes: list[PerceptualHash]) -> list[str]:
    kept = [each for each in hashes if each.quality >= MIN_QUALITY]
    distances = _all_distances(kept)
    rows = [
        f"{len(kept)} of {len(hashes)} pictures with quality ≥ {MIN_QUALITY}; {len(distances):,} pairs",
        "",
    ]
    rows += ["| distance ≤ | pairs | rate |", "|---|---|---|"]
    for limit in (15, MATCH_DISTANCE, 47, 63, 79):
        found = int((distances <= limit).sum())
        rows.append(f"| {limit} | {found} | {found / len(distances):.2g} |")
    return rows


def _all_distances(hashes: list[PerceptualHash]) -> NDArray[np.int64]:
    vectors = np.stack([as_vector(each) for each in hashes])
    upper = np.triu_indices(len(hashes), k=1)
    return np.asarray(np.rint((1 - (vectors @ vectors.T)[upper]) * 128), dtype=np.int64)


def _recall(pictures: list[RGB], hashes: list[PerceptualHash]) -> list[str]:
    rows = [f"| edit | found at distance ≤ {MATCH_DISTANCE} | median distance |", "|---|---|---|"]
    for name, edit in EDITS.items():
        apart = [distance(own, pdq(edit(each))) for own, each in zip(hashes, pictures, strict=True)]
        rows.append(_row(name, apart))
    mirrored = [
        min(distance(own, each) for each in dihedral(picture[:, ::-1]).values())
        for own, picture in zip(hashes, pictures, strict=True)
    ]
    return [*rows, _row("mirrored, best of eight", mirrored)]


def _row(name: str, apart: list[int]) -> str:
    return f"| {name} | {np.mean(np.array(apart) <= MATCH_DISTANCE):.1%} | {np.median(apart):.0f} |"


def _jpeg(pixels: RGB, quality: int) -> RGB:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return decode(buffer.getvalue()).pixels


def _resized(pixels: RGB, factor: float) -> RGB:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((round(image.width * factor), round(image.height * factor))))


def _brighter(pixels: RGB, factor: float) -> RGB:
    return np.asarray(ImageEnhance.Brightness(Image.fromarray(pixels)).enhance(factor))


def _cropped(pixels: RGB, share: float) -> RGB:
    margins = [round(side * (1 - share) / 2) for side in pixels.shape[:2]]
    return pixels[margins[0] : pixels.shape[0] - margins[0], margins[1] : pixels.shape[1] - margins[1]]


EDITS: dict[str, Callable[[RGB], RGB]] = {
    "JPEG 50": lambda pixels: _jpeg(pixels, 50),
    "JPEG 20": lambda pixels: _jpeg(pixels, 20),
    "resized to 50 %": lambda pixels: _resized(pixels, 0.5),
    "brightness × 0.7": lambda pixels: _brighter(pixels, 0.7),
    "brightness × 1.3": lambda pixels: _brighter(pixels, 1.3),
    "sides cropped to 95 %": lambda pixels: _cropped(pixels, 0.95),
    "sides cropped to 80 %": lambda pixels: _cropped(pixels, 0.8),
    "mirrored": lambda pixels: pixels[:, ::-1],
}


if __name__ == "__main__":
    main()
