"""What is drawn of a comparison: the original, the photo as it lies over it, and what differs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from enum import StrEnum
from functools import partial

import cv2
import numpy as np

from model.anomaly import Comparison, compare
from model.encoders.base import RGB
from service.decoding import stored_pixels
from service.errors import NotFound
from service.evidence.drawing import png
from service.pages.inspector.drawing import jpeg, red_layer
from service.runtime import Runtime

Box = tuple[float, float, float, float]
_ONE_AT_A_TIME = threading.Lock()
"""A page asks for several layers of one comparison at once; the first computes it for all."""
_KEPT = 8
_RECENT: OrderedDict[tuple[str, str], Comparison | None] = OrderedDict()


class Layer(StrEnum):
    ORIGINAL = "original"
    LAID = "laid"
    """The photo in the frame of the original."""
    HEAT = "heat"
    """What differs, see-through, in the frame of the original."""
    MAP = "map"
    """The photo over the original with what differs in red: to be looked at by itself."""


class NotLaidOver(NotFound):
    slug = "not-laid-over"
    title = "The photo cannot be laid over the original"
    help = "Photograph the same side, sharp, filling the frame; or compare with an original of the side that is shown."


def draw(
    runtime: Runtime, photo: str, original: str, layer: Layer, box: Box | None = None
) -> tuple[bytes, str]:
    """Bytes and format of one layer.

    Args:
        photo, original: digests of stored pictures.
        box: left, top, right, bottom of the part that is wanted, in fractions of the original; all of it if None.

    Raises:
        NotLaidOver: too little of both agrees.
    """
    if layer is Layer.ORIGINAL:
        return jpeg(_part(stored_pixels(runtime.blobs, original, runtime.picture_limits), box)), "jpeg"
    with _ONE_AT_A_TIME:
        found = _compared(runtime, photo, original)
    if found is None:
        raise NotLaidOver("Too little of both pictures agrees.")
    if layer is Layer.LAID:
        return jpeg(_part(found.aligned.suspect, box)), "jpeg"
    if layer is Layer.HEAT:
        return red_layer(np.maximum(cv2.GaussianBlur(found.excess, (0, 0), 4) * 3, found.excess)), "png"
    return png(found.heat_map()), "png"


def _compared(runtime: Runtime, photo: str, original: str) -> Comparison | None:
    """Only the last few are kept, by the digests of both, which never come to mean other bytes."""
    key = photo, original
    if key not in _RECENT:
        stored = partial(stored_pixels, runtime.blobs, limits=runtime.picture_limits)
        _RECENT[key] = runtime.pool.submit(lambda: compare(stored(photo), [stored(original)])).result()
        while len(_RECENT) > _KEPT:
            _RECENT.popitem(last=False)
    return _RECENT[key]


def _part(pixels: RGB, box: Box | None) -> RGB:
    if box is None:
        return pixels
    height, width = pixels.shape[:2]
    left, top, right, bottom = (
        round(side * extent) for side, extent in zip(box, (width, height) * 2, strict=True)
    )
    return np.ascontiguousarray(pixels[top : max(bottom, top + 1), left : max(right, left + 1)])
