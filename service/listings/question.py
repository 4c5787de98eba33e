"""What a check asks, and with what pictures are compared to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from model.copies.verification import CopyFinding
from model.keypoints import LocalPicture
from model.products import CandidateReference, ProductRanking, rank
from service.deadline import Deadline
from service.listings.pictures import Seen
from service.listings.schemas import ListingIn
from service.runtime import Runtime


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

    def closely(self, seen: Seen) -> LocalPicture:
        """Raises: OutOfTime."""
        closeups = self.runtime.closeups
        return self.deadline.wait(self.runtime.pool.submit(closeups.asked, seen.sha256, seen.pixels))

    def rank(self, seen: Seen, near: Sequence[NearReference]) -> ProductRanking:
        """Which product a picture shows, of those that the references are of.

        Raises:
            OutOfTime: it took too long.
        """
        query, pool = self.closely(seen), self.runtime.pool
        waiting = [pool.submit(self.runtime.closeups.view_if_any, each.sha256) for each in near]
        views = [self.deadline.wait(future) for future in waiting]
        candidates = [
            CandidateReference(each.reference_id, each.product_id, each.brand_id, view, each.cosine)
            for each, view in zip(near, views, strict=True)
            if view is not None
        ]
        return self.deadline.wait(pool.submit(rank, query, candidates))

    def compare(self, seen: Seen, stored: Sequence[str]) -> list[CopyFinding | None]:
        """One finding for each stored picture, named by its SHA-256; None where it cannot be read any more.

        Raises:
            OutOfTime: a copy was perhaps not looked for; nobody may take that for none.
        """
        if not stored:
            return []
        query = self.closely(seen)
        waiting = [
            self.runtime.pool.submit(self.runtime.closeups.compared, query, sha256) for sha256 in stored
        ]
        try:
            return [self.deadline.wait(future) for future in waiting]
        finally:
            for future in waiting:
                future.cancel()
