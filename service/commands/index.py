"""Looking after the index, and moving it to another encoder."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from model.evaluation.calibrate import calibrate
from service.blobs import DirectoryBlobs
from service.calibration import CalibrationMissing, find_calibration, site_calibration
from service.database import Database
from service.encoding import load_encoder
from service.migration import migrate
from service.settings import Settings
from service.vectors import repository
from service.vectors.reindex import reindex as move

app = typer.Typer(help="The index of references: a copy of what the database records.", no_args_is_help=True)
console = Console()


@app.command()
def status() -> None:
    """Show the spaces of vectors: encoder, fingerprint, how many vectors, which is in use."""
    table = Table("space", "encoder", "dimension", "vectors", "revision", "in use")
    database = _database(Settings())
    with database.read() as session:
        for space in repository.spaces(session):
            count = str(repository.count(session, space.name))
            used = "yes" if space.active else ""
            table.add_row(space.name, space.encoder, str(space.dimension), count, str(space.revision), used)
    console.print(table)


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
            DirectoryBlobs(settings.data_dir / "blobs"),
            settings.picture_limits,
            loaded,
            lambda done, total: bar.update(task, completed=min(done, total), total=total),
        )
    console.print(
        f"{made} vectors made; {loaded.info.name} serves now (fingerprint {loaded.info.fingerprint})."
    )


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="index")
    root.command()(reindex)


def _database(settings: Settings) -> Database:
    database = Database(settings.resolved_database_url)
    migrate(database)
    return database
