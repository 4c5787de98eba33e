"""Work on a large partition that takes long: done beside searches and writes, on a state that stays as it is.

What is written meanwhile is kept: a `Done` knows how to put itself under what came after its state.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from index.faiss.columns import Columns, Mask, joined
from index.faiss.fresh_part import FreshPart
from index.faiss.lists import Lists, lists_of
from index.faiss.partition import Partition
from index.faiss.quantiser import Codes
from index.faiss.segment import Segment
from index.faiss.tombstones import Tombstones
from index.faiss.training import Checkpoint, Refusal, measured, trained
from index.faiss.tuning import Tuning

_MERGED_BELOW = 2
"""A segment is merged with the one before it that has fewer than so many times its rows."""


class Work(StrEnum):
    SEAL = "settle fresh rows"
    COMPACT = "drop removed rows"
    TRAIN = "train"


def is_large(partition: Partition, tuning: Tuning) -> bool:
    """Whether upkeep is done in the background; a small partition is compacted by its writers."""
    return partition.lists is not None or partition.alive >= tuning.exact_rows(partition.dimension)


def wanted(partition: Partition, tuning: Tuning) -> Work | None:
    """What a large partition needs most."""
    if _wants_training(partition, tuning):
        return Work.TRAIN
    shrunk = partition.lists is not None and 2 * partition.alive < tuning.exact_rows(partition.dimension)
    if shrunk or partition.tombstones.count > tuning.dead_share * partition.rows:
        return Work.COMPACT
    return Work.SEAL if partition.fresh.rows >= tuning.seal_rows else None


@dataclass(frozen=True, eq=False)
class Done:
    """The outcome of work on a partition as it was."""

    before: Partition
    segments: tuple[Segment, ...]
    dropped: bool
    """Whether removed rows were dropped and the others renumbered; else every row kept its number."""
    refusal: Refusal | None

    def onto(self, current: Partition) -> Partition | None:
        """The successor of what the partition has become; None if others settled its rows meanwhile."""
        if not _grew_from(self.before, current):
            return None
        fresh = current.fresh.without_first(self.before.fresh.rows)
        if not self.dropped:
            return replace(current, segments=self.segments, fresh=fresh, refusal=self.refusal)
        tombstones = self._renumbered(current.tombstones)
        return Partition(self.segments, fresh, tombstones, time.time(), self.refusal)

    def _renumbered(self, tombstones: Tombstones) -> Tombstones:
        """Those that were buried since, by the new numbers."""
        before = self.before
        alive = before.tombstones.alive(0, before.rows)
        kept: Mask = np.ones(before.rows, np.bool_) if alive is None else alive.mask
        dead = np.flatnonzero(tombstones.dead)
        old, new = dead[dead < before.rows], dead[dead >= before.rows]
        since = old[kept[old]]
        numbers = np.cumsum(kept) - 1
        rows = np.concatenate([numbers[since], new - before.rows + before.alive])
        return Tombstones().with_rows(rows.tolist())


def _grew_from(before: Partition, current: Partition) -> bool:
    """Whether rows were but added and buried since, so that all of before lie where they lay."""
    if current.segments is not before.segments or current.fresh.rows < before.fresh.rows:
        return False
    # Partitions that begin anew have the same segments: none. Serials are never given twice.
    old = before.fresh.columns.serials
    return bool((current.fresh.columns.serials[: len(old)] == old).all())


def done(partition: Partition, work: Work, tuning: Tuning, checkpoint: Checkpoint) -> Done:
    if work is Work.SEAL:
        return Done(partition, _sealed(partition, tuning), False, partition.refusal)
    columns = partition.living()
    checkpoint()
    lists = _lists(partition, columns, work, tuning, checkpoint)
    refusal = lists if isinstance(lists, Refusal) else None
    segment = Segment(
        columns, None if isinstance(lists, Refusal) else lists, tuning.exact_rows(partition.dimension)
    )
    segment.by_brand  # noqa: B018 - made here, so that no search has to
    return Done(partition, (segment,) if len(columns) else (), True, refusal)


def _wants_training(partition: Partition, tuning: Tuning) -> bool:
    if partition.alive < tuning.exact_rows(partition.dimension):
        return False
    if partition.lists is not None:
        return partition.alive >= tuning.growth * partition.lists.quantiser.trained_rows
    return partition.refusal is None or partition.alive >= tuning.growth * partition.refusal.rows


def _lists(
    partition: Partition, columns: Columns, work: Work, tuning: Tuning, checkpoint: Checkpoint
) -> Lists | Refusal | None:
    """Of the living rows: the old quantiser as long as it holds the target on them, else a new one."""
    if len(columns) < tuning.exact_rows(partition.dimension) and work is not Work.TRAIN:
        return None
    if work is Work.COMPACT:
        if partition.lists is None:
            return partition.refusal
        codes = living_codes(partition, (*partition.segments, partition.fresh))
        checkpoint()
        kept = lists_of(partition.lists.quantiser, codes, partition.lists.probes, None)
        outcome = measured(columns.vectors, kept, tuning.target_recall, checkpoint)
        if isinstance(outcome, Lists):
            return outcome
    return trained(columns.vectors, tuning.target_recall, checkpoint)


def living_codes(partition: Partition, parts: Iterable[Segment | FreshPart]) -> Codes:
    """Of the rows that are not removed, of the partition's first parts; fresh ones are encoded for it."""
    codes = _joined([_codes(part, partition) for part in parts])
    alive = partition.tombstones.alive(0, len(codes.lists))
    return codes if alive is None else Codes(codes.lists[alive.mask], codes.codes[alive.mask])


def _joined(codes: list[Codes]) -> Codes:
    return Codes(
        np.concatenate([each.lists for each in codes]), np.concatenate([each.codes for each in codes])
    )


def _codes(part: Segment | FreshPart, partition: Partition) -> Codes:
    if isinstance(part, Segment) and part.lists is not None:
        return part.lists.unpacked()
    if partition.lists is None:
        raise ValueError("A partition without lists has no codes.")
    return partition.lists.quantiser.encoded(part.columns.vectors)


def _sealed(partition: Partition, tuning: Tuning) -> tuple[Segment, ...]:
    """Fresh rows as a segment, merged with as many before it as keeps few of them (Bentley and Saxe, 1980)."""
    rows, first = partition.fresh.rows, len(partition.segments)
    while first and partition.segments[first - 1].rows < _MERGED_BELOW * rows:
        first -= 1
        rows += partition.segments[first].rows
    merged = partition.segments[first:]
    columns = joined(
        [*(segment.columns for segment in merged), partition.fresh.columns], rows, partition.dimension
    )
    segment = Segment(columns, _merged_lists(partition, merged), tuning.exact_rows(partition.dimension))
    segment.by_brand  # noqa: B018 - made here, so that no search has to
    return (*partition.segments[:first], segment)


def _merged_lists(partition: Partition, merged: tuple[Segment, ...]) -> Lists | None:
    if partition.lists is None:
        return None
    parts: tuple[Segment | FreshPart, ...] = (*merged, partition.fresh)
    whole = _joined([_codes(part, partition) for part in parts])
    return lists_of(partition.lists.quantiser, whole, partition.lists.probes, partition.lists.measured)
