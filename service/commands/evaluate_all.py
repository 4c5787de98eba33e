"""Everything that can be measured, in one report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from service.evaluation.whole.parts import PARTS
from service.evaluation.whole.running import State, measure

console = Console()


def all_parts(
    write: Annotated[Path, typer.Option(help="Folder for the report and the figures.")] = Path("report"),
    data: Annotated[Path, typer.Option(help="Folder of pictures to measure on.")] = Path("../shared/data"),
    only: Annotated[list[str] | None, typer.Option(help="This part; may be given several times.")] = None,
    quick: Annotated[bool, typer.Option(help="A few pictures each: does everything work?")] = False,
    again: Annotated[bool, typer.Option(help="Also what the folder holds figures of already.")] = False,
) -> None:
    """Run every evaluation and write one page with tables and plots; begins where an earlier run ended."""
    from service.evaluation.whole.page import (
        write_page,
    )  # matplotlib takes a second that no other command needs

    unknown = sorted(set(only or ()) - {part.name for part in PARTS})
    if unknown:
        names = ", ".join(part.name for part in PARTS)
        raise typer.BadParameter(f"There is no part {', '.join(unknown)}; the parts are {names}.")
    write.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for part in PARTS:
        if only is None or part.name in only:
            with console.status(f"{part.name}: {part.title}"):
                outcomes.append(measure(part, write, data, quick=quick, again=again))
            console.print(f"{part.name:<14} {outcomes[-1].state}")
            write_page(write / "index.html", outcomes, quick=quick)
    console.print(f"{write / 'index.html'} has the tables and plots.")
    if any(each.state is State.FAILED for each in outcomes):
        raise typer.Exit(1)
