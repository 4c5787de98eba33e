"""How well X-ray captures are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import write_figures
from service.encoding import load_encoder
from service.evaluation.xray import Report, Sizes, evaluate_xray
from service.settings import Settings

console = Console()


def xray(
    folder: Annotated[
        Path | None, typer.Argument(exists=True, file_okay=False, help="Holds xray, clothing and grocery.")
    ] = None,
    kit: Annotated[bool, typer.Option("--kit", help="Rendered parcels alone; no folder is needed.")] = False,
    photos: Annotated[int, typer.Option(min=2, help="Photos of each folder.")] = 300,
    captures: Annotated[int, typer.Option(min=2, help="Captures of each category.")] = 100,
    scenes: Annotated[int, typer.Option(min=3, help="Scenes that each category is learnt from.")] = 160,
    parcels: Annotated[int, typer.Option(min=1, help="Rendered parcels of each count.")] = 20,
    encoder: Annotated[str, typer.Option(help="Encoder that categories are learnt with.")] = "bundled",
    seed: Annotated[int, typer.Option(help="Of what is drawn, and of the bootstrap.")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """Tell captures from photos, name what is in bags after single things, count alike items in rendered parcels."""
    if kit == (folder is not None):
        raise typer.BadParameter("name a folder of pictures, or say --kit for rendered parcels alone")
    sizes = Sizes(photos, captures, scenes, parcels)
    report = evaluate_xray(folder, load_encoder(Settings(), encoder), sizes, seed)
    _show(report)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder=encoder)


def _show(report: Report) -> None:
    table = Table("figure", "value [95 % interval]")
    for part in (report.telling, report.naming):
        for name, interval in (part or {}).items():
            table.add_row(name, str(interval))
    for name, value in report.counting.items():
        table.add_row(name, f"{value:g}" if value > 1 else f"{value:.3f}")
    console.print(table)
