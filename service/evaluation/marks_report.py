"""What is told of a run that looked for marks: recall, precision and alterations, on cloth and on products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.scoring.bounds import wilson
from service.evaluation.marks import FIGURE_SIZES, WORD_SIZES, Answer, Change, Surface
from service.marks.models import MarkKind


@dataclass(frozen=True)
class Share:
    """So many of so many, with the interval in which the truth lies 19 times in 20."""

    name: str
    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / max(1, self.of)

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.of)


@dataclass(frozen=True)
class Report:
    shares: tuple[Share, ...]
    false_alarms: float
    """Sightings a picture that shows no mark."""
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    """Mean processor time of one thread, a picture."""
    marks: int

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {
            "marks": self.marks,
            "false_alarms_a_picture": self.false_alarms,
            "p50_ms": self.p50_ms,
            "p95_ms": self.p95_ms,
            "cpu_ms": self.cpu_ms,
        }
        for share in self.shares:
            low, high = share.interval
            found |= {share.name: share.value, f"{share.name}_of": share.of}
            found |= {f"{share.name}_low": low, f"{share.name}_high": high}
        return found


def report_of(answers: Sequence[Answer], marks: int) -> Report:
    empty = [each for each in answers if each.question.surface is Surface.NOTHING]
    times = [each.milliseconds for each in answers]
    return Report(
        tuple(share for share in _shares(answers) if share.of),
        sum(len(each.wrong) for each in empty) / max(1, len(empty)),
        float(np.median(times)),
        float(np.percentile(times, 95)),
        float(np.mean([each.cpu_milliseconds for each in answers])),
        marks,
    )


def _shares(answers: Sequence[Answer]) -> Iterator[Share]:
    """Photos without marks count against precision on cloth: they show cloth."""
    empty = [each for each in answers if each.question.surface is Surface.NOTHING]
    for surface in (Surface.CLOTH, Surface.PRODUCT):
        there = [each for each in answers if each.question.surface is surface]
        genuine = [each for each in there if each.question.change is Change.NONE]
        altered = [each for each in there if each.question.change is not Change.NONE]
        yield _found(f"recall_{surface}", genuine)
        yield _precision(f"precision_{surface}", there + (empty if surface is Surface.CLOTH else []))
        yield _found(f"altered_found_{surface}", altered)
        yield Share(f"altered_told_{surface}", _called_altered(altered), len(altered))
        yield Share(f"genuine_called_altered_{surface}", _called_altered(genuine), _count(genuine))
        for change in list(Change)[1:]:
            of_change = [each for each in altered if each.question.change is change]
            yield Share(f"told_{surface}_{change}", _called_altered(of_change), len(of_change))
    yield _precision("precision", answers)
    yield from _by_size(answers)


def _by_size(answers: Sequence[Answer]) -> Iterator[Share]:
    for kind, sizes in ((MarkKind.FIGURE, FIGURE_SIZES), (MarkKind.WORD, WORD_SIZES)):
        of_kind = [each for each in answers if each.question.kind is kind]
        yield _found(f"recall_cloth_{kind}", [e for e in of_kind if e.question.change is Change.NONE])
        for size in sizes:
            yield _found(f"found_{kind}_{size}", [each for each in of_kind if each.question.size == size])


def _found(name: str, answers: Sequence[Answer]) -> Share:
    return Share(name, _count(answers), len(answers))


def _count(answers: Sequence[Answer]) -> int:
    return sum(bool(each.right) for each in answers)


def _called_altered(answers: Sequence[Answer]) -> int:
    return sum(any(seen.altered for seen in each.right) for each in answers)


def _precision(name: str, answers: Sequence[Answer]) -> Share:
    right, wrong = _count(answers), sum(len(each.wrong) for each in answers)
    return Share(name, right, right + wrong)
