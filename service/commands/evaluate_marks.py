"""Measuring how marks are found, and fitting what finding them needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from model.evaluation.figures import write_figures
from model.marks import everyday, projection, thresholds
from service.evaluation.marks import look_for_marks, photos_of
from service.evaluation.marks_bars import fit_bars, look
from service.evaluation.marks_fit import everyday_windows, fit_projection
from service.evaluation.marks_report import Report, report_of

console = Console()
_FIRST_KIT = 100
"""Seeds from here on are for fitting; those that are reported are small."""

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
    report = report_of(*look_for_marks(folder, seed=seed, pictures=pictures))
    _show(report)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder="none")


def fit_marks(
    folder: Folder,
    seed: Annotated[int, typer.Option(help="For whatever is drawn of the axes.")] = 0,
    pictures: Annotated[int, typer.Option(help="Of each kind and kit, for the bars.")] = 12,
    kits: Annotated[int, typer.Option(help="Seeds of kits for the bars, from 100 on.")] = 12,
    axes: Annotated[
        bool, typer.Option(help="Fit the axes too; registered marks are derived anew then.")
    ] = False,
    windows: Annotated[bool, typer.Option(help="Draw the everyday windows anew, and do no more.")] = False,
) -> None:
    """Learn from every second photo, by name, what ships beside the code; the others are for `evaluate marks`."""
    photos = photos_of(folder)[::2]
    if axes:
        with console.status("drawing marks and windows"):
            fit_projection(photos, seed).save(projection.SHIPPED)
        projection.shipped.cache_clear()
    if axes or windows:
        everyday.save(everyday_windows(photos, seed))
        everyday.shipped.cache_clear()
    if windows:
        return
    source = f"mizugiwa fit marks {folder.parent.name} --pictures {pictures} --kits {kits}"
    looked = [
        each
        for kit in track(range(_FIRST_KIT, _FIRST_KIT + kits), description="looking at marks")
        for each in look(photos, kit, pictures, pictures)
    ]
    fitted = fit_bars(looked, source)
    fitted.save(thresholds.SHIPPED)
    console.print(fitted)


def _show(report: Report) -> None:
    table = Table("figure", "of", "value", "95 % interval", title=f"{report.marks} marks")
    for share in report.shares:
        low, high = share.interval
        table.add_row(share.name, f"{share.of}", f"{share.value:.3f}", f"{low:.3f} to {high:.3f}")
    console.print(table)
    console.print(
        f"{report.false_alarms:.3f} sightings a picture without marks · {report.cpu_ms:.0f} ms of one processor"
        f" a picture; p50 {report.p50_ms:.0f} ms, p95 {report.p95_ms:.0f}"
    )
