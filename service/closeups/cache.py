"""The close-ups used last, in memory, within a bound of bytes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from model.products import ProductView
from model.products.view import TONE_SIDE

_ROOTS = 128 * 4
"""Bytes of one keypoint's RootSIFT descriptor, which is made when it is first compared."""
_TONES = TONE_SIDE * TONE_SIDE * 3 * 4
"""Bytes of the tones of a picture, likewise."""


class CloseUpCache:
    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[str, tuple[ProductView, int]] = OrderedDict()
        self._lock = Lock()
        self.bytes = 0

    def get(self, key: str) -> ProductView | None:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: str, closeup: ProductView) -> None:
        """What was used longest ago goes first; a close-up larger than the bound is not held at all."""
        size = _bytes_of(closeup)
        with self._lock:
            self._drop(key)
            if size > self._most_bytes:
                return
            self._held[key] = closeup, size
            self.bytes += size
            while self.bytes > self._most_bytes:
                self._drop(next(iter(self._held)))

    def drop(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        _, size = self._held.pop(key, (None, 0))
        self.bytes -= size


def _bytes_of(closeup: ProductView) -> int:
    points = closeup.local.keypoints
    arrays = (points.xy, points.size, points.angle, points.descriptors, closeup.local.thumbnail)
    return sum(array.nbytes for array in arrays) + len(points) * _ROOTS + _TONES
