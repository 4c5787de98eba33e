"""`mizugiwa evaluate authenticity`: what verdicts teach about the object, beside what its controls learn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.encoders.dense import dense_of
from model.evaluation.figures import write_figures
from service.encoding import load_encoder
from service.evaluation.authenticity import evaluate_authenticity
from service.settings import Settings

console = Console()


def authenticity(
    manifest: Annotated[
        Path, typer.Argument(help="CSV: path, product, label (genuine | counterfeit), group[, split]")
    ],
    rounds: Annotated[int, typer.Option(min=1, help="Draws of the groups that are learnt from.")] = 10,
    seed: Annotated[int, typer.Option(help="For the draws and the bootstrap.")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """AUROC from genuine references alone and from 10 + 10 and 50 + 50 labelled groups, each beside its controls."""
    encoder = dense_of(load_encoder(Settings(), "bundled"))
    if encoder is None:
        raise AssertionError("the bundled encoder gives feature maps of any size")
    report = evaluate_authenticity(manifest, encoder=encoder, seed=seed, rounds=rounds)
    left_out = (
        f"{report.contradictory} groups of both labels and {report.products_left_out} products left out"
    )
    table = Table("figure", "value [95 % interval]", title=f"{report.pictures} pictures; {left_out}")
    for name, value in report.rows():
        table.add_row(name, value)
    console.print(table)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder="bundled")
