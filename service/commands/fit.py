"""`mizugiwa fit`: parameters that are learnt from pictures, and kept beside the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from model.copies.verdict import SHIPPED
from model.evaluation.attacks import suite
from model.evaluation.copy_fit import Fitted, Held, fit, held_out_figures
from model.evaluation.copy_pairs import Compared, compared_photos, compared_shelf
from service.commands.evaluate_marks import fit_marks
from service.commands.fit_anomaly import anomaly
from service.commands.fit_findings import findings
from service.commands.fit_products import products
from service.commands.fit_xray import xray
from service.evaluation.artwork import read_photos

app = typer.Typer(help="Learn from pictures what ships as a small file.", no_args_is_help=True)
console = Console()
_APART = 3
"""So that shelves are drawn by another seed than the folder."""
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@app.callback()
def _group() -> None:
    """So that `copies` stays a sub-command."""


app.command()(anomaly)
app.command()(findings)
app.command()(products)
app.command("marks")(fit_marks)
app.command()(xray)


@app.command()
def copies(
    photos: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A folder of different photos.")
    ],
    shelf: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV: path, role, product, split.")
    ],
    split: Annotated[str, typer.Option(help="Photos of the shelf of this split alone.")] = "train",
    pairs: Annotated[int, typer.Option(min=1, help="Pairs of different photos of one product.")] = 700,
    per_product: Annotated[int, typer.Option(min=2, help="Photos of one product at most.")] = 9,
    seed: Annotated[int, typer.Option(help="For the split of the folder, the pairs and the attacks.")] = 0,
    output: Annotated[Path, typer.Option(help="Where to write the verdict.")] = SHIPPED,
) -> None:
    """Fit how much keypoints and tones are worth as evidence of a copy; print it with every attack held out.

    Of the folder only those pictures are used that `evaluate copy` with this seed neither enrols nor asks about.
    """
    paths = [path for path in sorted(photos.rglob("*")) if path.suffix.lower() in _SUFFIXES]
    spare = suite(paths, seed).background
    from_photos = suite(spare, seed, references=160, queries=208, carriers=40)
    shelves = _some(read_photos(shelf, split), per_product, np.random.default_rng(seed + _APART))
    measured: list[Compared] = []
    measured += track(compared_photos(from_photos), description="photos", total=None)
    measured += track(compared_shelf(shelves, seed, pairs), description="shelves", total=None)
    fitted = fit(measured, _provenance(photos, shelf, split, seed, measured))
    fitted.verdict.save(output)
    _show(fitted, held_out_figures(measured, fitted))
    console.print(f"kept in {output}")


def _some(photos: Mapping[str, Sequence[Path]], most: int, rng: np.random.Generator) -> dict[str, list[Path]]:
    return {
        name: [found[int(at)] for at in rng.permutation(len(found))[:most]] for name, found in photos.items()
    }


def _provenance(
    photos: Path, shelf: Path, split: str, seed: int, measured: list[Compared]
) -> dict[str, str | int]:
    return {
        "command": f"mizugiwa fit copies {photos} {shelf} --split {split} --seed {seed}",
        "seed": seed,
        "pairs": len(measured),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _show(fitted: Fitted, held: list[Held]) -> None:
    table = Table("attacks held out", "copies", "found", "others", "called copies")
    for each in held:
        table.add_row(
            each.family, str(each.copies), f"{each.recall:.3f}", str(each.others), str(each.false_copies)
        )
    console.print(table)
    verdict = fitted.verdict
    console.print(f"a copy from {verdict.copy_from}, the same artwork from {verdict.artwork_inliers} inliers")
    for name, weight in zip(verdict.measures, verdict.weights, strict=True):
        console.print(f"{weight:+9.3f}  {name}")
