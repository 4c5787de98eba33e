"""One encoder together with the indexes whose vectors it may be compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.base import Hit, Item, Library, Modality, Scope, VectorIndex
from model.copies import best_by_owner, copy_fingerprint, query_tiles, reference_views
from model.copies.background import NEIGHBOURS as EVERYDAY
from model.copies.hashes import PerceptualHash, as_vector, pdq
from model.encoders.base import RGB, Encoder, FingerprintMismatch, Vectors
from model.scoring.identity import IdentityCalibration
from service.vectors.repository import Entry
from service.vectors.spaces import Kind
from service.vectors.views import item_of, view_id

_VIEWS_OF_ONE = 2
"""Views of one picture among the nearest to a tile, at a guess: neighbours overlap."""


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
    copy_fingerprint: str
    """Of the encoder and the views together."""

    @classmethod
    def of(cls, features: Features, views: Vectors, copy_fingerprint: str) -> Self:
        return cls(features.fingerprint, features.embedding, features.hash, views, copy_fingerprint)


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
    def copy_fingerprint(self) -> str:
        return copy_fingerprint(self.encoder)

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

    def views(self, pixels: RGB) -> Vectors:
        """What is kept of a picture to find copies of it, and of its parts. For the pool: no queue is before it."""
        return reference_views(self.encoder, [pixels])[0]

    def alike(
        self, features: Sequence[Features], k: int, scope: Scope, min_score: float = -1.0
    ) -> list[list[Hit]]:
        """Up to k items a picture by cosine of embeddings, best first."""
        for each in features:
            if each.fingerprint != self.fingerprint:
                raise FingerprintMismatch(self.fingerprint, each.fingerprint)
        return self.embeddings.search(_stack([f.embedding for f in features]), k, scope, min_score)

    def tiles(self, pixels: RGB) -> Vectors:
        """What a picture is asked with, as a whole and in parts: shape (tiles, D). For the pool, likewise."""
        return query_tiles(self.encoder, [pixels])[0]

    def near_views(self, tiles: Vectors, k: int, tenant: str, library: Library) -> dict[str, float]:
        """Up to k items by their best pair of view and tile, less what everyday pictures reach; best first."""
        views = self.copies.search(tiles, k * _VIEWS_OF_ONE, Scope(tenant, library))
        usual = self.copies.search(tiles, EVERYDAY, Scope(tenant, Library.BACKGROUND))
        owners = [[(item_of(hit.id), hit.score) for hit in hits] for hits in views]
        found = best_by_owner(owners, np.array([[hit.score for hit in hits] for hits in usual], np.float32))
        return dict(islice(found.items(), k))

    def same_hash(
        self, features: Sequence[Features], k: int, scope: Scope, max_distance: int
    ) -> list[list[Hit]]:
        """Up to k items a picture within a Hamming distance (0–256) of its hash; scores are 1 − distance/128."""
        least = 1 - max_distance / 128 - 1e-6
        return self.hashes.search(_stack([as_vector(f.hash) for f in features]), k, scope, least)


def _stack(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.stack(vectors) if vectors else np.empty((0, 1), np.float32)
