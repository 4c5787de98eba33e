"""`mizugiwa fit products`: what the evidence for a product is worth."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from model.products.choice import ChoiceModel
from model.products.features import NAMES
from model.products.fitting import FOLDS, Photo, Shelf, fit_models, held_out_ranks
from model.products.parameters import SHIPPED, RankingParameters
from model.products.ranking import CLOSE
from service.encoding import load_encoder
from service.evaluation.shelf import photos, read_shelf
from service.settings import Settings

console = Console()
_START = ChoiceModel(mean=(0.435, 2.0, 0.35), scale=(0.069, 0.55, 0.5), weights=(1.6, 1.0, 1.0), none=0.0)
"""A shortlist to begin with; the fitted one takes its place."""
_SPARE = 3
"""References looked at beyond the usual, since the right ones are also left out."""
_SURE = 0.5


def products(
    manifest: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="CSV: path, role, product, split[, brand]."),
    ],
    split: Annotated[list[str] | None, typer.Option(help="Queries of these splits; train and val.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Photos at most, drawn at random.")] = 560,
    encoder: Annotated[str, typer.Option(help="Encoder whose cosines are weighed.")] = "bundled",
    seed: Annotated[int, typer.Option(help="For the draw of photos.")] = 0,
    output: Annotated[Path, typer.Option(help="Where to write the parameters.")] = SHIPPED,
) -> None:
    """Learn from photos of known products how to rank; print R@1 and R@5 with every product held out in turn."""
    splits = split or ["train", "val"]
    loaded = load_encoder(Settings(), encoder)
    references, queries = read_shelf(manifest, splits, loaded)
    Random(seed).shuffle(queries)  # noqa: S311 - a draw of photos, no secret
    asked = track(queries[:most], description="looking")
    seen = list(photos(references, asked, loaded, _START, CLOSE + _SPARE))
    provenance = {
        "command": f"mizugiwa fit products {manifest.parent.name}/{manifest.name} --most {most} --seed {seed}",
        "data": f"{len(seen)} photos of the splits {', '.join(splits)}, {len(references.views)} references",
        "encoder": encoder,
        "date": datetime.now(UTC).date().isoformat(),
    }
    _fitted(seen, references.shelf, provenance).save(output)
    ranks = held_out_ranks(seen, references.shelf)
    console.print(
        f"{len(seen)} photos, each ranked by what {FOLDS - 1} of {FOLDS} parts of the products taught: "
        f"R@1 {np.mean(ranks == 1):.3f}, R@5 {np.mean(ranks <= 5):.3f}; kept in {output}"
    )


def _fitted(seen: list[Photo], shelf: Shelf, provenance: dict[str, str]) -> RankingParameters:
    models = fit_models(seen, shelf)
    return RankingParameters(
        version=f"{provenance['date']}-{len(seen)}",
        features=NAMES,
        shortlist=models.shortlist,
        product=models.product,
        brand=models.brand,
        sure=_SURE,
        provenance=provenance,
    )
