"""`mizugiwa evaluate risk`: is the promised risk kept?"""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.evaluate_traffic import Cache, Encoder, JsonFile, KitSeed, Listings, scored_day, show
from service.evaluation.risk import risk_figures


def risk(
    listings: Listings = 1200,
    splits: Annotated[int, typer.Option(min=20, help="Random splits, and as many drawn markets.")] = 200,
    drawn: Annotated[int, typer.Option(min=100, help="Labelled listings of a drawn market.")] = 5000,
    encoder: Encoder = "bundled",
    seed: KitSeed = 0,
    cache: Cache = None,
    json_file: JsonFile = None,
) -> None:
    """Check listings of the kit, set thresholds on halves of them, and count broken promises on the other halves."""
    _, scores, right = scored_day(seed, listings, encoder, cache)
    figures = risk_figures(scores, right, rounds=splits, drawn=drawn, seed=seed)
    show(figures, json_file, seed=seed, encoder=encoder)
