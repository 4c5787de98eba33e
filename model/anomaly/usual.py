"""What photos of genuine goods reach when they are laid over their references: the measure of what is unusual."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.anomaly.comparison import Comparison
from model.anomaly.difference import LEAST_MASS

USUAL = Path(__file__).parent / "usual.json"


@dataclass(frozen=True)
class Usual:
    """Values that most genuine photos stay under; measured on genuine ones alone."""

    version: str
    fitted: bool
    """Whether the values were measured as they should be; until then they move nothing."""
    mass: float
    """Pixels of full contrast that differ in shape, of goods against a studio picture; else any region is unusual."""
    tint: float
    """Grey levels by which the most different printed colour differs."""

    def score(self, found: Comparison) -> float:
        """1 and more is unusual: by shape or by tint, whichever is further beyond."""
        if found.tint is None:
            return math.log1p(found.score) / math.log1p(LEAST_MASS)
        return max(math.log1p(found.score) / math.log1p(self.mass), found.tint / self.tint)


@cache
def shipped() -> Usual:
    """As `mizugiwa fit anomaly` wrote it."""
    told = json.loads(USUAL.read_text(encoding="utf-8"))
    return Usual(told["version"], told["fitted"], told["mass"], told["tint"])
