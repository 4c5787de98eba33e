"""`mizugiwa control`: how often findings are right, who may block, whether scores moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from model.evaluation.figures import write_figures
from service.clock import now
from service.control.jobs import run as run_control
from service.control.looking import look
from service.control.schemas import DriftOut, ReportOut, TallyOut
from service.database import Database
from service.errors import Problem
from service.evaluation.drift_null import measured_null
from service.migration import migrate
from service.security.service import known_tenant
from service.settings import Settings

app = typer.Typer(help="How often findings are right, and what follows from it.", no_args_is_help=True)
_out = Console()

Tenant = Annotated[str, typer.Option(help="Name of the tenant.")]


@app.command()
def run(tenant: Tenant) -> None:
    """Look now, as the service does every day: give and take rights, propose and withdraw rules, calibrate."""
    settings = Settings()
    with _opened(settings) as database:
        happened = run_control(database, _tenant_id(database, tenant), settings.rule_status)
    _out.print(", ".join(happened) or "nothing follows from what was measured")


@app.command()
def show(tenant: Tenant) -> None:
    """What a look would find now; nothing is changed."""
    settings = Settings()
    with _opened(settings) as database:
        tenant_id = _tenant_id(database, tenant)
        with database.read() as session:
            report = ReportOut.of(look(session, tenant_id, settings.rule_status, now()))
    _show_rules(report)
    _show_brands(report)
    _show_calibration(report)
    _show_drift(report.drift)


@app.command()
def drift(tenant: Tenant) -> None:
    """The last week's scores against those that the calibration saw; ends with status 1 on an alarm."""
    settings = Settings()
    with _opened(settings) as database:
        tenant_id = _tenant_id(database, tenant)
        with database.read() as session:
            found = DriftOut.of(look(session, tenant_id, settings.rule_status, now()).drift)
    _show_drift(found)
    if found.standing == "alarm":
        raise typer.Exit(1)


@app.command()
def null(
    days: Annotated[int, typer.Option(min=100, help="Simulated days without a change.")] = 1000,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Measure by simulation what chance alone does to the index, how often it raises an alarm, and what is found."""
    figures = measured_null(days=days, seed=seed)
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    _out.print(table)
    if json_file is not None:
        write_figures(json_file, figures, seed=seed, encoder="none")


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = Database(settings.resolved_database_url)
    try:
        migrate(database)
        yield database
    except Problem as problem:
        typer.echo(problem.detail, err=True)
        raise typer.Exit(1) from problem
    finally:
        database.close()


def _tenant_id(database: Database, name: str) -> str:
    with database.read() as session:
        return known_tenant(session, name).id


def _show_rules(report: ReportOut) -> None:
    table = Table("rule", "status", "confirmed", "at least", "bar", "blocks wrong", "labels missing", "so it")
    for each in report.rules:
        if each.findings.right + each.findings.wrong:
            blocks = each.blocks
            table.add_row(
                each.rule, each.status, _share(each.findings), f"{each.findings.lower:.3f}", f"{each.bar:.2f}",
                f"{blocks.wrong}/{blocks.right + blocks.wrong}", str(each.missing), each.verdict,
            )  # fmt: skip
    _out.print(table if table.row_count else "no finding was judged yet")


def _show_brands(report: ReportOut) -> None:
    table = Table(
        Column("brand", no_wrap=True), "may block", "notices upheld", "missing", "blocks right", "so it"
    )
    for each in report.brands:
        table.add_row(
            each.brand_id, "yes" if each.auto_block else "no", _share(each.notices), str(each.missing),
            _share(each.blocks), each.verdict,
        )  # fmt: skip
    if table.row_count:
        _out.print(table)


def _share(tally: TallyOut) -> str:
    return f"{tally.right}/{tally.right + tally.wrong}"


def _show_calibration(report: ReportOut) -> None:
    using, threshold = report.calibration, report.calibration.threshold
    _out.print(f"calibration {using.version} ({using.basis}), {using.labels} verdicts", highlight=False)
    if threshold.score is None:
        _out.print(f"no threshold for blocking: {threshold.reason}", highlight=False)
    else:
        _out.print(f"blocks from score {threshold.score:.3f}: {threshold.reason}", highlight=False)


def _show_drift(found: DriftOut) -> None:
    table = Table("stream", "standing", "PSI", "by chance up to", "KS", "p", "then", "now")
    for each in found.streams:
        table.add_row(
            each.stream, each.standing, f"{each.psi:.3f}", f"{each.psi_threshold:.3f}",
            "" if each.ks is None else f"{each.ks:.3f}", f"{each.p_value:.2g}", str(each.before), str(each.after),
        )  # fmt: skip
    if table.row_count:
        _out.print(table)
    by = f"; calibrate anew by {found.recalibrate_by:%Y-%m-%d}" if found.recalibrate_by else ""
    _out.print(f"drift: {found.standing.replace('_', ' ')}{by}", highlight=False)
