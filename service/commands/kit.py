"""`mizugiwa kit`: invented brands to try everything on, for those who have no photos yet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image
from rich.console import Console

from model.evaluation.kit import build_kit, contact_sheet, write_kit, write_retrieval

app = typer.Typer(help="Invented brands with pictures, to try things on.", no_args_is_help=True)
console = Console()

Folder = Annotated[Path, typer.Argument(file_okay=False, help="New, or empty.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The same seed invents the same.")]
Brands = Annotated[int, typer.Option(min=1, max=200, help="How many brands, of three products each.")]


@app.command()
def write(
    folder: Folder,
    seed: Seed = 0,
    brands: Brands = 12,
    listings: Annotated[int, typer.Option(min=0, help="Marketplace listings whose truth is known.")] = 40,
) -> None:
    """Write files and pictures for `mizugiwa enrol`, and listings to check with their truth apart."""
    _refuse_used(folder)
    with console.status("drawing"):
        write_kit(build_kit(seed, brands), folder, listings)
    typer.echo(f"Now try:  mizugiwa enrol {folder} --owner Kit --tenant house")


@app.command()
def sheet(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The picture to write, such as sheet.png.")],
    seed: Seed = 0,
    rows: Annotated[int, typer.Option(min=1, max=36, help="Products, one a row.")] = 6,
) -> None:
    """Write a picture of products beside their counterfeits, each with one defect that its caption names."""
    if file.suffix.lower() not in {".png", ".jpg", ".webp"}:
        raise typer.BadParameter(f"{file} should end in .png, .jpg or .webp.", param_hint="FILE")
    kit = build_kit(seed)
    with console.status("drawing"):
        picture = contact_sheet(kit, np.random.default_rng(seed), rows)
    Image.fromarray(picture).save(file)


@app.command()
def retrieval(
    folder: Folder,
    hardness: Annotated[float, typer.Option(min=0, max=1, help="0: close and sharp; 1: far and dim.")] = 0.5,
    seed: Seed = 0,
    brands: Brands = 12,
    queries: Annotated[
        int, typer.Option(min=5, help="Photos; every fifth shows none of the products.")
    ] = 200,
) -> None:
    """Write catalogue pictures, sellers' photos and the manifest that `mizugiwa evaluate retrieval` takes."""
    _refuse_used(folder)
    with console.status("drawing"):
        manifest = write_retrieval(build_kit(seed, brands), folder, queries, seed, hardness)
    typer.echo(f"Now try:  mizugiwa evaluate retrieval {manifest}")


def _refuse_used(folder: Path) -> None:
    """A real owner's files may bear the same names."""
    if folder.exists() and any(folder.iterdir()):
        raise typer.BadParameter(f"{folder} holds files already; name a new folder.", param_hint="FOLDER")
