"""Which stored pictures are near to those of a listing, by every measure that is quick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.base import Hit, Library, Scope
from model.copies.hashes import MATCH_DISTANCE
from model.encoders.base import Vectors
from service.listings.question import Question
from service.references.pictures import hash_means_something
from service.vectors.serving import Serving

COPIES = 10
"""Stored pictures of each library that a picture is at most compared with point by point."""


@dataclass(frozen=True)
class Near:
    """Stored pictures near to one picture of the listing, by id."""

    hits: Sequence[Hit]
    """By the whole picture, nearest first."""
    distances: dict[str, int]
    """Hamming distances of perceptual hashes, where those mean something."""
    views: dict[str, float] = field(default_factory=dict)
    """Scores of the best pair of views, less what everyday pictures reach; empty while views were not compared."""

    @property
    def cosines(self) -> dict[str, float]:
        return {hit.id: hit.score for hit in self.hits}

    @property
    def ids(self) -> set[str]:
        return self.cosines.keys() | self.distances.keys() | self.views.keys()


def search(serving: Serving, question: Question, library: Library, k: int) -> list[Near]:
    """What is near to each picture, in the listing's order."""
    scope = Scope(question.tenant_id, library)
    features = [seen.features for seen in question.seen]
    alike = serving.alike(features, k, scope)
    same = serving.same_hash(features, COPIES, scope, MATCH_DISTANCE)
    return [
        Near(hits, _distances(hashed) if hash_means_something(each) else {})
        for each, hits, hashed in zip(features, alike, same, strict=True)
    ]


def search_views(
    serving: Serving, question: Question, library: Library, tiles: Mapping[int, Vectors]
) -> dict[int, Near]:
    """What is near to the pictures, or to parts of them, by views.

    Args:
        tiles: picture to what it is asked with.
    """
    return {
        picture: Near([], {}, serving.near_views(asked, COPIES, question.tenant_id, library))
        for picture, asked in tiles.items()
    }


def all_ids(near: Iterable[Near]) -> list[str]:
    return sorted(set[str]().union(*(each.ids for each in near)))


def _distances(hits: Sequence[Hit]) -> dict[str, int]:
    return {hit.id: round((1 - hit.score) * 128) for hit in hits}
