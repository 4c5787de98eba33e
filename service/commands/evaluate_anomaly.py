"""`mizugiwa evaluate anomaly`: are alterations found where they are, and the genuine left in peace?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import write_figures
from service.evaluation.anomaly import evaluate_anomaly
from service.evaluation.anomaly_kit import evaluate_kit
from service.evaluation.anomaly_pictures import evaluate_pictures, names_pictures
from service.settings import Settings

console = Console()


def anomaly(
    manifest: Annotated[
        Path | None,
        typer.Argument(
            help="CSV: reference, suspect, boxes (a file of `x1 y1 x2 y2` lines); or path, label (good, defect), split"
        ),
    ] = None,
    kit: Annotated[
        bool, typer.Option("--kit", help="Instead: the synthetic brands' counterfeits, through checks.")
    ] = False,
    brands: Annotated[int, typer.Option(min=1, help="Of the kit.")] = 12,
    photos: Annotated[int, typer.Option(min=1, help="Of the kit, for each kind of defect.")] = 20,
    skip: Annotated[int, typer.Option(min=0, help="Pairs at the beginning to leave out.")] = 0,
    most: Annotated[int | None, typer.Option(min=1, help="Pairs to compare at most.")] = None,
    seed: Annotated[int, typer.Option(help="For the controls and the bootstrap.")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """Compare each suspect with its reference, and each reference with itself moved, turned, relit and encoded anew.

    Pictures with labels alone are judged by a memory of the good ones in split `train`, or of their first half.
    """
    if kit:
        _kit(brands, photos, seed, json_file)
        return
    if manifest is None:
        raise typer.BadParameter("Name a manifest, or say --kit.")
    if names_pictures(manifest):
        _pictures(manifest, seed, json_file)
        return
    report = evaluate_anomaly(manifest, seed=seed, settings=Settings(), first=skip, most=most)
    table = Table("figure", "value [95 % interval]", title=f"{report.pairs} pairs, {report.boxes} boxes")
    for name, value in report.rows():
        table.add_row(name, value)
    console.print(table)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder="none")


def _pictures(manifest: Path, seed: int, json_file: Path | None) -> None:
    report = evaluate_pictures(manifest, seed=seed, settings=Settings())
    table = Table(
        "figure",
        "value [95 % interval]",
        title=f"{report.suspects} pictures, {report.references} references",
    )
    for name, value in report.rows():
        table.add_row(name, value)
    console.print(table)
    if report.unaligned > 0:
        console.print("unaligned: patch memory")
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder="bundled")


def _kit(brands: int, photos: int, seed: int, json_file: Path | None) -> None:
    report = evaluate_kit(seed=seed, brands=brands, photos=photos, settings=Settings())
    title = f"{report.genuine} genuine photos, {report.counterfeit} of counterfeits"
    table = Table("figure", "value [95 % interval]", title=title)
    for name, value in report.rows():
        table.add_row(name, value)
    console.print(table)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder="bundled")
