"""One encoder together with the indexes whose vectors it may be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.base import Hit, Item, Library, Modality, Scope, VectorIndex
from model.copies.hashes import PerceptualHash, as_vector, pdq
from model.encoders.base import RGB, Encoder, FingerprintMismatch
from model.scoring.identity import IdentityCalibration
from service.vectors.repository import Entry

HASH_SPACE = "pdq"
HASH_DIMENSION = 256


def embedding_space(fingerprint: str) -> str:
    return f"emb:{fingerprint}"


@dataclass(frozen=True)
class Features:
    """What searching and enrolling need of one picture: shape (D,) float32 of length 1, and its hash."""

    fingerprint: str
    embedding: NDArray[np.float32]
    hash: PerceptualHash


@dataclass(frozen=True)
class NewItem:
    """A picture to be remembered under an id of ours."""

    id: str
    tenant_id: str
    library: Library
    brand_id: str
    blob: str
    features: Features
    modality: Modality = Modality.PHOTO

    def embedding_entry(self) -> Entry:
        return Entry(self._item(self.features.embedding), self.blob)

    def hash_entry(self) -> Entry:
        return Entry(self._item(as_vector(self.features.hash)), self.blob)

    def _item(self, vector: NDArray[np.float32]) -> Item:
        return Item(self.id, self.tenant_id, self.library, self.modality, self.brand_id, vector)


@dataclass(frozen=True)
class Serving:
    """Hold on to one of these for the whole of a check, so that encoder and index stay a pair."""

    encoder: Encoder
    calibration: IdentityCalibration
    embeddings: VectorIndex
    hashes: VectorIndex

    @property
    def fingerprint(self) -> str:
        return self.encoder.info.fingerprint

    @property
    def revision(self) -> int:
        return self.embeddings.revision()

    def describe(self, pictures: Sequence[RGB]) -> list[Features]:
        vectors = self.encoder.encode(pictures)
        return [
            Features(self.fingerprint, vector, pdq(pixels))
            for vector, pixels in zip(vectors, pictures, strict=True)
        ]

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
