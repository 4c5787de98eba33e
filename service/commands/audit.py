"""`mizugiwa audit`: prove that the log is as it was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.audit import repository
from service.audit.verification import Checkpoint, Verification, checkpoint, verify
from service.database import Database
from service.migration import migrate
from service.security.service import known_tenant
from service.settings import Settings

app = typer.Typer(help="Verify the append-only audit log.", no_args_is_help=True)
TenantName = Annotated[str | None, typer.Option(help="Name of one tenant; all of them if not given.")]


@app.command("verify")
def verify_command(
    tenant: TenantName = None,
    kept: Annotated[
        Path | None, typer.Option("--checkpoint", help="File with what `audit checkpoint` printed earlier.")
    ] = None,
) -> None:
    """Recompute every hash; exits with 1 and names the first broken entry if one is not as recorded."""
    marks = {} if kept is None else _read_checkpoints(kept)
    with _database() as database, database.read() as session:
        ids = _chosen(database, tenant) | (marks.keys() if tenant is None else set())
        results = [verify(session, tenant_id, marks.get(tenant_id)) for tenant_id in sorted(ids)]
    for result in results:
        typer.echo(_sentence(result))
    if not results:
        typer.echo("Nothing has been recorded yet.")
    raise typer.Exit(0 if all(result.intact for result in results) else 1)


@app.command("checkpoint")
def checkpoint_command(tenant: TenantName = None) -> None:
    """Print how far each log has come, one JSON object a line; keep it away from this database."""
    with _database() as database, database.read() as session:
        for tenant_id in sorted(_chosen(database, tenant)):
            typer.echo(json.dumps(asdict(checkpoint(session, tenant_id))))


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(Settings().resolved_database_url)
    try:
        migrate(database)
        yield database
    finally:
        database.close()


def _chosen(database: Database, name: str | None) -> set[str]:
    with database.read() as session:
        return set(repository.logged_tenants(session)) if name is None else {known_tenant(session, name).id}


def _read_checkpoints(path: Path) -> dict[str, Checkpoint]:
    try:
        marks = [Checkpoint(**json.loads(line)) for line in path.read_text().splitlines() if line.strip()]
    except (OSError, ValueError, TypeError) as error:
        raise typer.BadParameter(
            f"{path} does not hold what `mizugiwa audit checkpoint` prints: {error}"
        ) from error
    return {mark.tenant_id: mark for mark in marks}


def _sentence(result: Verification) -> str:
    if result.intact:
        return f"{result.tenant_id}: {result.entries} entries, intact, head {result.head_hash}"
    return f"{result.tenant_id}: BROKEN at seq {result.broken_seq}: {result.fault}"
