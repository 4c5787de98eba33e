"""`mizugiwa fit anomaly`: what photos of genuine goods reach, by which S8 is weak or nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from model.anomaly.usual import USUAL
from service.evaluation.anomaly_kit import checked
from service.settings import Settings

console = Console()
_DIGITS = 2


def anomaly(
    photos: Annotated[int, typer.Option(min=20, help="Genuine photos to check.")] = 120,
    brands: Annotated[int, typer.Option(min=1, help="Of the kit.")] = 12,
    share: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="Of each measure, that stays under it.")
    ] = 0.9,
    seed: Annotated[int, typer.Option(help="Of the kit; report with another one.")] = 101,
    output: Annotated[Path, typer.Option(help="Where to write what is usual.")] = USUAL,
) -> None:
    """Check genuine articles of the kit and keep what most of them stay under. No counterfeit is looked at."""
    seen = [each for each in checked(seed, brands, [None] * photos, Settings()) if each.tint is not None]
    measured = {
        "version": f"kit-{seed}-{len(seen)}",
        "fitted": True,
        "mass": round(float(np.quantile([each.mass for each in seen], share)), _DIGITS),
        "tint": round(float(np.quantile([each.tint or 0.0 for each in seen], share)), _DIGITS),
        "command": f"mizugiwa fit anomaly --photos {photos} --brands {brands} --share {share} --seed {seed}",
        "seed": seed,
        "data": f"{len(seen)} genuine photos of the synthetic kit that could be compared, of {photos}",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    output.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    console.print(measured)
