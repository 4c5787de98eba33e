"""The measured numbers by which a mark counts as found, and as altered, with where they come from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("thresholds.json")


@dataclass(frozen=True)
class Scale:
    """A logistic of named measures, and the chance that is asked for."""

    weights: dict[str, float]
    intercept: float
    least: float

    def chance(self, measures: Mapping[str, float]) -> float:
        """0 to 1. Args: measures: at least those that are weighed."""
        weighed = sum(weight * measures[name] for name, weight in self.weights.items()) + self.intercept
        return 1 / (1 + math.exp(-min(max(weighed, -60.0), 60.0)))

    def holds(self, measures: Mapping[str, float]) -> bool:
        return self.chance(measures) >= self.least


@dataclass(frozen=True)
class MarkThresholds:
    version: str
    source: str
    """Command, data and seed that they were fitted by."""
    first: Scale
    """Whether a proposed place is worth improving, by a rough look at it as it is."""
    second: Scale
    """Whether it is worth a close look, once it was improved roughly."""
    present: Scale
    """Whether a mark is there, altered or not, by what a close look measures."""
    altered: Scale
    """Whether a mark that is there is altered, by the same measures."""
    part: float
    """Explained share of a long mark, under which its ends are looked at one by one."""
    difference: float
    """Unexplained share of a place, from which it differs."""

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path) -> MarkThresholds:
        held: dict[str, Any] = json.loads(path.read_text())
        scales = {name: Scale(**value) for name, value in held.items() if isinstance(value, dict)}
        return cls(**(held | scales))


@cache
def shipped_thresholds() -> MarkThresholds:
    return MarkThresholds.load(SHIPPED)
