"""What a command of the exchange works in: the database of the machine, as its operator, for one tenant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from service.database import Database
from service.errors import Problem
from service.migration import migrate
from service.opening import open_runtime
from service.runtime import Runtime
from service.security.keys import operator
from service.security.principals import Principal
from service.security.service import known_tenant
from service.settings import Settings

TenantName = Annotated[str, typer.Option(help="Name of the tenant.")]


@dataclass(frozen=True)
class Setting:
    """One transaction, committed when the command ends well."""

    settings: Settings
    session: Session
    principal: Principal

    @property
    def tenant_id(self) -> str:
        return self.principal.tenant_id


@dataclass(frozen=True)
class Running:
    """With index and pictures, for what takes something out of them."""

    runtime: Runtime
    principal: Principal


@contextmanager
def setting(tenant: str) -> Iterator[Setting]:
    """Ends with status 1 and the problem in words where there is one."""
    settings = Settings()
    database = Database(settings.resolved_database_url)
    try:
        migrate(database)
        with database.write() as session:
            yield Setting(settings, session, operator(known_tenant(session, tenant).id))
    except Problem as problem:
        typer.echo(f"{problem.detail} {problem.help}", err=True)
        raise typer.Exit(1) from problem
    finally:
        database.close()


@contextmanager
def running(tenant: str) -> Iterator[Running]:
    """The same with the whole runtime open."""
    runtime = open_runtime(Settings())
    try:
        with runtime.database.read() as session:
            principal = operator(known_tenant(session, tenant).id)
        yield Running(runtime, principal)
    except Problem as problem:
        typer.echo(f"{problem.detail} {problem.help}", err=True)
        raise typer.Exit(1) from problem
    finally:
        runtime.close()
