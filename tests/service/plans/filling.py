"""Rows by the hundred thousand in every table of a PostgreSQL, so that it plans as it would for a large house."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
)

from service.schema import METADATA

SMALL = {"alembic_version", "tenants", "spaces", "audit_heads", "exchange_introductions"}
"""Tables with a row for each house, or fewer."""
_FEW = {
    "state",
    "kind",
    "status",
    "outcome",
    "decision",
    "role",
    "library",
    "modality",
    "event",
    "rule",
    "action",
}
"""Columns that hold one of a few words."""
_COMMON = {"modality": "photo"}
"""Columns that nearly always hold one word."""
_AHEAD = {"expires_at", "run_after"}
"""Moments that are still to come."""
_CHILDREN = 100
"""Rows of a parent, in the mean."""


def fill(engine: Engine, tenant_id: str, rows: int) -> None:
    """A tenth of them the tenant's, the rest of a hundred others; nothing of it would pass the service's own rules."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SET LOCAL session_replication_role = replica"
        )  # no foreign keys, no triggers
        for table in METADATA.sorted_tables:
            if table.name not in SMALL:
                connection.exec_driver_sql(_insertion(table, tenant_id, rows))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _insertion(table: Table, tenant_id: str, rows: int) -> str:
    values = {column.name: _value(column, tenant_id) for column in table.columns}
    names = ", ".join(f'"{name}"' for name in values)
    return (
        f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(values.values())} '
        f"FROM generate_series(1000001, {1_000_000 + rows}) AS i ON CONFLICT DO NOTHING"
    )


def _value(column: Column[object], tenant_id: str) -> str:
    if column.name == "tenant_id":
        return f"CASE WHEN i %% 10 = 0 THEN '{tenant_id}' ELSE 'ten_' || (i %% 100) END"
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, String | Text):
        return _words(column)
    if isinstance(kind, Boolean):
        return "i %% 2 = 0"
    if isinstance(kind, Integer | Float | Numeric):
        return "i"
    if isinstance(kind, LargeBinary):
        return "'\\x00'"
    if isinstance(kind, JSON):
        return "'{}'"
    if isinstance(kind, Uuid):
        return "gen_random_uuid()"
    if isinstance(kind, Date | DateTime):
        nothing = "i %% 10 > 0" if column.nullable else "false"
        sign = "+" if column.name in _AHEAD else "-"
        return f"CASE WHEN {nothing} THEN NULL ELSE now() {sign} i * interval '1 second' END"
    raise TypeError(f"{column} has a type that nothing is known for")


def _words(column: Column[object]) -> str:
    longest = getattr(column.type, "length", None) or 40
    if column.name in _COMMON:
        return f"'{_COMMON[column.name]}'"
    if column.name in _FEW:
        return "'word' || (i %% 5)"
    children = _CHILDREN if column.foreign_keys and not column.primary_key else 1
    return f"left('f' || (i / {children}), {longest})"
