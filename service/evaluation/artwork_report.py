"""What comparing pairs whose relation is known shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.copies.regions import overlap
from model.copies.verification import CopyFinding, CopyKind, kind_of_copy
from model.evaluation.copy_pairs import Compared, Relation
from model.keypoints.geometry import carried

CANDIDATES = 10
"""As many as a check verifies."""
_CLOSE = 0.02
"""Of width and height: how far off a corner of the region may lie and still be right."""


@dataclass(frozen=True)
class Judged:
    pair: Compared
    finding: CopyFinding


@dataclass(frozen=True)
class ArtworkReport:
    judged: tuple[Judged, ...]
    milliseconds: tuple[float, ...]
    """For `CANDIDATES` candidates of one query, keypoints found before; empty where no product has so many photos."""

    def of(self, relation: Relation) -> list[Judged]:
        return [each for each in self.judged if each.pair.relation is relation]

    def called_copies(self) -> list[Judged]:
        """Of those that are none: to be looked at."""
        others = [each for each in self.judged if each.pair.relation is not Relation.COPY]
        return [each for each in others if each.finding.is_copy]

    def figures(self) -> dict[str, float | int | str]:
        copies, others = self.of(Relation.COPY), self.of(Relation.OTHER_PHOTO)
        found = [each for each in copies if each.finding.is_copy]
        return {
            "copies": len(copies),
            "recall": _share(copies, lambda each: each.finding.is_copy),
            **{f"recall_{name}": share for name, _, share in self.recall_by_attack()},
            "kind_right": _share(found, _kind_right),
            "place_right": _share(found, _place_right),
            **_negatives("other_photos", [each for each in others if each.pair.attack is None]),
            **_negatives("other_photos_edited", [each for each in others if each.pair.attack is not None]),
            **_negatives("same_print", self.of(Relation.SAME_PRINT)),
            **_negatives("nearest", self.of(Relation.NEAREST)),
            **self._times(),
        }

    def _times(self) -> dict[str, float]:
        if not self.milliseconds:
            return {}
        return {
            f"p50_ms_{CANDIDATES}_candidates": float(np.median(self.milliseconds)),
            f"p95_ms_{CANDIDATES}_candidates": float(np.percentile(self.milliseconds, 95)),
        }

    def recall_by_attack(self) -> Iterator[tuple[str, int, float]]:
        """Name, copies, and the share of them that is found."""
        copies = self.of(Relation.COPY)
        for attack in sorted({str(each.pair.attack) for each in copies}):
            of_it = [each for each in copies if str(each.pair.attack) == attack]
            yield attack, len(of_it), _share(of_it, lambda each: each.finding.is_copy)


def _share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> float:
    return sum(map(holds, judged)) / len(judged) if judged else 0.0


def _kind_right(judged: Judged) -> bool:
    """Is the kind what the true homography says?"""
    seen = overlap(judged.pair.truth) if judged.pair.truth is not None else None
    return seen is not None and judged.finding.kind is kind_of_copy(seen)


def _place_right(judged: Judged) -> bool:
    """Do the corners of what is truly shared lie where the finding puts them?"""
    truth, found = judged.pair.truth, judged.finding.homography
    seen = overlap(truth) if truth is not None else None
    if seen is None or found is None:
        return False
    return bool(np.abs(carried(seen.query, found) - seen.reference).max() < _CLOSE)


def _negatives(name: str, pairs: Sequence[Judged]) -> dict[str, float | int | str]:
    kinds = Counter(each.finding.kind for each in pairs)
    return {
        name: len(pairs),
        f"{name}_called_copies": sum(each.finding.is_copy for each in pairs),
        f"{name}_same_artwork": kinds[CopyKind.SAME_ARTWORK],
        f"{name}_none": kinds[CopyKind.NONE],
    }
