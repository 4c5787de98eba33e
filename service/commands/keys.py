"""`mizugiwa keys`: the first key of a house, and every one after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from service.clock import now
from service.database import Database
from service.errors import Problem
from service.migration import migrate
from service.security import keys, parties, repository
from service.security.models import ApiKey
from service.security.principals import Role
from service.security.service import known_tenant
from service.settings import Settings

app = typer.Typer(help="Make, list, rotate and revoke API keys.", no_args_is_help=True)
TenantName = Annotated[str, typer.Option(help="Name of the tenant.")]
_MOST = 1_000_000


@app.command()
def create(
    tenant: Annotated[str, typer.Option(help="Name of the tenant; made if it is new.")],
    organisation: Annotated[str, typer.Option(help="Name of the organisation; made if it is new.")],
    role: Annotated[Role, typer.Option(help="What the key may do.")],
    label: Annotated[str, typer.Option(help="What it is for, to recognise it later.")],
    expires_days: Annotated[int | None, typer.Option(min=1, max=3650, help="Days until it ends.")] = None,
) -> None:
    """Make a key and print it, this once: only a hash of it is kept."""
    settings = Settings()
    expires_at = now() + timedelta(days=expires_days) if expires_days else None
    with transaction(settings) as session:
        who = keys.operator(parties.founded(session, tenant).id)
        holder = parties.joined(session, who, organisation)
        key, text = keys.issue(session, settings.signing_key(), who, holder, role, label, expires_at)
    typer.echo(f"{key.id} ({role}, {organisation}); keep the key, it is not shown again:", err=True)
    typer.echo(text)


@app.command("list")
def list_keys(tenant: TenantName) -> None:
    """Show the keys of a tenant, those that have ended included."""
    with transaction(Settings()) as session:
        found = keys.visible(session, keys.operator(known_tenant(session, tenant).id), None, _MOST)
        table = Table("id", "organisation", "role", "label", "begins with", "last used", "state")
        for key in found:
            table.add_row(*_row(session, key))
    Console().print(table)


@app.command()
def rotate(
    key_id: str,
    tenant: TenantName,
    grace_seconds: Annotated[
        int,
        typer.Option(
            min=0, max=int(keys.LONGEST_GRACE.total_seconds()), help="The old key's remaining life."
        ),
    ] = 3600,
) -> None:
    """Make a key that replaces another and print it; the old one stays valid for the grace."""
    settings = Settings()
    with transaction(settings) as session:
        who = keys.operator(known_tenant(session, tenant).id)
        key, text = keys.rotate(
            session, settings.signing_key(), who, key_id, timedelta(seconds=grace_seconds)
        )
    typer.echo(f"{key.id} replaces {key_id}; keep the key, it is not shown again:", err=True)
    typer.echo(text)


@app.command()
def revoke(key_id: str, tenant: TenantName) -> None:
    """End a key at once."""
    with transaction(Settings()) as session:
        keys.revoke(session, keys.operator(known_tenant(session, tenant).id), key_id)
    typer.echo(f"{key_id} is revoked.")


@contextmanager
def transaction(settings: Settings) -> Iterator[Session]:
    database = Database(settings.resolved_database_url)
    try:
        migrate(database)
        with database.write() as session:
            yield session
    except Problem as problem:
        typer.echo(problem.detail, err=True)
        raise typer.Exit(1) from problem
    finally:
        database.close()


def _row(session: Session, key: ApiKey) -> tuple[str, ...]:
    holder = repository.organisation(session, key.tenant_id, key.organisation_id)
    used = key.last_used_at.isoformat(timespec="minutes") if key.last_used_at else "never"
    name = holder.name if holder else key.organisation_id
    return key.id, name, key.role, key.label, f"mzg_{key.prefix}", used, _state(key)


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is None:
        return "in force"
    word = "expired" if key.expires_at <= now() else "until"
    return f"{word} {key.expires_at.isoformat(timespec='minutes')}"
