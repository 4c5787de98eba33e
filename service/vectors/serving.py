"""One encoder together with the indexes whose vectors it may be compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.base import Hit, Item, Library, Modality, Scope, VectorIndex
from model.copies.hashes import PerceptualHash, as_vector, pdq
from model.encoders.base import RGB, Encoder, FingerprintMismatch, Vectors
from model.scoring.identity import IdentityCalibration
from service.vectors.repository import Entry
from service.vectors.spaces import Kind
from service.vectors.views import described_views, view_id


@dataclass(frozen=True)
class Features:
    """What searching needs of one picture: shape (D,) float32 of length 1, and its hash."""

    fingerprint: str
    embedding: NDArray[np.float32]
    hash: PerceptualHash


@dataclass(frozen=True)
class EnrolledFeatures(Features):
    """What enrolling needs besides."""

    views: Vectors
    """Shape (views, D): copies of the picture are sought among these."""


@dataclass(frozen=True)
class NewItem:
    """A picture to be remembered under an id of ours."""

    id: str
    tenant_id: str
    library: Library
    brand_id: str
    blob: str
    features: EnrolledFeatures
    modality: Modality = Modality.PHOTO

    def embedding_entry(self) -> Entry:
        return Entry(self._item(self.features.embedding), self.blob)

    def hash_entry(self) -> Entry:
        return Entry(self._item(as_vector(self.features.hash)), self.blob)

    def copy_entries(self) -> list[Entry]:
        """One for each view, under an id of its own."""
        return [
            Entry(self._item(vector, view_id(self.id, number)), self.blob)
            for number, vector in enumerate(self.features.views)
        ]

    def _item(self, vector: NDArray[np.float32], item_id: str | None = None) -> Item:
        return Item(item_id or self.id, self.tenant_id, self.library, self.modality, self.brand_id, vector)


@dataclass(frozen=True)
class Serving:
    """Hold on to one of these for the whole of a check, so that encoder and index stay a pair."""

    encoder: Encoder
    calibration: IdentityCalibration
    embeddings: VectorIndex
    hashes: VectorIndex
    copies: VectorIndex

    @property
    def fingerprint(self) -> str:
        return self.encoder.info.fingerprint

    @property
    def revision(self) -> int:
        return self.embeddings.revision()

    @property
    def indexes(self) -> Mapping[Kind, VectorIndex]:
        return {Kind.EMBEDDING: self.embeddings, Kind.HASH: self.hashes, Kind.COPY: self.copies}

    def describe(self, pictures: Sequence[RGB]) -> list[Features]:
        vectors = self.encoder.encode(pictures)
        return [
            Features(self.fingerprint, vector, pdq(pixels))
            for vector, pixels in zip(vectors, pictures, strict=True)
        ]

    def describe_to_enrol(self, pictures: Sequence[RGB]) -> list[EnrolledFeatures]:
        found = zip(self.describe(pictures), described_views(self.encoder, pictures), strict=True)
        return [EnrolledFeatures(each.fingerprint, each.embedding, each.hash, views) for each, views in found]

    def alike(
        self, features: Sequence[Features], k: int, scope: Scope, min_score: float = -1.0
    ) -> list[list[Hit]]:
        """Up to k items a picture by cosine of embeddings, best first."""
        for each in features:
            if each.fingerprint != self.fingerprint:
                raise FingerprintMismatch(self.fingerprint, each.fingerprint)
        return self.embeddings.search(_stack([f.embedding for f in features]), k, scope, min_score)

    def same_hash(
        self, features: Sequence[Features], k: int, scope: Scope, max_distance: int
    ) -> list[list[Hit]]:
        """Up to k items a picture within a Hamming distance (0–256) of its hash; scores are 1 − distance/128."""
        least = 1 - max_distance / 128 - 1e-6
        return self.hashes.search(_stack([as_vector(f.hash) for f in features]), k, scope, least)


def _stack(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.stack(vectors) if vectors else np.empty((0, 1), np.float32)
