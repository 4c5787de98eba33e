"""Sessions, and the promise that one request or job is one transaction.

Services and repositories never commit: the context managers here do, at the end of the request or job, and then run
what was asked for `after_commit` (bring the index up to date, wake the job runner).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session

WRITING = "mizugiwa_writing"
_AFTER_COMMIT = "after_commit"
_READ_SOMETHING = text("select version_num from alembic_version")  # for `select 1` SQLite opens no file
_BUSY_MILLISECONDS = 30_000
_WRITE_LOCK = 6_385_141_702
"""Any number, as long as nothing else in the database locks the same."""


class UnknownDatabase(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"A database of the kind {name!r} is not supported; set MIZUGIWA_DATABASE_URL to "
            "`postgresql://user@host/name`, or leave it empty for SQLite in the data folder."
        )


class UtcDateTime(TypeDecorator[datetime]):
    """Stored as UTC, read back with its zone, on every engine. A time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Database:
    """One engine and its two kinds of session."""

    def __init__(self, url: str, connections: int = 60) -> None:
        """Args: connections: at most so many at once; who wants one more waits for 30 s, and then gets an error."""
        self.engine = _engine(make_url(url), connections)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one consistent state, for looking only; what it writes is thrown away."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.expunge_all()  # what was read stays readable after the rollback
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits at the end, or not at all if something is raised.

        It takes the one write lock of the database at once, so that whatever it reads stays as it is until it commits,
        on every engine; keep decoding, embedding and fetching outside.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={WRITING: True})
            yield session
            session.commit()
        for action in session.info.pop(_AFTER_COMMIT, []):
            action()

    def ping(self) -> None:
        """Raises what the driver raises when the database does not answer, or cannot be read."""
        with self.engine.connect() as connection:
            connection.execute(_READ_SOMETHING)

    def close(self) -> None:
        self.engine.dispose()


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Run `action` once the transaction of this session has been committed; not at all if it is not."""
    session.info.setdefault(_AFTER_COMMIT, []).append(action)


def _engine(url: URL, connections: int) -> Engine:
    kept = min(20, connections)
    pool: dict[str, Any] = {"pool_size": kept, "max_overflow": connections - kept}
    hidden = {"hide_parameters": True}  # in logs and errors: they are somebody's words, or hashes of keys
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url, pool_pre_ping=True, isolation_level="REPEATABLE READ", **pool, **hidden)
        prepare, begin = _prepare_postgresql, _begin_postgresql
    elif url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        arguments = {"check_same_thread": False, "isolation_level": None}
        engine = create_engine(url, connect_args=arguments, **pool, **hidden)
        prepare, begin = _prepare_sqlite, _begin_sqlite
    else:
        raise UnknownDatabase(url.get_backend_name())
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {_BUSY_MILLISECONDS}")
    connection.commit()


def _begin_postgresql(connection: Any) -> None:
    """A reader sees one state; a writer waits for its turn, and then sees all that was committed before it."""
    if connection.get_execution_options().get(WRITING, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
