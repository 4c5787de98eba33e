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
WORTH_VIEWS = {"bundled": (0.03, 0.60)}
"""Encoder to the least score by views at which a stored picture is looked at closely: less what everyday pictures
reach, and outright where a house has none. Of another encoder all that are near are looked at.

Of the suite of `mizugiwa evaluate copy` on `clothing` (seed 0, 168 copies, 168 unrelated) 0.03 keeps 98.8 % of the
copies at 4 comparisons for an unrelated picture, and 0.60, without everyday pictures, 98 % at 8. Through the service
0.05 lost two more of 84, pasted small and twice edited.
"""


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
    least = _least_views(serving, question)
    found = {
        picture: serving.near_views(asked, COPIES, question.tenant_id, library)
        for picture, asked in tiles.items()
    }
    return {
        picture: Near([], {}, {item: score for item, score in scores.items() if score >= least})
        for picture, scores in found.items()
    }


def _least_views(serving: Serving, question: Question) -> float:
    known = WORTH_VIEWS.get(serving.encoder.info.name)
    if known is None:
        return -2.0
    usual, outright = known
    everyday = serving.copies.count(Scope(question.tenant_id, Library.BACKGROUND))
    return usual if everyday else outright


def all_ids(near: Iterable[Near]) -> list[str]:
    return sorted(set[str]().union(*(each.ids for each in near)))


def _distances(hits: Sequence[Hit]) -> dict[str, int]:
    return {hit.id: round((1 - hit.score) * 128) for hit in hits}
