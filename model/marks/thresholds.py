"""The measured numbers by which a mark counts as found, and as altered, with where they come from."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("thresholds.json")


@dataclass(frozen=True)
class MarkThresholds:
    version: str
    source: str
    """Command, data and seed that they were fitted by."""
    rough: float
    """Explained share after a rough look, under which a place is given up."""
    explained: float
    edges: float
    distinct: float
    intercept: float
    """Chance that a mark is there: the logistic of the measures of a proof, weighed by these three, plus this."""
    least: float
    """Chance under which nothing is reported."""
    least_explained: float
    least_edges: float
    least_distinct: float
    """Of each measure, what is asked however much the others say: an outline that fits says little of a plain mark,
    and a plain place fits everything."""
    part: float
    """Explained share of a part of a long mark, from which the whole counts as altered where it is less explained."""
    whole: float
    """Explained share under which a mark that is found is altered."""
    difference: float
    """Unexplained share of a place, from which it differs."""
    stretch: float
    """Change of width against height, as a factor above 1, from which a mark is altered."""

    def chance(self, explained: float, edges: float, distinct: float) -> float:
        """Args: explained, edges, distinct: of a proof; 0 to 1, −1 to 1 and 0 to 1."""
        weighed = self.explained * explained + self.edges * edges + self.distinct * distinct
        return 1 / (1 + math.exp(-(weighed + self.intercept)))

    def holds(self, explained: float, edges: float, distinct: float) -> bool:
        """Whether a proof of these measures is reported."""
        if (
            min(explained - self.least_explained, edges - self.least_edges, distinct - self.least_distinct)
            < 0
        ):
            return False
        return self.chance(explained, edges, distinct) >= self.least

    def promise(self, explained: float, edges: float) -> float:
        """An order in which rough looks are followed up; larger is better."""
        return explained + edges

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path) -> MarkThresholds:
        return cls(**json.loads(path.read_text()))


@cache
def shipped_thresholds() -> MarkThresholds:
    return MarkThresholds.load(SHIPPED)
