"""`mizugiwa background`: everyday pictures against which a likeness has to stand out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

import service.schema  # noqa: F401 - a command must know every table
from service.background.service import Added, add
from service.opening import open_runtime
from service.security import keys, parties
from service.security.principals import Principal, Role
from service.settings import Settings

app = typer.Typer(help="Everyday pictures in which nothing protected is seen.", no_args_is_help=True)
_console = Console()
_AT_ONCE = 32
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".heic", ".heif", ".avif"})


@app.callback()
def _group() -> None:
    """So that `add` stays a sub-command."""


@app.command(name="add")
def add_folder(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Searched with all its folders.")
    ],
    tenant: Annotated[str, typer.Option(help="The tenant; made if it is new.")],
    organisation: Annotated[str, typer.Option(help="The marketplace that brings them; made if it is new.")],
) -> None:
    """Add every picture of a folder. Again is no harm. Exits with 1 if one was refused."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    runtime = open_runtime(Settings())
    total = Added()
    try:
        with runtime.database.write() as session:
            house = parties.founded(session, tenant).id
            bringer = parties.joined(session, keys.operator(house), organisation).id
        principal = Principal("command-line", house, bringer, Role.ADMIN)
        for at in track(range(0, len(paths), _AT_ONCE), "adding", console=_console):
            some = paths[at : at + _AT_ONCE]
            done = add(runtime, principal, [path.read_bytes() for path in some])
            total.added += done.added
            total.known += done.known
            total.refused |= {at + place: why for place, why in done.refused.items()}
    finally:
        runtime.close()
    for place, why in sorted(total.refused.items()):
        _console.print(f"{paths[place]}: {why}", style="red", markup=False, highlight=False)
    _console.print(f"{len(total.added)} added, {total.known} known, {len(total.refused)} refused")
    if total.refused:
        raise typer.Exit(1)
