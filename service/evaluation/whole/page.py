"""The report: one page with every figure, how it was made, and what was not measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from model.evaluation.figures import Figures
from service.clock import now
from service.evaluation.whole.charts import draw
from service.evaluation.whole.running import Outcome

_PROVENANCE = ("seed", "encoder", "commit", "machine")


@dataclass(frozen=True)
class _Section:
    outcome: Outcome
    main: Sequence[tuple[str, str]]
    rest: Sequence[tuple[str, str]]
    charts: Sequence[Markup]
    provenance: str


def write_page(path: Path, outcomes: Sequence[Outcome], *, quick: bool) -> None:
    """One HTML file that holds everything it shows, and runs nothing."""
    environment = Environment(
        loader=PackageLoader("service.evaluation.whole", "."), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("page.html").render(
        sections=[_section(each) for each in outcomes], quick=quick, written=now()
    )
    path.write_text(page, encoding="utf-8")


def _section(outcome: Outcome) -> _Section:
    figures, part = outcome.figures, outcome.part
    drawn = (draw(chart, figures) for chart in part.charts)
    shown = {name for name, _ in part.main}
    return _Section(
        outcome,
        [(words, _value(figures, name)) for name, words in part.main if name in figures],
        list(_others(figures, shown)),
        [Markup(svg) for svg in drawn if svg],  # noqa: S704 - drawn here, of figures alone
        ", ".join(f"{name} {figures[name]}" for name in _PROVENANCE if name in figures),
    )


def _others(figures: Figures, shown: set[str]) -> Iterator[tuple[str, str]]:
    for name in figures:
        bound = name.endswith(("_low", "_high"))
        if name not in shown and name not in (*_PROVENANCE, "command") and not bound:
            yield name, _value(figures, name)


def _value(figures: Figures, name: str) -> str:
    value, low, high = (figures.get(f"{name}{end}") for end in ("", "_low", "_high"))
    if low is None or high is None:
        return _number(value)
    return f"{_number(value)} [{_number(low)}, {_number(high)}]"


def _number(value: float | int | str | None) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
