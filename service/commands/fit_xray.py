"""`mizugiwa fit xray`: what tells X-ray captures from photos."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from model.xray.telling import SHIPPED
from model.xray.telling_fit import fit_telling
from service.evaluation.xray_pictures import Use, read_captures, read_photos, read_small

console = Console()
_PHOTOS = 350
"""Of each folder."""


def xray(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Holds xray, clothing, grocery.")
    ],
    rendered: Annotated[int, typer.Option(min=0, help="Rendered captures beside the real ones.")] = 500,
    seed: Annotated[int, typer.Option(help="For what is drawn and cut.")] = 0,
    output: Annotated[Path, typer.Option(help="Where to keep it.")] = SHIPPED,
) -> None:
    """Fit what tells X-ray captures from photos, on the training split and on rendered captures."""
    captures = [
        read_small(each.path) for each in read_captures(folder / "xray" / "manifest.csv") if not each.is_test
    ]
    photos = [read_small(path) for path in read_photos(folder, Use.TRAIN, _PHOTOS, seed)]
    source = {
        "command": f"mizugiwa fit xray DATA --rendered {rendered} --seed {seed}",
        "data": "training split of the X-ray set; photos of clothing and grocery that no evaluation uses; renderer",
        "captures": len(captures),
        "photos": len(photos),
        "seed": seed,
        "date": datetime.now(UTC).date().isoformat(),
    }
    fit_telling(captures, photos, rendered, seed, source).save(output)
    console.print(f"{len(captures)} captures, {len(photos)} photos, {rendered} rendered: kept in {output}")
