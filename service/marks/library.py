"""The templates of a tenant's marks, in memory, made once for as long as its marks stay the same."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from model.images import PictureLimits
from model.marks import DamagedTemplate, MarkIndex, MarkTemplate, register
from service.blobs import BlobMissing, BlobStore
from service.decoding import stored_pixels

_TENANTS = 8
"""Whose indexes are held at once."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MarkFacts:
    """What a check needs to know of a mark."""

    id: str
    brand_id: str
    kind: str
    text: str
    right_id: str | None
    blob: str
    template: str


class MarkLibrary:
    """Builds indexes of marks from what is stored; the pictures stay the record."""

    def __init__(self, blobs: BlobStore, limits: PictureLimits) -> None:
        self._blobs = blobs
        self._limits = limits
        self._held: OrderedDict[tuple[MarkFacts, ...], MarkIndex] = OrderedDict()
        self._lock = Lock()

    def index(self, marks: Sequence[MarkFacts]) -> MarkIndex:
        """An index that calls marks by their ids.

        Raises:
            BlobMissing, BlobDamaged: a mark's picture is gone; restore it.
        """
        key = tuple(marks)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = MarkIndex.of([(mark.id, self._template(mark)) for mark in marks])
        with self._lock:
            self._held[key] = made
            while len(self._held) > _TENANTS:
                self._held.popitem(last=False)
        return made

    def _template(self, mark: MarkFacts) -> MarkTemplate:
        try:
            return MarkTemplate.from_bytes(self._blobs.get(mark.template))
        except (DamagedTemplate, BlobMissing) as damage:
            _log.warning("the template of %s is made again: %s", mark.id, damage)
            return register(stored_pixels(self._blobs, mark.blob, self._limits), mark.text)
