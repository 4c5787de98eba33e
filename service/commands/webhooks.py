"""What is sent to others, seen on the machine itself."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from service.database import Database
from service.migration import migrate
from service.settings import Settings
from service.webhooks import outbox
from service.webhooks.models import DeliveryState

app = typer.Typer(help="Webhooks: what is on its way to whom.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `list` a command of its own while it is the only one."""


@app.command("list")
def list_webhooks(limit: Annotated[int, typer.Option(min=1, max=1000)] = 100) -> None:
    """Endpoints of all tenants, with how many deliveries wait, arrived and were given up."""
    table = Table(
        Column("id", no_wrap=True), "url", *(state.value for state in DeliveryState), "disabled because"
    )
    database = Database(Settings().resolved_database_url)
    try:
        migrate(database)
        with database.read() as session:
            for endpoint, counts in outbox.overview(session, limit):
                numbers = (str(counts.get(state.value, 0)) for state in DeliveryState)
                table.add_row(endpoint.id, endpoint.url, *numbers, endpoint.disabled_reason or "")
    finally:
        database.close()
    Console().print(table)
