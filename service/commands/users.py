"""`mizugiwa users`: who may sign in to the pages."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.clock import now
from service.commands.keys import TenantName, transaction
from service.security import keys, parties
from service.security.principals import Role
from service.security.service import known_tenant
from service.settings import Settings
from service.users import repository, service
from service.users.models import User

app = typer.Typer(help="Let people sign in to the pages, reset them, shut them out.", no_args_is_help=True)
_MOST = 1_000_000


@app.command()
def create(
    login: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    tenant: Annotated[str, typer.Option(help="Name of the tenant; made if it is new.")],
    organisation: Annotated[str, typer.Option(help="Name of the organisation; made if it is new.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    name: Annotated[
        str | None, typer.Option(help="How pages call the person; the login if not given.")
    ] = None,
) -> None:
    """Let somebody sign in, and print a first password, this once."""
    with transaction(Settings()) as session:
        who = keys.operator(parties.founded(session, tenant).id)
        holder = parties.joined(session, who, organisation)
        person, password = service.create(session, who, holder, role, login, name or login)
    typer.echo(
        f"{person.id} ({role}, {organisation}) signs in as {person.login} with this first password:", err=True
    )
    typer.echo(password)


@app.command("list")
def list_users(tenant: TenantName) -> None:
    """Show everybody of a tenant."""
    with transaction(Settings()) as session:
        found = service.visible(session, keys.operator(known_tenant(session, tenant).id), None, _MOST)
        table = Table("id", "login", "name", "role", "second factor", "last signed in", "state")
        for person in found:
            table.add_row(*_row(person))
    Console().print(table)


@app.command()
def reset(login: str, tenant: TenantName) -> None:
    """A new password for somebody; the lock, the second factor and every session end."""
    with transaction(Settings()) as session:
        who = keys.operator(known_tenant(session, tenant).id)
        password = service.reset(session, who, _id_of(repository.by_login(session, login), login))
    typer.echo(f"{login} signs in with this password, which is not shown again:", err=True)
    typer.echo(password)


@app.command()
def disable(login: str, tenant: TenantName) -> None:
    """Shut somebody out at once."""
    with transaction(Settings()) as session:
        who = keys.operator(known_tenant(session, tenant).id)
        service.disable(session, who, _id_of(repository.by_login(session, login), login))
    typer.echo(f"{login} is shut out.")


def _id_of(person: User | None, login: str) -> str:
    return person.id if person else login  # whose absence, or other tenant, the service tells of


def _row(person: User) -> tuple[str, ...]:
    last = person.signed_in_at.isoformat(timespec="minutes") if person.signed_in_at else "never"
    factor = "set" if person.totp_sealed else "none"
    return person.id, person.login, person.name, person.role, factor, last, _state(person)


def _state(person: User) -> str:
    if person.disabled_at is not None:
        return "shut out"
    locked = person.locked_until is not None and person.locked_until > now()
    return (
        f"locked until {person.locked_until:%H:%M} UTC" if locked and person.locked_until else "may sign in"
    )
