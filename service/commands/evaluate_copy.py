"""Measure how well copies are found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from PIL import Image
from rich.console import Console
from rich.progress import track

from model.evaluation.attacks import contact_sheet
from model.evaluation.figures import write_figures
from service.evaluation import copy_report
from service.evaluation.copy import checked, read_suite, seeker_of
from service.settings import Settings

console = Console()


def copy(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Photos, all different.")],
    references: Annotated[
        int, typer.Option(min=1, max=20_000, help="More than the folder has: edits of further photos serve.")
    ] = 400,
    queries: Annotated[int, typer.Option(min=1, help="Copies; there are as many unrelated queries.")] = 336,
    background: Annotated[int, typer.Option(min=3, help="Everyday pictures to compare with, at most.")] = 400,
    encoder: Annotated[str, typer.Option(help="Encoder to measure.")] = "bundled",
    seed: Annotated[int, typer.Option(min=0, help="For roles, attacks and the bootstrap.")] = 0,
    service: Annotated[bool, typer.Option(help="Enrol and check through the API.")] = True,
    baselines: Annotated[bool, typer.Option(help="Also measure other ways of finding candidates.")] = True,
    curve: Annotated[bool, typer.Option(help="Also measure cheaper and dearer settings.")] = False,
    sscd: Annotated[Path | None, typer.Option(help="Weights file of SSCD, as one more way.")] = None,
    write: Annotated[Path | None, typer.Option(help="Folder for a contact sheet of the attacks.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Attack photos, ask for their originals, and print µAP, recall at 90 and 99 % precision, and times.

    With more references than the folder has pictures for, the API is left aside.
    """
    settings = Settings()
    made, further = read_suite(folder, references=references, queries=queries, seed=seed)
    if write is not None:
        write.mkdir(parents=True, exist_ok=True)
        Image.fromarray(contact_sheet(made)).save(write / "attacks.png")
    rows = []
    if service and not further:
        rows.append(
            copy_report.service_row(checked(made, background, encoder_name=encoder, settings=settings), seed)
        )
    if baselines or curve or further or not rows:
        seeker = seeker_of(made, further, background, settings, encoder, sscd)
        asked = track(made.queries, description="seeking")
        sought = [seeker.seek(query, copy_report.VERIFIED) for query in asked]
        rows += copy_report.baseline_rows(sought, seed)
        if curve:
            rows += copy_report.curve_rows(sought, seed)
            console.print(copy_report.innocents(sought))
    title = f"{len(made.queries)} queries, {len(made.references) + further} references"
    console.print(copy_report.table(rows, title))
    console.print(copy_report.family_table(rows))
    if json_file is not None:
        main = rows[0] if rows[0].name == "service" else rows[-1]
        write_figures(json_file, copy_report.flat(rows, main), seed=seed, encoder=encoder)
