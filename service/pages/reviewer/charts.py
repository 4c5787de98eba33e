"""Simple drawings as numbers for SVG: the templates have the shapes, and nothing here knows of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.scoring.calibration import Calibration
from service.control.schemas import DriftOut
from service.pages.language import N_

WIDTH, HEIGHT = 600, 180
STREAMS: dict[str, str] = {
    "finding": N_("How sure findings are"),
    "identity": N_("How alike references are"),
    "coverage": N_("How much could be seen"),
    "decision": N_("What was decided"),
}


@dataclass(frozen=True)
class Bar:
    """A stream's change against what chance alone explains, in units of the drawing."""

    stream: str
    standing: str
    psi: float
    threshold: float
    length: float
    mark: float


@dataclass(frozen=True)
class Line:
    stream: str
    points: str
    last: tuple[float, float]


def bars(drift: DriftOut) -> list[Bar]:
    """One a stream, all on one scale that starts at 0."""
    most = max([0.2, *(max(each.psi, each.psi_threshold) for each in drift.streams)])
    return [
        Bar(
            stream=each.stream,
            standing=each.standing.value,
            psi=each.psi,
            threshold=each.psi_threshold,
            length=round(each.psi / most * WIDTH, 1),
            mark=round(each.psi_threshold / most * WIDTH, 1),
        )
        for each in drift.streams
    ]


def history(looks: Sequence[DriftOut]) -> list[Line]:
    """The index of each stream over the daily looks, oldest first; a single look draws no line."""
    if len(looks) < 2:
        return []
    values = {
        stream: [next((each.psi for each in look.streams if each.stream == stream), 0.0) for look in looks]
        for stream in STREAMS
    }
    most = max(0.2, *(max(each) for each in values.values()))
    return [_line(stream, found, most) for stream, found in values.items()]


def curve(calibration: Calibration, low: float = -8.0, high: float = 8.0, steps: int = 61) -> str:
    """The map from scores to probabilities, as points of a line."""
    scores = np.linspace(low, high, steps)
    across = np.linspace(0, WIDTH, steps)
    return _points(across, HEIGHT * (1 - calibration.probabilities(scores)))


def _line(stream: str, values: Sequence[float], most: float) -> Line:
    across = np.linspace(0, WIDTH, len(values))
    down = HEIGHT * (1 - np.array(values) / most)
    return Line(stream, _points(across, down), (round(float(across[-1]), 1), round(float(down[-1]), 1)))


def _points(across: Sequence[float] | np.ndarray, down: Sequence[float] | np.ndarray) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
