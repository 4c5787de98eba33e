"""Close-ups: keypoints and a small copy of every enrolled picture, kept so that others can be verified against it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from model.copies.verification import CopyFinding, verify
from model.encoders.base import RGB
from model.images import PictureLimits
from model.keypoints import DamagedLocalPicture, LocalPicture, look_closely
from model.products import ProductView
from service.blobs import BlobDamaged, BlobMissing, BlobStore
from service.closeups.cache import CloseUpCache
from service.closeups.store import DerivedStore
from service.decoding import stored_pixels

_log = logging.getLogger(__name__)


class CloseUps:
    """Of stored pictures by their SHA-256; the picture itself stays the record, and any close-up can be made again."""

    def __init__(
        self, store: DerivedStore, blobs: BlobStore, limits: PictureLimits, cached_bytes: int
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._limits = limits
        self._cache = CloseUpCache(cached_bytes)

    def keep(self, sha256: str, closeup: LocalPicture) -> None:
        """Before the transaction that names the picture, as with its bytes."""
        self._store.put(sha256, closeup.to_bytes())

    def stored(self, sha256: str) -> LocalPicture:
        """The close-up of a stored picture, made from it when none is kept that can be read.

        Raises:
            BlobMissing, BlobDamaged: neither is there; restore the picture.
        """
        return self.view(sha256).local

    def view(self, sha256: str) -> ProductView:
        """The same, prepared for being compared as a product."""
        found = self._cache.get(sha256) or ProductView(self._kept(sha256) or self._made(sha256))
        self._cache.put(sha256, found)
        return found

    def asked(self, sha256: str, pixels: Callable[[], RGB]) -> LocalPicture:
        """The close-up of a picture that somebody asks about; held in memory alone."""
        found = self._cache.get(sha256) or ProductView(look_closely(pixels()))
        self._cache.put(sha256, found)
        return found.local

    def view_if_any(self, sha256: str) -> ProductView | None:
        """None where the stored picture cannot be read any more, which is logged."""
        try:
            return self.view(sha256)
        except (BlobMissing, BlobDamaged) as lost:
            _log.error("nothing can be compared with a stored picture: %s", lost)
            return None

    def compared(self, query: LocalPicture, sha256: str) -> CopyFinding | None:
        """Is the query a copy of the stored picture? None likewise."""
        found = self.view_if_any(sha256)
        return verify(query, found.local) if found else None

    def forget(self, sha256: str) -> None:
        """Whoever deletes a picture's bytes deletes this with them."""
        self._cache.drop(sha256)
        self._store.delete(sha256)

    def _kept(self, sha256: str) -> LocalPicture | None:
        data = self._store.get(sha256)
        if data is None:
            return None
        try:
            return LocalPicture.from_bytes(data)
        except DamagedLocalPicture as damage:
            _log.warning("the close-up of %s is made again: %s", sha256, damage)
            return None

    def _made(self, sha256: str) -> LocalPicture:
        found = look_closely(stored_pixels(self._blobs, sha256, self._limits))
        self.keep(sha256, found)
        return found
