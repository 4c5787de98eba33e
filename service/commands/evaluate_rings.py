"""How well rings of accounts are found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import write_figures
from service.encoding import load_encoder
from service.evaluation.rings import Report, evaluate_rings
from service.settings import Settings

console = Console()


def rings(
    seed: Annotated[int, typer.Option(help="Of the kit, the accounts and what they share.")] = 0,
    number: Annotated[int, typer.Option("--rings", min=2, help="Rings to draw.")] = 12,
    honest: Annotated[int, typer.Option(min=20, help="Honest shops to draw.")] = 200,
    encoder: Annotated[str, typer.Option(help="By which pictures are chosen for a closer look.")] = "bundled",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """Draw accounts that share pictures, honest ones among them, and print which pairs are rightly put together."""
    report = evaluate_rings(seed, number, honest, load_encoder(Settings(), encoder))
    _show(report)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder=encoder)


def _show(report: Report) -> None:
    table = Table(
        "figure", "value [95 % interval]", title=f"{report.accounts} accounts, {report.pictures} pictures"
    )
    table.add_row("precision of pairs", str(report.precision))
    table.add_row("recall of pairs", str(report.recall))
    table.add_row("members found", f"{report.members_found:.3f}")
    table.add_row("honest shops named", str(report.honest_named))
    table.add_row("rings found", f"{report.found_rings} for {report.true_rings}")
    console.print(table)


def add_to(evaluate: typer.Typer) -> None:
    evaluate.command("rings")(rings)
