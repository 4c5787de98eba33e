"""`mizugiwa demo`: see it work before giving it anything of your own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from model.encoders.bundled import NAME as BUNDLED
from model.evaluation.figures import write_figures
from service.demo.folder import FolderInUse
from service.demo.onward import ADDRESS
from service.demo.run import Ran, run
from service.demo.scenes import FEWEST
from service.demo.summary import figures
from service.demo.table import show

_console = Console()


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Option(help="Where it keeps everything; begun anew each time.")] = Path(
        "demo"
    ),
    seed: Annotated[int, typer.Option(min=0, help="Of the invented brands and listings.")] = 0,
    listings: Annotated[int, typer.Option(min=FEWEST, max=200, help="How many listings to check.")] = 14,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """Enrol invented brands, check listings whose truth is known, and show decisions and reasons."""
    started = time.perf_counter()
    with _progress() as progress:
        try:
            ran = run(folder, seed=seed, count=listings, step=_steps(progress))
        except FolderInUse as error:
            raise typer.BadParameter(str(error), param_hint="--folder") from error
    seconds = time.perf_counter() - started
    show(_console, ran.checked, ran.names)
    _show_onward(ran, seconds)
    if json_file is not None:
        write_figures(
            json_file, {**figures(ran.checked), "seconds": round(seconds, 1)}, seed=seed, encoder=BUNDLED
        )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=_console,
    )


def _steps(progress: Progress) -> Callable[[str, int], Callable[[int], None]]:
    def begin(name: str, total: int) -> Callable[[int], None]:
        task = progress.add_task(name, total=total)
        return lambda done: progress.update(task, completed=done)

    return begin


def _show_onward(ran: Ran, seconds: float) -> None:
    """Plain text, so that commands can be copied as they are."""
    enrolled = ran.enrolled
    typer.echo(
        f"\n{_parcels(ran)}\n\n"
        f"{enrolled.brands} brands with {enrolled.pictures} pictures enrolled, {len(ran.checked)} listings "
        f"checked, {seconds:.0f} s in all.\n\n"
        f"Look at the pictures side by side:  {ran.folder.report}\n"
        f"Serve what was enrolled:            {ran.onward.serve}\n"
        f"then sign in at {ADDRESS} as one of:\n\n{_people(ran)}\n\n"
        f"or check one of the listings from another terminal:\n\n{ran.onward.curl}\n"
    )


def _people(ran: Ran) -> str:
    return "\n".join(f"  {each.login:<10} {each.password}" for each in ran.people)


def _parcels(ran: Ran) -> str:
    return "\n".join(
        f"customs inspected {each.reference} ({each.story.words}): {each.advice}, {', '.join(each.codes)}"
        for each in ran.parcels
    )
