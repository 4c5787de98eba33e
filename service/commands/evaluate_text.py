"""Measuring how well text in pictures and listings is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import Figures, write_figures
from service.encoding import serving_encoder
from service.evaluation.house import evaluation_house
from service.evaluation.text import CartonHits, text_kit
from service.evaluation.text_house import (
    enrol_cartons,
    enrol_kit,
    lookalikes_in_offers,
    lookalikes_in_photos,
    read_cartons,
)
from service.settings import Settings

console = Console()


def text(
    manifest: Annotated[
        Path | None,
        typer.Argument(help="CSV of cartons: path, role, product, split; left out: the kit alone."),
    ] = None,
    split: Annotated[str, typer.Option(help="Photos of this split.")] = "test",
    texts: Annotated[int, typer.Option(min=8, help="Offers of the kit, half of them misspelt.")] = 2000,
    pictures: Annotated[int, typer.Option(min=4, help="Photos of the kit, half of them misspelt.")] = 200,
    photos: Annotated[int | None, typer.Option(min=1, help="So many cartons, drawn; all by default.")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Find look-alike spellings of the kit's brands, and read the brand printed on cartons: all through the API."""
    settings = Settings().model_copy(update={"check_budget_seconds": 120.0})  # reading is measured, not haste
    encoder = serving_encoder(settings, "bundled")
    figures: Figures = {}
    with evaluation_house(settings, encoder) as house:
        kit = text_kit(seed)
        names = enrol_kit(house, kit)
        for name, hits in (
            ("texts", lookalikes_in_offers(house, kit, names, texts, np.random.default_rng(seed))),
            ("pictures", lookalikes_in_photos(house, kit, names, pictures, np.random.default_rng(seed))),
        ):
            figures |= {
                f"lookalikes_{name}_recall": hits.recall,
                f"lookalikes_{name}_precision": hits.precision,
            }
    if manifest is not None:
        with evaluation_house(settings, serving_encoder(settings, "bundled")) as house:
            shelf = enrol_cartons(house)
            figures |= _flat(read_cartons(house, manifest, shelf, split=split, photos=photos, seed=seed))
    _show(figures)
    if json_file is not None:
        write_figures(json_file, figures, seed=seed, encoder="bundled")


def _flat(hits: CartonHits) -> Figures:
    figures: Figures = {
        "cartons": hits.photos,
        "cartons_read": hits.right / max(1, hits.photos),
        "cartons_wrong": hits.wrong / max(1, hits.photos),
    }
    for brand, (all_, right) in hits.per_brand.items():
        if all_:
            figures[f"cartons_read_{brand.lower().replace(' ', '_')}"] = right / all_
    return figures


def _show(figures: Figures) -> None:
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    console.print(table)


def add_to(evaluate: typer.Typer) -> None:
    evaluate.command()(text)
