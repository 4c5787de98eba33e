"""Kept pictures and present references encoded once more, in a scratch index that is gone afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.base import Item, Library, Modality, Scope
from index.faiss import FaissIndex
from model.encoders.base import Encoder
from model.images import PictureError, PictureLimits
from model.scoring.identity import IdentityCalibration
from service.blobs import BlobDamaged, BlobMissing, BlobStore
from service.decoding import stored_pixels
from service.listings.genuine import NEIGHBOURS
from service.policies.replaying import CannotReplay
from service.references.service import ReferenceFacts
from service.screening.record import DecisionRecord
from service.screening.rules.identity import ReferenceMatch

_GONE = (BlobMissing, BlobDamaged, PictureError)


class ScratchLibrary:
    """The references of one tenant as another encoder sees them.

    Attributes:
        left_out: references whose pictures are gone; nothing can resemble them any more.
    """

    def __init__(
        self,
        encoder: Encoder,
        calibration: IdentityCalibration,
        blobs: BlobStore,
        limits: PictureLimits,
        tenant_id: str,
    ) -> None:
        self._encoder, self._calibration = encoder, calibration
        self._blobs, self._limits = blobs, limits
        self._scope = Scope(tenant_id, Library.GENUINE)
        self._index = FaissIndex(encoder.info.dimension)
        self._facts: dict[str, ReferenceFacts] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self.left_out: list[str] = []

    def add(self, references: Mapping[str, ReferenceFacts]) -> None:
        for reference_id, facts in references.items():
            try:
                vector = self._vector(facts.sha256)
            except _GONE:
                self.left_out.append(reference_id)
                continue
            self._facts[reference_id] = facts
            scope = self._scope
            self._index.upsert(
                [Item(reference_id, scope.tenant, scope.library, Modality.PHOTO, facts.brand_id, vector)]
            )

    def matches(self, record: DecisionRecord) -> Sequence[ReferenceMatch]:
        """What each picture of the decision resembles.

        Raises:
            CannotReplay: a picture is not kept any more.
        """
        found = []
        for picture in record.pictures:
            try:
                vector = self._vector(picture.sha256)
            except _GONE as gone:
                raise CannotReplay(f"picture {picture.index} is not kept any more ({gone})") from gone
            (hits,) = self._index.search(vector[None, :], NEIGHBOURS, self._scope)
            found += [self._match(hit.id, picture.index, hit.score) for hit in hits]
        return found

    def close(self) -> None:
        self._index.close()

    def _vector(self, sha256: str) -> NDArray[np.float32]:
        """One listing after another shows the same pictures, so each is encoded once."""
        if sha256 not in self._vectors:
            pixels = stored_pixels(self._blobs, sha256, self._limits)
            self._vectors[sha256] = self._encoder.encode([pixels])[0]
        return self._vectors[sha256]

    def _match(self, reference_id: str, picture: int, cosine: float) -> ReferenceMatch:
        facts = self._facts[reference_id]
        return ReferenceMatch(
            facts.brand_id,
            facts.product_id,
            reference_id,
            picture,
            cosine,
            self._calibration.probability(cosine),
        )


def blob_folder(data_dir: Path) -> Path:
    return data_dir / "blobs"
