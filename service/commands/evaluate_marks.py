"""Measuring how marks are found, and fitting what finding them needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import write_figures
from model.marks import projection, thresholds
from service.evaluation.marks import Report, evaluate_marks, photos_of
from service.evaluation.marks_fit import fit_projection, fit_thresholds

console = Console()

Folder = Annotated[Path, typer.Argument(help="Photos of worn clothes", exists=True, file_okay=False)]


def marks(
    folder: Folder,
    seed: Annotated[int, typer.Option(help="Of the kit and of everything drawn.")] = 0,
    pictures: Annotated[int, typer.Option(help="On cloth, on products, and without marks, each.")] = 120,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """Look for the kit's marks on cloth and on products, and print recall, precision and what is called altered."""
    report = evaluate_marks(folder, seed=seed, pictures=pictures)
    _show(report)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder="none")


def fit_marks(
    folder: Folder,
    seed: Annotated[int, typer.Option(help="For whatever is drawn.")] = 0,
    pictures: Annotated[int, typer.Option(help="Of each kind, for the bars.")] = 80,
    axes: Annotated[
        bool, typer.Option(help="Fit the axes too; registered marks are derived anew then.")
    ] = False,
) -> None:
    """Learn from every second photo, by name, what ships beside the code; the others are for `evaluate marks`."""
    photos = photos_of(folder)[::2]
    if axes:
        with console.status("drawing marks and windows"):
            fit_projection(photos, seed).save(projection.SHIPPED)
        projection.shipped.cache_clear()
    source = f"mizugiwa fit marks {folder.parent.name} --seed {seed} --pictures {pictures}"
    with console.status("looking at marks"):
        fitted = fit_thresholds(photos, seed, pictures, source)
    fitted.save(thresholds.SHIPPED)
    console.print(fitted)


def _show(report: Report) -> None:
    table = Table("asked", "pictures", "recall", "called altered", title=f"{report.marks} marks")
    for name, count, recall, altered in report.rows:
        table.add_row(name, f"{count}", f"{recall:.3f}", f"{altered:.3f}")
    console.print(table)
    console.print(
        f"precision {report.precision:.3f} · {report.false_alarms:.3f} sightings a picture without marks"
        f" · {report.p50_ms:.0f} ms a picture, p95 {report.p95_ms:.0f}"
    )
