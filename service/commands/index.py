"""Looking after the index, and moving it to another encoder."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from index.faiss import PartStatus, Refused, saved_status
from model.evaluation.calibrate import calibrate
from service.calibration import CalibrationMissing, find_calibration, site_calibration
from service.database import Database
from service.encoding import load_encoder
from service.exchange.incoming.store import all_pictures
from service.migration import migrate
from service.settings import Settings
from service.vectors import repository
from service.vectors.reindex import reindex as move
from service.vectors.service import index_place

_Saved = list[PartStatus] | Refused | None

app = typer.Typer(help="The index of references: a copy of what the database records.", no_args_is_help=True)
console = Console()


@app.command()
def status() -> None:
    """Show the spaces of vectors, and how the index of each was made up when it was last saved."""
    table = Table("space", "encoder", "dimension", "vectors", "revision", "in use")
    settings = Settings()
    database, indexes = _database(settings), list[tuple[str, _Saved]]()
    with database.read() as session:
        for space in repository.spaces(session):
            count = str(repository.count(session, space.name))
            used = "yes" if space.active else ""
            table.add_row(space.name, space.encoder, str(space.dimension), count, str(space.revision), used)
            indexes.append((space.name, saved_status(*index_place(settings.data_dir / "index", space))))
    console.print(table)
    for name, saved in indexes:
        _show_parts(name, saved)


@app.command()
def rebuild() -> None:
    """Throw the snapshots away, so that the next start builds the index from the database. Stop the service first."""
    folder = Settings().data_dir / "index"
    shutil.rmtree(folder, ignore_errors=False) if folder.exists() else None
    console.print("The snapshots are gone; the next start builds the index from the database.")


def reindex(
    encoder: Annotated[
        str, typer.Option(help="Encoder to move to; `mizugiwa encoder list` names those installed.")
    ],
) -> None:
    """Embed every reference with another encoder while the old one serves, then switch, also in running services."""
    settings = Settings()
    loaded = load_encoder(settings, encoder)
    try:
        find_calibration(settings.data_dir, loaded.info)
    except CalibrationMissing:
        with console.status("calibrating the encoder on the synthetic kit"):
            calibrate(loaded).save(site_calibration(settings.data_dir, loaded.info.fingerprint))
    with Progress(console=console) as bar:
        task = bar.add_task("embedding", total=None)
        made = move(
            _database(settings),
            all_pictures(settings.data_dir),
            settings.picture_limits,
            loaded,
            lambda done, total: bar.update(task, completed=min(done, total), total=total),
        )
    console.print(
        f"{made} vectors made; {loaded.info.name} serves now (fingerprint {loaded.info.fingerprint})."
    )


def _show_parts(space: str, saved: _Saved) -> None:
    if saved is None:
        console.print(
            f"{space}: no snapshot yet; the service saves one when it stops, and while it takes in."
        )
        return
    if isinstance(saved, Refused):
        console.print(
            f"{space}: {saved.name} is not used: {saved.why}: {saved.detail}. The next start rebuilds."
        )
        return
    columns = ("tenant", "library", "modality", "kind", "main", "fresh", "removed", "lists", "recall at 10")
    table = Table(*columns, "last compaction", title=f"{space}, as last saved")
    for part in sorted(saved, key=lambda part: (part.tenant, part.library, part.modality)):
        table.add_row(*_part_row(part))
    console.print(table)


def _part_row(part: PartStatus) -> list[str]:
    lists = f"{part.probes} of {part.lists}" if part.lists else "all rows"
    recall = "1" if part.recall_at_10 is None else f"{part.recall_at_10:.4f}, {_moment(part.measured_at)}"
    sizes = [f"{size:,}" for size in (part.main, part.fresh, part.tombstones)]
    kind = part.kind.value + (f": {part.reason}" if part.reason else "")
    place = [part.tenant, part.library.value, part.modality.value]
    return [*place, kind, *sizes, lists, recall, _moment(part.compacted_at)]


def _moment(seconds: float | None) -> str:
    return "never" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="index")
    root.command()(reindex)


def _database(settings: Settings) -> Database:
    database = Database(settings.resolved_database_url)
    migrate(database)
    return database
