"""What a check asks, and with what pictures are compared to answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import ParamSpec, TypeVar

from model.copies.verification import CopyFinding
from model.keypoints import LocalPicture
from model.products import CandidateReference, ProductRanking, rank
from service.deadline import Deadline
from service.listings.pictures import Seen
from service.listings.schemas import ListingIn
from service.runtime import Runtime

P = ParamSpec("P")
A = TypeVar("A")
T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """What is asked, of whom, when."""

    tenant_id: str
    listing: ListingIn
    seen: Sequence[Seen]
    at: datetime

    @property
    def today(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class NearReference:
    """A reference that the search proposes for a picture."""

    reference_id: str
    product_id: str
    brand_id: str
    sha256: str
    cosine: float


@dataclass(frozen=True)
class Comparing:
    """Compares pictures point by point on the pool, until the time is up."""

    runtime: Runtime
    deadline: Deadline

    def on_pool(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Raises: OutOfTime."""
        return self.deadline.wait(self.runtime.pool.submit(work, *args, **kwargs))

    def on_pool_each(self, work: Callable[[A], T], given: Iterable[A]) -> list[T]:
        """Side by side, in their order. Raises: OutOfTime: not all were done."""
        waiting = [self.runtime.pool.submit(work, each) for each in given]
        try:
            return [self.deadline.wait(future) for future in waiting]
        finally:
            for future in waiting:
                future.cancel()

    def closely(self, seen: Seen) -> LocalPicture:
        """Raises: OutOfTime."""
        return self.on_pool(self.runtime.closeups.asked, seen.sha256, seen.pixels)

    def rank(self, seen: Seen, near: Sequence[NearReference]) -> ProductRanking:
        """Which product a picture shows, of those that the references are of.

        Raises:
            OutOfTime: it took too long.
        """
        query = self.closely(seen)
        views = self.on_pool_each(self.runtime.closeups.view_if_any, [each.sha256 for each in near])
        candidates = [
            CandidateReference(each.reference_id, each.product_id, each.brand_id, view, each.cosine)
            for each, view in zip(near, views, strict=True)
            if view is not None
        ]
        return self.on_pool(rank, query, candidates)

    def compare(self, seen: Seen, stored: Sequence[str]) -> list[CopyFinding | None]:
        """One finding for each stored picture, named by its SHA-256; None where it cannot be read any more.

        Raises:
            OutOfTime: a copy was perhaps not looked for; nobody may take that for none.
        """
        if not stored:
            return []
        return self.on_pool_each(partial(self.runtime.closeups.compared, self.closely(seen)), stored)
