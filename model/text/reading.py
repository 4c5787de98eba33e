"""Reads what is written in a picture: a detector finds lines, a recogniser reads them one by one.

Both are PP-OCRv6 small networks (PaddleOCR, Apache-2.0) that come inside the `rapidocr` wheel and are loaded from there
by path: nothing is ever fetched. They read Latin, Greek, Han (simplified, traditional, Japanese) and kana; they have no
hangul, Cyrillic, Thai or Arabic. Most pictures carry no text, and those pay for the detector alone.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from model.encoders.base import RGB
from model.text.lines import Polygon, TextLine, area, band_of, sides

LONG_SIDE = 960
"""Pixels to which the longer side is brought before the detector looks: see the curve in README.md."""
MAX_ENLARGING = 2.0
"""Small pictures are enlarged this much at most: beyond, there is nothing more to see."""
MAX_LINES = 64
"""Lines that are read of one picture, the largest first."""
MIN_CONFIDENCE = 0.5
"""Lines read with less are noise."""
SURE = 0.85
"""A line read with less is also read upside down, and the better reading kept."""
NARROWEST = 128
"""Pixels to which the recogniser pads a short line; the networks of the wheel were made for 320, at twice the time."""
_TALL = 1.5
"""A crop that is this much higher than wide is a line that runs up or down."""
_CRAMPED = 0.45
"""Widths of letters by the height of their line below which several lines may have been taken for one."""
_PLAIN = 0.95
"""A line read with more is one line, however cramped its letters."""
_TWO_LINES = 16.0
"""Pixels under which two lines could not be read in any case."""
_LETTERS = 2
"""Of each of those."""
_ALIKE = 0.45
"""Share of letters that two lines may not have in common."""
_PART = 0.7
"""Confidence that each line of those into which one is parted must reach."""


class ReadingUnavailable(RuntimeError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Text in pictures cannot be read: {reason}. Install `rapidocr` anew; it brings the models."
        )


@dataclass(frozen=True)
class Reading:
    lines: tuple[TextLine, ...]
    """Largest first."""
    complete: bool
    """False when time ran out before every line was read; those that were are the largest."""


class Reader:
    """Loads its networks when first asked; may be shared by threads, which take turns."""

    def __init__(self, *, threads: int = 1, long_side: int = LONG_SIDE) -> None:
        """Args: threads: of each network. long_side: pixels, see `LONG_SIDE`."""
        self._threads, self._long_side = threads, long_side
        self._lock = threading.Lock()
        self._engine: Any = None

    def load(self) -> None:
        """Load the networks now, about 0.1 s, instead of with the first picture.

        Raises:
            ReadingUnavailable: the wheel's models are not where they should be.
        """
        with self._lock:
            self._loaded()

    def find(self, rgb: RGB) -> list[Polygon]:
        """Where lines of text stand, largest first, unread: a tenth to a half of what reading them costs."""
        with self._lock:
            return self._find(rgb)

    def read(
        self, rgb: RGB, *, seconds: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> Reading:
        """Read a picture.

        Args:
            rgb: shape (height, width, 3), at least 16 pixels on each side; smaller ones have no text.
            seconds: no further line is begun after so long; None reads all.
        """
        deadline = None if seconds is None else clock() + seconds
        with self._lock:
            places = self._find(rgb)
            lines: list[TextLine] = []
            for at, polygon in enumerate(places):
                if deadline is not None and clock() >= deadline:
                    return Reading(tuple(lines), complete=at >= len(places))
                lines.extend(self._read_at(rgb, polygon))
        return Reading(tuple(lines), complete=True)

    def _find(self, rgb: RGB) -> list[Polygon]:
        engine = self._loaded()
        if min(rgb.shape[:2]) < 16:
            return []
        scale = min(self._long_side / max(rgb.shape[:2]), MAX_ENLARGING)
        seen = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=_interpolation(scale))
        found = engine.text_det(np.ascontiguousarray(seen[:, :, ::-1]))
        if found.boxes is None:
            return []
        factor = np.array([rgb.shape[1] / seen.shape[1], rgb.shape[0] / seen.shape[0]])
        polygons = [_polygon(corners * factor) for corners in found.boxes]
        return sorted(polygons, key=area, reverse=True)[:MAX_LINES]

    def _read_at(self, rgb: RGB, polygon: Polygon) -> Iterator[TextLine]:
        crop, corners = _upright(rgb, polygon)
        text, confidence = self._recognised(crop)
        if confidence < SURE:
            turned, other = self._recognised(crop[::-1, ::-1])
            if other > confidence:
                text, confidence, corners = turned, other, corners[2:] + corners[:2]
                crop = crop[::-1, ::-1]
        line = TextLine(text.strip(), confidence, corners)
        parted = self._parted(crop, line) if _may_be_several(line) else []
        yield from (each for each in parted or [line] if each.text and each.confidence >= MIN_CONFIDENCE)

    def _parted(self, crop: RGB, line: TextLine) -> list[TextLine]:
        """Two or three short lines that the detector took for one: GOD / MOR / GON; empty where it is one."""
        readings = [self._in_bands(crop, line, count) for count in (2, 3)]
        best = max(readings, key=_surely)
        return best if _surely(best) >= max(_PART, line.confidence - 0.05) else []

    def _in_bands(self, crop: RGB, line: TextLine, count: int) -> list[TextLine]:
        edges = [round(at * crop.shape[0] / count) for at in range(count + 1)]
        read = [self._recognised(crop[top:bottom]) for top, bottom in pairwise(edges)]
        return [
            TextLine(text.strip(), confidence, band_of(line.polygon, at / count, (at + 1) / count))
            for at, (text, confidence) in enumerate(read)
        ]

    def _recognised(self, crop: RGB) -> tuple[str, float]:
        answer = self._loaded().text_rec(_recogniser_input(np.ascontiguousarray(crop[:, :, ::-1])))
        return str(answer.txts[0]), float(answer.scores[0])

    def _loaded(self) -> Any:
        if self._engine is None:
            self._engine = _engine(self._threads, self._long_side)
        return self._engine


def _may_be_several(line: TextLine) -> bool:
    along, across = sides(line.polygon)
    cramped = along < _CRAMPED * across * max(2, len(line.text))
    return cramped and line.confidence < _PLAIN and across >= _TWO_LINES


def _surely(lines: Sequence[TextLine]) -> float:
    """Mean confidence of lines that are words, each another; 0 where they are not: halves of one line read alike."""
    words = all(_letters(line.text) >= _LETTERS and line.confidence >= _PART for line in lines)
    alike = any(_similarity(upper.text, lower.text) >= _ALIKE for upper, lower in pairwise(lines))
    return sum(line.confidence for line in lines) / len(lines) if words and not alike else 0.0


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _similarity(first: str, second: str) -> float:
    return OSA.normalized_similarity(first.casefold(), second.casefold())


def _engine(threads: int, long_side: int) -> Any:
    """Both networks of the wheel, given by path so that nothing is looked up or fetched."""
    try:
        import rapidocr  # loaded late: it takes a second, and most commands never read
    except ImportError as reason:
        raise ReadingUnavailable(str(reason)) from reason
    finder, recogniser = _files(Path(rapidocr.__file__).parent)
    engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(finder),
            "Det.limit_type": "max",
            "Det.limit_side_len": long_side,
            "Rec.model_path": str(recogniser),
            "Rec.rec_img_shape": [3, 48, NARROWEST],
        }
    )
    engine._load_det_model()
    engine._load_rec_model()
    return engine


@cache
def networks() -> str:
    """What reads, told apart by the bytes of its networks.

    Raises:
        ReadingUnavailable: the wheel's models are not where they should be.
    """
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ReadingUnavailable("it is not installed")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in _files(Path(spec.origin).parent)))
    return f"pp-ocrv6-small-{digest.hexdigest()[:16]}"


def _files(package: Path) -> tuple[Path, Path]:
    """The network that finds lines, and the one that reads them."""
    folder = package / "models"
    files = folder / "PP-OCRv6_det_small.onnx", folder / "PP-OCRv6_rec_small.onnx"
    for path in files:
        if not path.is_file():
            raise ReadingUnavailable(f"{path} is missing")
    return files


def _recogniser_input(bgr: NDArray[np.uint8]) -> Any:
    from rapidocr.ch_ppocr_rec import TextRecInput

    return TextRecInput(img=bgr, return_word_box=False)


def _upright(rgb: RGB, polygon: Polygon) -> tuple[RGB, Polygon]:
    """The line cut out so that it runs from left to right, and its corners in that order."""
    corners = polygon
    width, height = _lengths(corners)
    if height >= _TALL * width:
        corners = (*corners[1:], corners[0])
        width, height = height, width
    source = np.array(corners, np.float32)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    size = (max(1, round(width)), max(1, round(height)))
    crop = cv2.warpPerspective(rgb, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8), corners


def _lengths(polygon: Polygon) -> tuple[float, float]:
    """Longer of both opposite sides, along and across."""
    corners = np.array(polygon)
    lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return max(float(lengths[0]), float(lengths[2]), 1.0), max(float(lengths[1]), float(lengths[3]), 1.0)


def _interpolation(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC


def _polygon(corners: NDArray[np.floating]) -> Polygon:
    return tuple((float(x), float(y)) for x, y in corners)
