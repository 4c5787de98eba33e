"""Draws figures as SVG that stands in the page itself."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import matplotlib as mpl
from matplotlib.figure import Figure

from model.evaluation.figures import Figures
from service.evaluation.whole.parts import Bars, Curve, Trade

_INK = "#1f6f78"
_BOUNDS = ("_low", "_high")


def draw(chart: Bars | Trade | Curve, figures: Figures) -> str | None:
    """An `<svg>` element; None where the run gave nothing to draw."""
    figure = Figure(figsize=(7.2, 3.0), layout="constrained")
    if not _drawn(figure, chart, figures):
        return None
    [axes] = figure.axes
    axes.set_title(chart.title, loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    return _svg(figure, chart.title)


def _drawn(figure: Figure, chart: Bars | Trade | Curve, figures: Figures) -> bool:
    match chart:
        case Bars():
            return _bars(figure, chart, figures)
        case Trade():
            return _trade(figure, chart, figures)
        case Curve():
            return _curve(figure, chart, figures)


def _bars(figure: Figure, chart: Bars, figures: Figures) -> bool:
    found = list(_variants(chart, figures))
    if not found:
        return False
    names, values, low, high = zip(*found, strict=True)
    places = range(len(names))
    spread = [
        [max(0.0, value - under) for value, under in zip(values, low, strict=True)],
        [max(0.0, over - value) for value, over in zip(values, high, strict=True)],
    ]
    figure.set_size_inches(7.2, 1.0 + 0.24 * len(names))
    axes = figure.add_subplot()
    axes.barh(places, values, xerr=spread, color=_INK, height=0.7, error_kw={"lw": 0.8})
    axes.set_yticks(places, names, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, max(1.0, *high))
    for place, value in zip(places, values, strict=True):
        axes.text(0.005, place, f"{value:.2f}", va="center", fontsize=7, color="white")
    return True


def _variants(chart: Bars, figures: Figures) -> Iterator[tuple[str, float, float, float]]:
    """Name, value and interval of each; the interval is the value alone where none was measured."""
    prefix = f"{chart.figure}_"
    names = chart.variants or tuple(
        key.removeprefix(prefix)
        for key in figures
        if key.startswith(prefix)
        and not f"_{key.removeprefix(prefix)}".startswith(_BOUNDS)
        and not key.endswith(_BOUNDS)
    )
    for name in names:
        value = figures.get(prefix + name)
        if isinstance(value, int | float):
            low, high = (
                figures.get(f"{chart.figure}{bound}_{name}", figures.get(f"{prefix}{name}{bound}", value))
                for bound in _BOUNDS
            )
            yield name.replace("_", " "), float(value), float(low), float(high)


def _trade(figure: Figure, chart: Trade, figures: Figures) -> bool:
    paid, given = (
        {name: value for name, value, *_ in _variants(Bars("", axis[0]), figures)}
        for axis in (chart.paid, chart.given)
    )
    both = [name for name in paid if name in given]
    if not both:
        return False
    figure.set_size_inches(7.2, 4.5)
    axes = figure.add_subplot()
    axes.scatter([paid[name] for name in both], [given[name] for name in both], s=14, color=_INK)
    for name in both:
        axes.annotate(name, (paid[name], given[name]), (3, 3), textcoords="offset points", fontsize=6)
    axes.set_xscale("log")
    axes.set_xlabel(chart.paid[1], fontsize=8)
    axes.set_ylabel(chart.given[1], fontsize=8)
    return True


def _curve(figure: Figure, chart: Curve, figures: Figures) -> bool:
    lines = {label: sorted(_points(before, after, figures)) for before, after, label in chart.figures}
    if not any(lines.values()):
        return False
    axes = figure.add_subplot()
    for label, points in lines.items():
        across, up = zip(*points, strict=True) if points else ((), ())
        axes.plot(across, up, marker="o", markersize=3, label=label)
    axes.set_xlabel(chart.across, fontsize=8)
    axes.set_ylabel(chart.up, fontsize=8)
    axes.legend(fontsize=8, frameon=False)
    return True


def _points(before: str, after: str, figures: Figures) -> Iterator[tuple[float, float]]:
    for key, value in figures.items():
        ending = re.fullmatch(rf"{re.escape(before)}(\d+(?:\.\d+)?){re.escape(after)}", key)
        if ending and isinstance(value, int | float):
            yield float(ending[1]), float(value)


def _svg(figure: Figure, title: str) -> str:
    """Words stay words, so that a reader can search and a screen reader can read them."""
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": title, "font.family": "sans-serif"}):
        figure.savefig(file, format="svg", metadata={"Date": None}, transparent=True)
    text = file.getvalue()
    return text[text.index("<svg") :]
