"""How sure a finding is: what evidence weighs, and what the sum means, in one small file.

The file that ships is pooled: fitted on the kit, for every house and encoder until a house has verdicts of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from model.scoring.calibration import Calibration, Method

SHIPPED = Path(__file__).parent / "findings.json"


@dataclass(frozen=True)
class FindingModel:
    version: str
    weights: Mapping[str, float]
    """Log-odds that a degree of 1 of each signal is worth."""
    calibration: Calibration
    source: Mapping[str, str | int]
    """Command, seed, data and date."""

    def score(self, degrees: Mapping[str, float]) -> float:
        """In log-odds up to a constant; what is not named counts for nothing.

        Args:
            degrees: signal code to how far it is given, in [0, 1].
        """
        return sum(weight * degrees.get(name, 0.0) for name, weight in self.weights.items())

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


@cache
def shipped() -> FindingModel:
    return load(SHIPPED)


def load(path: Path) -> FindingModel:
    """Raises: ValueError: the file is not one of these."""
    try:
        held = json.loads(path.read_text())
        return FindingModel(
            held["version"], held["weights"], calibration_from(held["calibration"]), held["source"]
        )
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path} does not say how sure findings are ({error}); make it anew with `mizugiwa fit findings`."
        ) from None


def calibration_from(document: Mapping[str, Any]) -> Calibration:
    """What `dataclasses.asdict` made of a calibration. Raises: KeyError, TypeError: it is something else."""
    return Calibration(
        **{
            **document,
            "method": Method(document["method"]),
            "knots": tuple(document["knots"]),
            "values": tuple(document["values"]),
        }
    )
