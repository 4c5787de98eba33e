"""`mizugiwa evaluate calibration`: are probabilities of findings what they say?"""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.evaluate_traffic import Cache, Encoder, JsonFile, KitSeed, Listings, scored_day, show
from service.evaluation.calibration import calibration_figures


def calibration(
    listings: Listings = 1200,
    halves: Annotated[int, typer.Option(min=2, help="Random halves, fitted on one by one.")] = 20,
    encoder: Encoder = "bundled",
    seed: KitSeed = 0,
    cache: Cache = None,
    json_file: JsonFile = None,
) -> None:
    """Check listings of the kit, calibrate on halves of them, and compare with the truth of the other halves."""
    model, scores, right = scored_day(seed, listings, encoder, cache)
    figures = calibration_figures(scores, right, model, halves=halves, seed=seed)
    show(figures, json_file, seed=seed, encoder=encoder)
