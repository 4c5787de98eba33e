"""`mizugiwa replay`: what another policy, calibration or encoder would have made of the decisions on record."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from service.commands.replay_seeing import wanted_seeing
from service.database import Database
from service.errors import Problem
from service.migration import migrate
from service.policies.replaying import Ending, Seeing
from service.policies.service import InForce, Replayed, in_force, replay
from service.screening.findings import RuleStatus
from service.screening.policy import PolicyInvalid, load_policy
from service.security.service import known_tenant
from service.settings import Settings

_AT_ONCE = 1000
_console = Console()


def replay_command(
    tenant: Annotated[str, typer.Option(help="Name of the tenant whose decisions are decided again.")],
    policy: Annotated[
        Path | None, typer.Option(help="Policy file to decide with; the one in force if not given.")
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option(help="RULE=live or RULE=shadow; may be given several times.")
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(help="Calibration file, as `mizugiwa calibrate` writes it, to score likeness with."),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help="Encoder to look at the kept pictures and references with.")
    ] = None,
    show: Annotated[int, typer.Option(min=0, help="How many changed decisions to list.")] = 20,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write every change here, one JSON object a line.")
    ] = None,
) -> None:
    """Decide the recorded decisions again and list those that would change, and why. Nothing is changed."""
    settings = Settings()
    database = Database(settings.resolved_database_url)
    try:
        migrate(database)
        with database.read() as session:
            tenant_id = known_tenant(session, tenant).id
            other = _wanted(session, tenant_id, settings, policy, rule or [])
            with wanted_seeing(session, tenant_id, settings, calibration, encoder) as seeing:
                found = _all(session, tenant_id, other, seeing)
    except PolicyInvalid as error:
        raise typer.BadParameter(str(error), param_hint="--policy") from error
    except Problem as problem:
        typer.echo(problem.detail, err=True)
        raise typer.Exit(1) from problem
    finally:
        database.close()
    _show(found, show)
    if json_file is not None:
        lines = (json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in found.changes)
        json_file.write_text("".join(lines))


def add_to(root: typer.Typer) -> None:
    root.command("replay")(replay_command)


def _wanted(
    session: Session, tenant_id: str, settings: Settings, policy: Path | None, rules: list[str]
) -> InForce:
    standing = in_force(session, tenant_id, settings.rule_status)
    statuses = dict(_status(each) for each in rules)
    if policy is None:
        return InForce(standing.policy, standing.rule_status | statuses)
    return InForce(load_policy(policy), statuses)


def _status(text: str) -> tuple[str, RuleStatus]:
    rule, _, status = text.partition("=")
    if status not in list(RuleStatus):
        raise typer.BadParameter(f"{text!r} is not RULE=live or RULE=shadow", param_hint="--rule")
    return rule, RuleStatus(status)


def _all(session: Session, tenant_id: str, other: InForce, seeing: Seeing) -> Replayed:
    """Page by page, so that no more than a page of records is held."""
    whole = Replayed(0, [], None, {})
    after: str | None = None
    while True:
        page = replay(session, tenant_id, other.policy, other.rule_status, after, _AT_ONCE, seeing)
        session.expunge_all()
        whole = Replayed(
            whole.compared + page.compared, whole.changes + page.changes, None, whole.untold | page.untold
        )
        if page.last_id is None:
            return whole
        after = page.last_id


def _show(found: Replayed, most: int) -> None:
    changes = found.changes
    _console.print(f"{found.compared} decisions compared, {len(changes)} would change")
    _show_untold(found.untold, most)
    if not changes:
        return
    kinds = Counter((_words(each.was), _words(each.would_be)) for each in changes)
    summary = Table("was", "would be", "decisions")
    for (was, would_be), count in kinds.most_common():
        summary.add_row(was, would_be, str(count))
    _console.print(summary)
    table = Table("decision", "was", "would be", "why")
    for each in changes[:most]:
        table.add_row(each.decision_id, _words(each.was), _words(each.would_be), "; ".join(each.why))
    if most:
        _console.print(table)


def _show_untold(untold: dict[str, str], most: int) -> None:
    if not untold:
        return
    _console.print(f"{len(untold)} could not be decided again:")
    for decision_id, missing in list(untold.items())[:most]:
        _console.print(f"  {decision_id}: {missing}", markup=False, highlight=False)


def _words(ending: Ending) -> str:
    priority = f" ({ending.priority})" if ending.priority else ""
    return f"{ending.decision}{priority} by rule {ending.rule}"
