"""Which rows belong to which brand, so that a small scope costs what it holds and not what lies around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.faiss.columns import Mask, Rows


@dataclass(frozen=True, eq=False)
class BrandRows:
    order: NDArray[np.int32]
    """Rows sorted by brand code, and within a brand by number."""
    starts: NDArray[np.int64]
    """Where in `order` each code begins; one entry more than there are codes."""

    def rows(self, brands: Mask) -> Rows:
        """Of the brands marked true in the table of brand codes."""
        codes = np.flatnonzero(brands[: len(self.starts) - 1])
        spans = [self.order[self.starts[code] : self.starts[code + 1]] for code in codes]
        return np.concatenate([np.empty(0, np.int32), *spans]).astype(np.int64)


def brand_rows(codes: NDArray[np.int32]) -> BrandRows:
    order = np.argsort(codes, kind="stable").astype(np.int32)
    counts = np.bincount(codes) if len(codes) else np.empty(0, np.int64)
    return BrandRows(order, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
