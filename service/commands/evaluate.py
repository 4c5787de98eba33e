"""Evaluations that anyone can repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.calibrate import calibrate as measure
from model.evaluation.figures import write_figures
from service.calibration import site_calibration
from service.commands.evaluate_all import all_parts
from service.commands.evaluate_anomaly import anomaly
from service.commands.evaluate_authenticity import authenticity
from service.commands.evaluate_calibration import calibration
from service.commands.evaluate_copy import copy
from service.commands.evaluate_marks import marks
from service.commands.evaluate_risk import risk
from service.commands.evaluate_xray import xray
from service.encoding import load_encoder
from service.evaluation.retrieval import Report, evaluate_retrieval
from service.settings import Settings

app = typer.Typer(help="Measure how well pictures are recognised.", no_args_is_help=True)
console = Console()

JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
]
EncoderName = Annotated[str, typer.Option(help="Encoder to measure.")]
Seed = Annotated[int, typer.Option(help="For the bootstrap and whatever else is drawn.")]


@app.command()
def retrieval(
    manifest: Annotated[Path, typer.Argument(help="CSV: path, role (reference | query), product[, split]")],
    split: Annotated[str, typer.Option(help="Queries of this split alone; empty takes all.")] = "test",
    encoder: EncoderName = "bundled",
    seed: Seed = 0,
    json_file: JsonFile = None,
) -> None:
    """Enrol the references, check the queries, and print R@1, R@5, mAP, and AUROC of known against unknown."""
    report = evaluate_retrieval(manifest, split=split, encoder_name=encoder, seed=seed, settings=Settings())
    _show(report)
    if json_file is not None:
        write_figures(json_file, report.figures(), seed=seed, encoder=encoder)


def calibrate(
    encoder: EncoderName = "bundled",
    seed: Seed = 0,
    brands: Annotated[int, typer.Option(help="Invented brands; every second one is enrolled.")] = 24,
    photos: Annotated[int, typer.Option(help="Photos to look at.")] = 400,
    output: Annotated[Path | None, typer.Option(help="Where to keep it; the data folder by default.")] = None,
) -> None:
    """Measure on the synthetic kit what an encoder's cosines mean, and keep it as its calibration."""
    settings = Settings()
    loaded = load_encoder(settings, encoder)
    with console.status("drawing and embedding the kit"):
        found = measure(loaded, seed=seed, brands=brands, photos=photos)
    path = output or site_calibration(settings.data_dir, found.fingerprint)
    found.save(path)
    console.print(f"p = 1 / (1 + exp(-({found.slope:.2f} · cosine {found.intercept:+.2f}))), kept in {path}")
    for probability in (0.6, 0.9):
        console.print(f"calibrated {probability}: cosine {found.cosine_at(probability):.3f}")


def add_to(root: typer.Typer) -> None:
    app.command("all")(all_parts)
    app.command()(anomaly)
    app.command()(authenticity)
    app.command()(calibration)
    app.command()(copy)
    app.command()(marks)
    app.command()(risk)
    app.command()(xray)
    root.add_typer(app, name="evaluate")
    root.command()(calibrate)


def _show(report: Report) -> None:
    table = Table(
        "figure", "value [95 % interval]", title=f"{report.queries} queries, {report.references} references"
    )
    for name, value in report.rows():
        table.add_row(name, value)
    console.print(table)
