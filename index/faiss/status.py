"""What an operator wants to know of each partition."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from index.base import Library, Modality
from index.faiss.intake import Key
from index.faiss.partition import Partition


class Kind(StrEnum):
    EXACT = "exact"
    """Every search reads every row."""
    TRAINED = "trained"
    REFUSED = "exact, training refused"
    """Large, but lists did not hold the target at a cost worth it."""


@dataclass(frozen=True)
class PartStatus:
    tenant: str
    library: Library
    modality: Modality
    kind: Kind
    main: int
    """Rows of the main part; removed ones count until compaction."""
    fresh: int
    """Rows taken in since: settled in smaller segments or not at all."""
    tombstones: int
    """Removed rows that still lie in one of both."""
    lists: int
    probes: int
    """Lists a search looks into; 0 of 0 where it reads everything."""
    recall_at_10: float | None
    """As measured by the last training or compaction; None where search is exact."""
    measured_at: float | None
    compacted_at: float | None
    """Seconds since 1970, as the one above."""
    reason: str
    """Of a refusal, else empty."""

    def fields(self) -> dict[str, Any]:
        return asdict(self)


def status_of(key: Key, partition: Partition) -> PartStatus:
    lists, refusal = partition.lists, partition.refusal
    measured = lists.measured if lists else None
    main = partition.segments[0].rows if partition.segments else 0
    return PartStatus(
        *key,
        kind=Kind.TRAINED if lists else Kind.REFUSED if refusal else Kind.EXACT,
        main=main,
        fresh=partition.rows - main,
        tombstones=partition.tombstones.count,
        lists=lists.quantiser.lists if lists else 0,
        probes=lists.probes if lists else 0,
        recall_at_10=measured.recall_at_10 if measured else None,
        measured_at=measured.at if measured else None,
        compacted_at=partition.compacted_at,
        reason=refusal.reason if refusal else "",
    )


def status_from(fields: dict[str, Any]) -> PartStatus:
    """Raises KeyError, TypeError or ValueError when the fields are not those of `PartStatus.fields`."""
    return PartStatus(
        **{
            **fields,
            "library": Library(fields["library"]),
            "modality": Modality(fields["modality"]),
            "kind": Kind(fields["kind"]),
        }
    )
