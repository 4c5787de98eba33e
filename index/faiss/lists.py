"""The trained structure over the rows of one segment: short codes in lists propose, full vectors decide."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.faiss.columns import Rows
from index.faiss.quantiser import Codes, Measured, Probes, Quantiser, Seen
from index.faiss.questions import Questions
from index.faiss.scan import best_among
from index.faiss.tombstones import Living
from model.encoders.base import Vectors

_CANDIDATES = 128
"""Rows whose full vectors are read for up to 32 hits (see decision 0101 for what fewer would lose)."""
_CANDIDATES_A_HIT = 4
_WIDER = 4


@dataclass(frozen=True, eq=False)
class Lists:
    quantiser: Quantiser
    index: Any
    """IndexIVFScalarQuantizer; ids are row numbers of the segment."""
    probes: int
    """Lists that a search looks into, chosen by measuring."""
    measured: Measured | None
    """None while it is being measured."""

    @property
    def rows(self) -> int:
        return int(self.index.ntotal)

    def probing(self, probes: int, measured: Measured | None) -> Lists:
        return replace(self, probes=probes, measured=measured)

    def nearest(self, vectors: Vectors, questions: Questions, k: int, alive: Living | None) -> list[Rows]:
        """For each query rows that hold its k best, as often as was measured; at least k if so many are alive."""
        total = self.rows if alive is None else alive.count
        if total == 0:
            return [np.empty(0, np.int64) for _ in questions.vectors]
        faiss.omp_set_num_threads(1)  # the setting is per thread; concurrency comes from the callers
        bits = None if alive is None else alive.bits
        return [
            self._nearest(vectors, query, seen, k, total, bits)
            for query, seen in zip(questions.vectors, questions.seen_by(self.quantiser), strict=True)
        ]

    def unpacked(self) -> Codes:
        """The codes in the order of the rows."""
        codes = Codes(
            np.empty(self.rows, np.int32), np.empty((self.rows, self.quantiser.reduced_dimension), np.uint8)
        )
        inverted = self.index.invlists
        for number in range(self.quantiser.lists):
            if size := inverted.list_size(number):
                rows = faiss.rev_swig_ptr(inverted.get_ids(number), size)
                packed = faiss.rev_swig_ptr(inverted.get_codes(number), size * self.index.code_size)
                codes.codes[rows] = packed.reshape(size, -1)
                codes.lists[rows] = number
        return codes

    def _nearest(
        self,
        vectors: Vectors,
        query: NDArray[np.float32],
        seen: Seen,
        k: int,
        total: int,
        bits: NDArray[np.uint8] | None,
    ) -> Rows:
        """Widen the search until k are found and nothing that was cut off could equal one of them.

        Rows of equal vectors have equal codes. So while the last row proposed scores below all of the k best
        by its code, no twin of theirs was cut off, and ties are decided by id alone.
        """
        # A search of few living rows looks into more lists, so that it sees as many of them.
        probes = min(self.quantiser.lists, math.ceil(self.probes * self.rows / total))
        wanted = max(_CANDIDATES, _CANDIDATES_A_HIT * k)
        while True:
            rows, scores = self._proposed(seen.reduced, self.quantiser.probes(seen, probes), wanted, bits)
            best = best_among(vectors, query, k, rows)
            if len(rows) == wanted < total and scores[-1] >= scores[best].min():
                wanted = min(_WIDER * wanted, total)
            elif len(rows) < min(k, total) and probes < self.quantiser.lists:
                probes = min(_WIDER * probes, self.quantiser.lists)
            else:
                return rows[best]

    def _proposed(
        self,
        reduced: NDArray[np.float32],
        probes: Probes,
        wanted: int,
        bits: NDArray[np.uint8] | None,
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Rows with the best codes in those lists, best first."""
        selector = None if bits is None else faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        scores, rows = np.empty(wanted, np.float32), np.empty(wanted, np.int64)
        self.index.search_preassigned_c(
            1,
            faiss.swig_ptr(reduced),
            wanted,
            faiss.swig_ptr(probes.lists),
            faiss.swig_ptr(probes.scores),
            faiss.swig_ptr(scores),
            faiss.swig_ptr(rows),
            False,
            faiss.SearchParametersIVF(nprobe=len(probes.lists), sel=selector),  # type: ignore[call-arg]  # stubs lag
        )
        found = rows >= 0
        return rows[found], scores[found]


def lists_of(quantiser: Quantiser, codes: Codes, probes: int, measured: Measured | None) -> Lists:
    """Lists that hold these codes; row numbers are positions in them."""
    index = quantiser.empty_index()
    order = np.argsort(codes.lists, kind="stable")
    borders = np.searchsorted(codes.lists[order], np.arange(quantiser.lists + 1))
    for number in np.flatnonzero(np.diff(borders)).tolist():
        rows = order[borders[number] : borders[number + 1]]
        packed = codes.codes[rows]
        index.invlists.add_entries(number, len(rows), faiss.swig_ptr(rows), faiss.swig_ptr(packed))
    index.ntotal = len(order)
    return Lists(quantiser, index, probes, measured)
