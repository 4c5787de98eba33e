"""Rules of the house that no reviewer has to remember: no query without a tenant, no commit in a feature."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import service

ROOT = Path(service.__file__).parent
QUERIES = {"select", "insert", "update", "delete"}
SESSION_CALLS = {"execute", "scalar", "scalars", "get", "query"}
ESCAPE = "# all tenants: "
"""Written behind the `def` line, with the reason, where a query must see every tenant."""

UNSCOPED = {
    "vectors/repository.py": "a space holds the vectors of all tenants; each search is scoped by the index",
    "jobs/repository.py": "the runner claims work of all tenants by job id",
    "webhooks/repository.py": "the courier delivers for all tenants by delivery id",
}
"""Whole files whose unscoped queries are answered for."""

SQL_ELSEWHERE = {"webhooks/outbox.py": "the outbox is one table with one story: written, claimed, settled"}


def repositories() -> list[Path]:
    return sorted(ROOT.glob("**/repository.py"))


def unscoped(source: str) -> Iterator[str]:
    """Names of public functions that query, take no tenant and do not say why."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _queries(node):
            names = {each.arg for each in [*node.args.args, *node.args.kwonlyargs]}
            signature = "\n".join(lines[node.lineno - 1 : node.body[0].lineno])
            if not names & {"tenant_id", "principal"} and ESCAPE not in signature:
                yield node.name


def _queries(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(call, ast.Call)
        and (
            (isinstance(call.func, ast.Name) and call.func.id in QUERIES)
            or (
                isinstance(call.func, ast.Attribute)
                and call.func.attr in SESSION_CALLS
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "session"
            )
        )
        for call in ast.walk(function)
    )


@pytest.mark.parametrize("path", repositories(), ids=lambda path: path.parent.name)
def test_every_query_is_scoped_by_a_tenant_or_says_why_not(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in UNSCOPED:
        found = list(unscoped(path.read_text()))
        assert not found, f"{path.relative_to(ROOT)}: give {found} a tenant_id, or `{ESCAPE}reason`"


def test_the_rule_sees_a_query_without_a_scope() -> None:
    bad = "def things(session):\n    return session.scalars(select(Thing)).all()\n"
    assert list(unscoped(bad)) == ["things"]
    assert list(unscoped(bad.replace("session)", "session, tenant_id)", 1))) == []
    assert list(unscoped(bad.replace("session):", "session):  # all tenants: it counts", 1))) == []


def test_only_the_database_commits() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if path.name != "database.py" and ".commit(" in path.read_text()
    ]
    assert not found, f"a request or job is one transaction, which service/database.py ends: {found}"


def test_only_repositories_write_sql() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if path.name != "repository.py"
        and "migrations" not in path.parts
        and str(path.relative_to(ROOT)) not in SQL_ELSEWHERE
        and _imports_sql(path)
    ]
    assert not found, f"SQL belongs into the repository.py of its feature: {found}"


def _imports_sql(path: Path) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "sqlalchemy"
        and QUERIES & {name.name for name in node.names}
        for node in ast.walk(ast.parse(path.read_text()))
    )
