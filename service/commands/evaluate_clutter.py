"""Finding small products: fitting the proposer, calibrating its answers, measuring both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from model.encoders.base import EncoderInfo
from model.evaluation.figures import write_figures
from model.evaluation.kit import build_kit
from model.regions import RegionCalibration, load_region_calibration, shipped_calibration
from service.encoding import load_encoder
from service.evaluation.clutter import evaluate_clutter
from service.evaluation.clutter_calibration import calibrate_regions
from service.evaluation.clutter_photos import Part, photo, photo_paths
from service.settings import Settings

console = Console()

Folder = Annotated[
    Path,
    typer.Argument(
        exists=True, file_okay=False, help="Photos without packaged products; manifest.csv tells senders."
    ),
]
Encoder = Annotated[str, typer.Option(help="Encoder to measure.")]
Seed = Annotated[int, typer.Option(min=0, help="For brands, scenes and the bootstrap.")]
_FIT_SEED = 1_000
_FIT_BRANDS = 40


def clutter(
    folder: Folder,
    encoder: Encoder = "bundled",
    count: Annotated[int, typer.Option(min=1, help="Pictures of each kind.")] = 200,
    seed: Seed = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Put products at 8–15 % of the area of photos, and measure whether they are found, named and boxed."""
    settings = Settings()
    calibration = find_region_calibration(settings, load_encoder(settings, encoder).info)
    report = evaluate_clutter(
        folder, calibration, encoder_name=encoder, seed=seed, count=count, settings=settings
    )
    table = Table(
        "figure",
        "value [95 % interval]",
        title=f"{count} pictures of each kind, {report.references} references",
    )
    for name, value in report.rows():
        table.add_row(name, value)
    console.print(table)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder=encoder)


def calibrate(
    folder: Folder,
    encoder: Encoder = "bundled",
    count: Annotated[int, typer.Option(min=10, help="Pictures of each kind.")] = 200,
    seed: Seed = 0,
    output: Annotated[Path | None, typer.Option(help="Where to keep it; the data folder by default.")] = None,
) -> None:
    """Measure what an encoder's answers to regions are worth, and keep it as their calibration."""
    settings = Settings()
    found = calibrate_regions(folder, encoder_name=encoder, seed=seed, count=count, settings=settings)
    path = output or site_region_calibration(settings, found.fingerprint)
    found.save(path)
    console.print(
        f"p = 1 / (1 + exp(-({found.cosine:.2f} · cosine + {found.matches:.2f} · log(1 + matches) "
        f"{found.intercept:+.2f}))), bar {found.bar:.3f}, kept in {path}"
    )


def fit(
    folder: Folder,
    output: Annotated[Path, typer.Argument(dir_okay=False, help="The weights to write.")],
    scenes: Annotated[int, typer.Option(min=100, help="Pictures to learn from.")] = 2500,
    epochs: Annotated[int, typer.Option(min=1)] = 12,
    seed: Seed = 0,
) -> None:
    """Fit the weights that propose regions, `model/regions/proposer.json`; takes minutes and a gigabyte of memory."""
    from model.regions.fitting_scenes import examples
    from model.regions.proposer_fit import fit_head  # torch is imported for fitting alone

    paths = photo_paths(folder, Part.FIT)
    photos = [photo(path) for path in paths]
    drawn = examples(build_kit(_FIT_SEED + seed, _FIT_BRANDS), photos, scenes, np.random.default_rng(seed))
    source = (
        f"mizugiwa fit-regions FOLDER --scenes {scenes} --epochs {epochs} --seed {seed}, FOLDER with {len(photos)} "
        "photos of clothes worn at home (CC0), half of the senders"
    )
    with console.status("drawing, looking and fitting"):
        fit_head(drawn, seed=seed, epochs=epochs, source=source).save(output)


def find_region_calibration(settings: Settings, info: EncoderInfo) -> RegionCalibration:
    """The site's own, else the one that comes with the product.

    Raises:
        RegionCalibrationMissing: there is neither.
    """
    own = site_region_calibration(settings, info.fingerprint)
    return load_region_calibration(own) if own.exists() else shipped_calibration(info.fingerprint)


def site_region_calibration(settings: Settings, fingerprint: str) -> Path:
    return settings.data_dir / "calibrations" / "regions" / f"{fingerprint}.json"


def add_to(root: typer.Typer, evaluate: typer.Typer) -> None:
    evaluate.command()(clutter)
    root.command("calibrate-regions")(calibrate)
    root.command("fit-regions")(fit)
