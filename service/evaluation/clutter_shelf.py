"""References of a kit on an index, and pictures searched among them, whole and by regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.base import Hit, Item, Library, Modality, Scope
from index.faiss import FaissIndex
from model.encoders.base import RGB, Encoder, Vectors
from model.evaluation.kit import KitBrand, KitProduct, catalogue_views
from model.keypoints import LocalPicture, look_closely
from model.regions import Near, Proposer, Regions, look_at_regions, propose, to_verify, verified

NEIGHBOURS = 20
_SCOPE = Scope("evaluation", Library.GENUINE)
_BATCH = 16


@dataclass(frozen=True)
class Shelved:
    product: str
    brand: str
    local: LocalPicture


class Shelf:
    """Everything enrolled is one tenant's."""

    def __init__(self, encoder: Encoder, proposer: Proposer) -> None:
        self._encoder, self._proposer = encoder, proposer
        self._index = FaissIndex(encoder.info.dimension)
        self._held: dict[str, Shelved] = {}

    def __len__(self) -> int:
        return len(self._held)

    def enrol(self, products: Sequence[KitProduct]) -> None:
        """With the three catalogue pictures of each."""
        for product in products:
            views = catalogue_views(product)
            ids = [f"{product.id}-{at}" for at in range(len(views))]
            for each, view in zip(ids, views, strict=True):
                self._held[each] = Shelved(product.id, product.brand.id, look_closely(view))
            self._upsert(ids, product.brand, self._encoder.encode(views))

    def whole(self, picture: RGB) -> list[Near]:
        """What the whole picture resembles, best first: what every listing is asked."""
        (hits,) = self._index.search(self._encoder.encode([picture]), NEIGHBOURS, _SCOPE)
        return self._near(hits)

    def regions(self, picture: RGB) -> tuple[Regions, list[list[Near]]]:
        """The parts of a picture, and what each resembles, with keypoints compared."""
        (regions,) = propose(self._encoder, self._proposer, [picture])
        if not len(regions):
            return regions, []
        near = [self._near(hits) for hits in self._index.search(regions.vectors, NEIGHBOURS, _SCOPE)]
        looked = look_at_regions(picture, regions.boxes)
        return regions, [self._verified(local, each) for local, each in zip(looked, near, strict=True)]

    def close(self) -> None:
        self._index.close()

    def _verified(self, local: LocalPicture, near: Sequence[Near]) -> list[Near]:
        return verified(local, near, {wanted: self._held[wanted].local for wanted in to_verify(near)})

    def _near(self, hits: Sequence[Hit]) -> list[Near]:
        return [Near(hit.id, self._held[hit.id].product, self._held[hit.id].brand, hit.score) for hit in hits]

    def _upsert(self, ids: Sequence[str], brand: KitBrand, vectors: Vectors) -> None:
        self._index.upsert(
            [
                Item(each, _SCOPE.tenant, _SCOPE.library, Modality.PHOTO, brand.id, np.asarray(vector))
                for each, vector in zip(ids, vectors, strict=True)
            ]
        )
