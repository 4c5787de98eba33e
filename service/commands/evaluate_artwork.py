"""`mizugiwa evaluate artwork`: copies told from other photos of the same print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import write_figures
from service.encoding import load_encoder
from service.evaluation.artwork import evaluate_artwork
from service.evaluation.artwork_report import ArtworkReport
from service.settings import Settings

console = Console()


def artwork(
    manifest: Annotated[
        Path, typer.Argument(help="CSV: path, role, product[, split]; queries are photos of their own.")
    ],
    split: Annotated[
        str, typer.Option(help="Photos of this split alone; the verdict was fitted on `train`.")
    ] = "test",
    pairs: Annotated[
        int, typer.Option(min=1, help="Random pairs of different photos of one product.")
    ] = 2000,
    per_product: Annotated[int, typer.Option(min=2, help="Photos of one product at most.")] = 12,
    encoder: Annotated[str, typer.Option(help="What finds the most similar pairs.")] = "bundled",
    seed: Annotated[int, typer.Option(help="For the pairs and the attacks.")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """Are copies told from other photos of the same print? Edits against originals, photos against each other."""
    found = load_encoder(Settings(), encoder)
    report = evaluate_artwork(
        manifest, split=split, encoder=found, pairs=pairs, per_product=per_product, seed=seed
    )
    _show(report)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder=encoder)


def add_to(evaluate: typer.Typer) -> None:
    evaluate.command()(artwork)


def _show(report: ArtworkReport) -> None:
    attacks = Table("attack", "copies", "found", title="edited photos against their originals")
    for attack, count, recall in report.recall_by_attack():
        attacks.add_row(attack, str(count), f"{recall:.3f}")
    console.print(attacks)
    figures = Table("figure", "value")
    for name, value in report.figures().items():
        if name.startswith("recall_"):
            continue
        figures.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    console.print(figures)
    for each in report.called_copies():
        pair, finding = each.pair, each.finding
        console.print(
            f"called {finding.kind} at {finding.probability:.3f}: {pair.query} and {pair.reference}"
        )
