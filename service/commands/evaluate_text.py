"""Measuring how well text in pictures and listings is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import Figures, write_figures
from model.text import Reader
from service.evaluation.text import (
    brands_on_cartons,
    lookalikes_in_pictures,
    lookalikes_in_texts,
    read_cartons,
    text_kit,
)

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
    threads: Annotated[int, typer.Option(min=1)] = 1,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Find look-alike spellings of the kit's brands, and read the brand printed on cartons."""
    reader, kit = Reader(threads=threads), text_kit(seed)
    figures: Figures = {}
    for name, hits in (
        ("texts", lookalikes_in_texts(kit, texts, np.random.default_rng(seed))),
        ("pictures", lookalikes_in_pictures(kit, reader, pictures, np.random.default_rng(seed))),
    ):
        figures |= {f"lookalikes_{name}_recall": hits.recall, f"lookalikes_{name}_precision": hits.precision}
    if manifest is not None:
        figures |= _cartons(manifest, reader, split, photos, seed)
    _show(figures)
    if json_file is not None:
        write_figures(json_file, figures, seed=seed, encoder="none")


def _cartons(manifest: Path, reader: Reader, split: str, photos: int | None, seed: int) -> Figures:
    cartons = read_cartons(manifest, reader, split=split, photos=photos, seed=seed)
    figures: Figures = {"cartons": len(cartons)}
    for name, lines in (("names", False), ("names_and_lines", True)):
        hits = brands_on_cartons(cartons, lines=lines)
        figures |= {
            f"cartons_{name}_read": hits.right / hits.photos,
            f"cartons_{name}_wrong": hits.wrong / hits.photos,
            f"cartons_{name}_seconds": hits.seconds,
        }
        for brand, (all_, right) in hits.per_brand.items():
            if all_:
                figures[f"cartons_{name}_{brand.lower().replace(' ', '_')}_read"] = right / all_
    return figures


def _show(figures: Figures) -> None:
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    console.print(table)


def add_to(evaluate: typer.Typer) -> None:
    evaluate.command()(text)
