"""Options that evaluations on a day of the kit have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import Figures, write_figures
from model.scoring.findings import FindingModel, shipped
from service.evaluation.findings_fit import scored
from service.evaluation.traffic import day, truths
from service.settings import Settings

_console = Console()

Listings = Annotated[int, typer.Option(min=100, help="Listings of the kit that are checked.")]
Encoder = Annotated[str, typer.Option(help="Encoder to check with.")]
Cache = Annotated[
    Path | None, typer.Option(help="File of decisions to read, and to add to where it has too few.")
]
KitSeed = Annotated[int, typer.Option(min=0, help="Of the kit and of every draw; not the one fitted on.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")]


def scored_day(
    seed: int, listings: int, encoder: str, cache: Path | None
) -> tuple[FindingModel, NDArray[np.float64], NDArray[np.bool_]]:
    """What ships, and of a day that it was not fitted on scores and truths.

    Raises:
        BadParameter: the seed is the one that it was fitted on.
    """
    model = shipped()
    if model.source.get("seed") == seed:
        raise typer.BadParameter(
            f"weights and pooled calibration were fitted on the kit of seed {seed}; take another",
            param_hint="--seed",
        )
    judged = day(seed, listings, encoder, Settings(), cache)
    return model, scored(judged, model), truths(judged)


def show(figures: Figures, json_file: Path | None, *, seed: int, encoder: str) -> None:
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    _console.print(table)
    if json_file is not None:
        write_figures(json_file, figures, seed=seed, encoder=encoder)
