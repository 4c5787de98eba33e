"""`mizugiwa fit findings`: what evidence weighs, and what its sum means, for every house to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.scoring.findings import SHIPPED
from service.commands.evaluate_traffic import Cache, Encoder
from service.evaluation.findings_fit import fit_findings
from service.evaluation.traffic import day
from service.settings import Settings

_console = Console()


def findings(
    listings: Annotated[int, typer.Option(min=100, help="Listings of the kit that are checked.")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="Of the kit; evaluations take another.")] = 7,
    encoder: Encoder = "bundled",
    cache: Cache = None,
    output: Annotated[Path, typer.Option(help="Where to write them.")] = SHIPPED,
) -> None:
    """Check a day of the kit, and fit weights of evidence and the pooled calibration on its truth."""
    command = f"mizugiwa fit findings --seed {seed} --listings {listings} --encoder {encoder}"
    judged = day(seed, listings, encoder, Settings(), cache)
    fitted = fit_findings(judged, f"kit-{seed}-{listings}", command, seed)
    fitted.save(output)
    table = Table("signal", "weight")
    for name, weight in fitted.weights.items():
        table.add_row(name, f"{weight:+.2f}")
    _console.print(table)
    _console.print(f"{fitted.calibration.method} at prior {fitted.calibration.prior:.2f}, kept in {output}")
