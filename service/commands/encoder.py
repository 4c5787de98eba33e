"""`mizugiwa encoder`: what can turn pictures into vectors, installing more, and proving that it still does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from model.encoders import RGB, EncoderError, Installed, installed, load
from model.encoders.bundled import NAME as BUNDLED
from model.encoders.precision import Precision
from model.encoders.probe import PROBE, probe_parity, textured_pictures
from model.images import PictureError, decode
from service.encoding import encoders_folder
from service.settings import Settings

app = typer.Typer(help="List, install and verify encoders.", no_args_is_help=True)
_console = Console()
_SYNTHETIC = 16
_VERIFY_BAR = 0.999

Pictures = Annotated[
    Path | None,
    typer.Option(exists=True, file_okay=False, help="Folder of pictures to prove parity on, best your own."),
]
PrecisionChoice = Annotated[
    Precision | None, typer.Option(help="The only precision to try; the fastest that passes if not given.")
]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most so many pictures of the folder.")]


@app.command("list")
def list_command(
    pattern: Annotated[str, typer.Argument(help="Wildcards, such as 'ViT-B*'.")] = "",
) -> None:
    """Show what is installed and, with a pattern, which published CLIPs there are."""
    with _errors():
        here = installed(encoders_folder(Settings()))
    table = Table(Column("name", overflow="fold"), "installed", "precision", "dimensions", "fingerprint")
    for one in here:
        info = one.info
        table.add_row(info.name, one.created[:10], info.precision, str(info.dimension), info.fingerprint)
    names = {one.info.name for one in here}
    if BUNDLED not in names:
        table.add_row(BUNDLED, "on first use", "fp32", "", "")
    for name in _published(pattern):
        if name not in names:
            table.add_row(name, "", "", "", "")
    _console.print(table)


@app.command("pull")
def pull_command(
    name: Annotated[str, typer.Argument(help="open_clip:ARCHITECTURE/TAG")],
    pictures: Pictures = None,
    precision: PrecisionChoice = None,
    limit: Limit = 64,
) -> None:
    """Download published weights once, export, quantise, and install if parity holds."""
    with _errors():
        _install(name, pictures, precision, limit)


@app.command("export")
def export_command(
    architecture: Annotated[str, typer.Argument(help="As `mizugiwa encoder list '*'` names it: ViT-B-32.")],
    checkpoint: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Its weights.")],
    pictures: Pictures = None,
    precision: PrecisionChoice = None,
    limit: Limit = 64,
) -> None:
    """The same from a checkpoint file, without a network."""
    with _errors():
        _install(f"open_clip:{architecture}/{checkpoint.resolve()}", pictures, precision, limit)


@app.command("verify")
def verify_command(
    name: Annotated[str, typer.Argument(help="One encoder; all installed ones if not given.")] = "",
) -> None:
    """Check the files of installed encoders and what they say of pictures with known vectors."""
    folder = encoders_folder(Settings())
    with _errors():
        found = [one for one in installed(folder) if name in ("", one.info.name)]
        if name and not found:
            load(name, folder)  # installs `bundled`, or says why there is no such encoder
        good = [_verified(one, folder) for one in found]
    raise typer.Exit(0 if all(good) else 1)


def _published(pattern: str) -> list[str]:
    if not pattern:
        return []
    from model.encoders.clip_weights import pretrained_names  # imports torch

    return pretrained_names(pattern)


def _install(name: str, folder: Path | None, precision: Precision | None, limit: int) -> None:
    from model.encoders.clip_export import export_open_clip  # imports torch

    pictures = textured_pictures(_SYNTHETIC) if folder is None else _read_pictures(folder, limit)
    if folder is None:
        _console.print(f"Parity is proved on {_SYNTHETIC} synthetic pictures; --pictures names real ones.")
    done = export_open_clip(
        name,
        encoders_folder(Settings()),
        pictures,
        precision=precision,
        say=_console.print,
    )
    table = Table("measured", "value")
    for key, value in done.parity.items():
        table.add_row(key, str(value))
    _console.print(table)
    _console.print(
        f"Installed {done.info.name} in {done.info.precision}, fingerprint {done.info.fingerprint}."
    )


def _read_pictures(folder: Path, limit: int) -> list[RGB]:
    pictures: list[RGB] = []
    for path in sorted(folder.rglob("*")):
        if len(pictures) == limit:
            break
        if not path.is_file():
            continue
        try:
            pictures.append(decode(path.read_bytes()).pixels)
        except PictureError as error:
            _console.print(f"left out {path.name}: {error}")
    if not pictures:
        raise typer.BadParameter(f"there are no pictures in {folder}")
    return pictures


def _verified(one: Installed, folder: Path) -> bool:
    encoder = load(one.info.name, folder)
    if PROBE not in one.files:
        _console.print(f"{one.info.name} {one.info.fingerprint}: files as installed")
        return True
    cosine = probe_parity(one, encoder)
    verdict = "as installed" if cosine >= _VERIFY_BAR else "NOT as installed, pull it again"
    _console.print(f"{one.info.name} {one.info.fingerprint}: worst cosine {cosine:.6f}, {verdict}")
    return cosine >= _VERIFY_BAR


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except EncoderError as error:
        _console.print(str(error), style="red")
        raise typer.Exit(1) from error
