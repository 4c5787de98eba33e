"""How figures are shown on the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table


def show(title: str, figures: Mapping[str, float | int | str]) -> None:
    """One figure a row, three digits that mean something."""
    table = Table("figure", "value", title=title)
    for name, value in figures.items():
        table.add_row(name, _text(value))
    Console().print(table)


def _text(value: float | int | str) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
