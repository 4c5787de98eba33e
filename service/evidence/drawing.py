"""Draws on a picture and on its original what of both was found to match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

Points = tuple[tuple[float, float], ...]
"""Corners of a polygon in fractions of a picture's width and height."""

_HEIGHT = 480
_GAP = 12
_QUALITY = 88
_OUTLINE = (224, 49, 49)
_HALO = (255, 255, 255)


@dataclass(frozen=True)
class Matched:
    """The matching region on both pictures; empty where none is known."""

    picture: Points
    original: Points

    @classmethod
    def of(cls, evidence: Mapping[str, object]) -> Matched | None:
        """What a signal's evidence says of regions; None where it says nothing."""
        picture, original = _points(evidence.get("query_region")), _points(evidence.get("reference_region"))
        return cls(picture, original) if picture or original else None


def side_by_side(picture: RGB, original: RGB, matched: Matched) -> bytes:
    """PNG of both pictures at one height, the matching region outlined on each."""
    left, right = outlined(picture, matched.picture), outlined(original, matched.original)
    gap = np.full((_HEIGHT, _GAP, 3), 255, np.uint8)
    return png(np.hstack([left, gap, right]))


def outlined(pixels: RGB, region: Points, height: int = _HEIGHT) -> RGB:
    """The picture at that height, with a line that shows on light and dark ground."""
    return outlined_each(pixels, [region] if region else [], height)


def outlined_each(pixels: RGB, regions: Iterable[Points], height: int = _HEIGHT) -> RGB:
    """The same around several regions."""
    width = max(1, round(pixels.shape[1] * height / pixels.shape[0]))
    smaller = height < pixels.shape[0]
    shown = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    for region in regions:
        corners = np.round(np.array(region) * [width, height]).astype(np.int32)
        cv2.polylines(shown, [corners], True, _HALO, 7, cv2.LINE_AA)
        cv2.polylines(shown, [corners], True, _OUTLINE, 3, cv2.LINE_AA)
    return np.asarray(shown, np.uint8)


def png(pixels: NDArray[np.uint8]) -> bytes:
    ok, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    if not ok:
        raise RuntimeError("OpenCV could not encode a drawing as PNG.")
    return data.tobytes()


def jpeg(pixels: RGB) -> bytes:
    """Small enough for lists of pictures, and without anything that came along with the file."""
    ok, data = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not ok:
        raise RuntimeError("OpenCV could not encode a picture as JPEG.")
    return data.tobytes()


def _points(found: object) -> Points:
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple((float(x), float(y)) for x, y in found)
