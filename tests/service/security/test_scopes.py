"""Rules of the house that no reviewer has to remember: no query without a tenant, no commit in a feature."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import service

ROOT = Path(service.__file__).parent
QUERIES = {"select", "insert", "update", "delete"}
SESSION_CALLS = {"execute", "scalar", "scalars", "get", "get_one", "query"}
STATEMENTS = {"Select", "Update", "Delete", "Insert"}
ESCAPE = "# all tenants: "
"""Written behind the `def` line, with the reason, where a query must see every tenant."""

SQL_ELSEWHERE = {
    "webhooks/outbox.py": "the outbox is one table with one story: written, claimed, settled",
    "paging.py": "adds the cursor and the limit to a statement that a repository has scoped",
}

_CLAIM = "bound to a claim, which only the run that took the job has"
_SPACE = "a space belongs to an encoder, not to a tenant, and says nothing of anyone"
_FED = "feeds the index or a new space with all vectors; each carries its tenant, by which the index searches"
_ATTEMPT = "settles a delivery that the courier took out of the outbox itself"
ANSWERED_FOR: dict[str, dict[str, str]] = {
    "jobs/repository.py": {
        "any_job": "the operator at the machine names a job of any tenant",
        "beat": "a worker says that it lives, in whatever it runs",
        "cancel_requested": _CLAIM,
        "claim": "a worker takes the job that the queue names; the job says whose it is and with which rights it runs",
        "due": "ids alone, to be put on the queue of all workers",
        "latest": "the operator at the machine lists jobs of all tenants",
        "orphans": "what dead workers left behind is queued again, whosesoever it is",
        "update_claimed": _CLAIM,
    },
    "vectors/repository.py": {
        "_note_changes": "counts up the revision of a space; the ids are those of the change",
        "_vectors": _FED,
        "active_spaces": _SPACE,
        "changes_after": _FED,
        "count": "how many there are in all: whether an index is level, and how far a move has come",
        "drop": "ids of references and counterfeits that their features found in the tenant, or of a space left over",
        "lock": _SPACE,
        "missing_from": "what a move to another encoder has still to copy",
        "missing_views": "what a move to another encoder, or to other views, has still to make",
        "put": "each entry brings its tenant; the id is the one of a row just written or read",
        "space": _SPACE,
        "spaces": _SPACE,
        "views_of_none": "what was removed while a move went on, and is taken out of the space moved to",
    },
    "webhooks/repository.py": {
        "forget_unheld": "clears away events that nobody waits for; the ids come from deliveries just deleted",
    },
    "webhooks/outbox.py": {
        "_take_of": "the courier sends for all tenants, each delivery to the endpoint that it was written for",
        "_update_delivery": _ATTEMPT,
        "delivered": _ATTEMPT,
        "failed": _ATTEMPT,
        "forget_ended": "clears away what ended long ago, whosesoever it was",
        "gone": _ATTEMPT,
        "overview": "the operator at the machine sees how deliveries of all tenants fare",
        "waiting_endpoints": "ids alone, for the courier of all tenants",
    },
}
"""Functions whose unscoped queries are answered for, in files whose signatures say nothing of it."""


def files_with_sql() -> list[Path]:
    return sorted([*ROOT.glob("**/repository.py"), ROOT / "webhooks/outbox.py"])


def unscoped(source: str) -> Iterator[str]:
    """Names of functions, private ones too, that query, use no tenant and do not say why."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _queries(node):
            signature = "\n".join(lines[node.lineno - 1 : node.body[0].lineno])
            if not (_uses_tenant(node) or _is_given_a_statement(node) or ESCAPE in signature):
                yield node.name


def _uses_tenant(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """By an argument `tenant_id`, or by the `tenant_id` of its `principal`: having one is not enough."""
    used = {
        ast.unparse(each) for line in function.body for each in ast.walk(line) if isinstance(each, ast.expr)
    }
    return bool(
        {"principal.tenant_id"} & used or ({"tenant_id"} & used and "tenant_id" in _arguments(function))
    )


def _is_given_a_statement(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A private function that only runs or narrows what another made; that one is looked at by itself."""
    given = {annotation.partition("[")[0] for annotation in _arguments(function).values()}
    begins = any(_called(call) in QUERIES for call in ast.walk(function) if isinstance(call, ast.Call))
    return function.name.startswith("_") and bool(given & STATEMENTS) and not begins


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, str]:
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return {each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in given}


def _queries(tree: ast.AST) -> bool:
    return any(
        _called(call) in QUERIES or _asks(call) for call in ast.walk(tree) if isinstance(call, ast.Call)
    )


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _asks(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in SESSION_CALLS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "session"
    )


@pytest.mark.parametrize("path", files_with_sql(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_query_is_scoped_by_a_tenant_or_says_why_not(path: Path) -> None:
    answered_for = ANSWERED_FOR.get(str(path.relative_to(ROOT)), {})
    found = set(unscoped(path.read_text()))
    wanting = sorted(found - answered_for.keys())
    assert not wanting, f"{path.relative_to(ROOT)}: give {wanting} a tenant_id, or `{ESCAPE}reason`"
    assert not answered_for.keys() - found, "take out of ANSWERED_FOR what is scoped or gone"


BAD = "def things(session):\n    return session.scalars(select(Thing)).all()\n"


@pytest.mark.parametrize(
    "source",
    [
        BAD,
        BAD.replace("things", "_things"),
        BAD.replace("session)", "session, tenant_id)", 1),
        BAD.replace("session)", "session, principal)", 1),
        BAD.replace("session)", "session, query: Select[Thing])", 1),
        "def things(session, thing_id):\n    return session.get(Thing, thing_id)\n",
        "def _things():\n    return select(Thing)\n",
    ],
)
def test_the_rule_sees_a_query_without_a_scope(source: str) -> None:
    assert len(list(unscoped(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def things(session, tenant_id):\n    return session.scalars(select(T).where(T.tenant_id == tenant_id))\n",
        "def things(session, principal):\n    return session.scalars(select(T).where(T.at == principal.tenant_id))\n",
        "def _run(session, query: Select[Thing]):\n    return session.scalars(query).all()\n",
        BAD.replace("session):", "session):  # all tenants: it counts", 1),
    ],
)
def test_the_rule_lets_a_scoped_query_pass(source: str) -> None:
    assert list(unscoped(source)) == []


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
        and _has_sql(path)
    ]
    assert not found, f"SQL belongs into the repository.py of its feature: {found}"


def _has_sql(path: Path) -> bool:
    """By the words of SQLAlchemy, or by asking a session itself."""
    tree = ast.parse(path.read_text())
    return any(
        (isinstance(node, ast.Call) and _asks(node))
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "sqlalchemy"
            and QUERIES & {name.name for name in node.names}
        )
        for node in ast.walk(tree)
    )
