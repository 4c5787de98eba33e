"""`mizugiwa cases`: a case from find to end, and its clock, on the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy.orm import Session

import service.cases.service as cases
import service.referrals.service as referrals
from service.cases import progress, reminders, repository, views
from service.cases.models import Case, SubjectKind
from service.cases.schemas import CaseLine, DeadlineOut, Goods, NewCase, SubjectRef
from service.cases.transitions import BY_HAND, Step
from service.clock import now
from service.clocks.calendar import PlaceUnknown, calendar_for
from service.clocks.deadlines import Facts, deadlines
from service.clocks.profiles import CaseState, Moment, ProfileUnknown, profile, profiles
from service.database import Database
from service.errors import Problem
from service.migration import migrate
from service.opinions import links
from service.opinions.schemas import NewLink
from service.referrals.document import referral_pdf
from service.referrals.drafting import ReferralField
from service.referrals.views import shown
from service.referrals.wording import Language
from service.security.keys import operator
from service.security.principals import Principal
from service.security.service import known_tenant
from service.settings import Settings
from service.verdicts.models import VerdictOutcome

app = typer.Typer(help="Cases: from goods found to goods destroyed or released.", no_args_is_help=True)
_out = Console()

Tenant = Annotated[str, typer.Option(envvar="MIZUGIWA_TENANT", help="Name of the tenant.")]
Why = Annotated[str, typer.Option(help="The reason; it is kept with the step.")]
When = Annotated[
    str | None, typer.Option("--at", help="When it took effect, as 2026-04-27T10:00+09:00; now if left out.")
]


@app.command("open")
def open_command(
    subject: Annotated[str, typer.Argument(help="Id of a decision, or of an inspection.")],
    why: Why,
    tenant: Tenant,
    kind: Annotated[SubjectKind, typer.Option(help="What the id names.")] = SubjectKind.DECISION,
    procedure: Annotated[str, typer.Option("--profile", help="Whose clock.")] = "jp-identification",
    country: Annotated[str | None, typer.Option(help="Where the procedure has several.")] = None,
    presented: Annotated[str | None, typer.Option(help="When the goods were presented; now if not.")] = None,
    perishable: Annotated[bool, typer.Option("--perishable")] = False,
    article: str = "",
    quantity: str = "",
    item_number: str = "",
) -> None:
    """Open a case; prints its id."""
    new = NewCase(
        subject=SubjectRef(kind=kind, id=subject),
        profile=procedure,
        country=country,
        presented_at=_moment(presented),
        perishable=perishable,
        goods=Goods(article=article, quantity=quantity, item_number=item_number),
        why=why,
    )
    with _writing(tenant) as (session, principal):
        typer.echo(cases.open_case(session, principal, new).id)


@app.command("list")
def list_command(
    tenant: Tenant,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that somebody let pass.")] = False,
    state: Annotated[CaseState | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """Cases with what is due next, oldest first."""
    table = Table(Column("id", no_wrap=True), "state", "clock", "due next", "by", "of")
    with _writing(tenant) as (session, principal):
        found = cases.page(session, principal, state=state, overdue=overdue, limit=limit)
        for each in views.lines(session, found[:limit]):
            table.add_row(each.id, each.outcome or each.state, each.profile, *_due(each))
    _out.print(table)


@app.command()
def show(case_id: str, tenant: Tenant) -> None:
    """One case: its clocks with their sources, what was done and why, what can be done next."""
    with _writing(tenant) as (session, principal):
        case = cases.get(session, principal, case_id)
        told = views.whole(session, case)
        typer.echo(f"{told.id}  {told.outcome or told.state}  {told.profile}  {told.time_zone}")
        _tell_clocks(told.deadlines)
        for each in repository.steps(session, case.tenant_id, case.id):
            typer.echo(f"  {each.at:%F %H:%M} UTC  {each.step}: {each.why}")
        typer.echo(f"next: {', '.join(told.possible_steps) or 'nothing; it is over'}")


@app.command()
def step(
    case_id: str,
    name: Annotated[Step, typer.Argument(help=f"One of: {', '.join(sorted(BY_HAND))}.")],
    why: Why,
    tenant: Tenant,
    at: When = None,
    outcome: Annotated[VerdictOutcome | None, typer.Option(help="For `decided`.")] = None,
) -> None:
    """Take a step. What is not legal now is refused, with what is."""
    if name not in BY_HAND:
        raise typer.BadParameter(f"{name} follows from something else; nobody takes it by naming it.")
    with _writing(tenant) as (session, principal):
        case = cases.get(session, principal, case_id, to_change=True)
        progress.take_step(session, principal, case, name, why, _moment(at), outcome)
        _say_where(session, case)


@app.command()
def extend(case_id: str, why: Why, tenant: Tenant) -> None:
    """Grant the one extension that the procedure knows."""
    with _writing(tenant) as (session, principal):
        case = cases.get(session, principal, case_id, to_change=True)
        progress.extend(session, principal, case, why)
        _say_where(session, case)


@app.command()
def link(
    case_id: str,
    recipient: Annotated[str, typer.Option(help="Who gets it; written across every picture.")],
    tenant: Tenant,
    server: Annotated[
        str, typer.Option(help="Address of this service, as the recipient reaches it.")
    ] = "http://localhost:8000",
) -> None:
    """Make a link for the right holder; prints it, this once."""
    pepper = Settings().signing_key()
    with _writing(tenant) as (session, principal):
        case = cases.get(session, principal, case_id)
        _, token = links.create(session, principal, pepper, case, NewLink(recipient=recipient))
    typer.echo(f"{server.rstrip('/')}/opinion#{token}")


@app.command()
def refer(
    case_id: str,
    tenant: Tenant,
    language: Language = Language.JA,
    own: Annotated[
        list[str] | None, typer.Option(help="FIELD=WORDS of your own; may be given several times.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write the referral here, to print.")] = None,
) -> None:
    """Draft the referral, put your own words beside the machine's, print it as JSON."""
    words = dict(_own(each) for each in own or [])
    with _writing(tenant) as (session, principal):
        case = cases.get(session, principal, case_id, to_change=True)
        written = referrals.write_draft(session, principal, case, language)
        if words:
            written = referrals.revise(session, principal, written, words)
        told = shown(session, principal, Settings().signing_key(), written)
    if pdf is not None:
        pdf.write_bytes(referral_pdf(told))
    _out.print_json(told.model_dump_json())


@app.command()
def remind(tenant: Tenant) -> None:
    """Tell webhooks of deadlines that are near or past, now; the running service does it every minute."""
    near = overdue = 0
    while True:
        with _writing(tenant) as (session, principal):
            told = reminders.tell(session, principal.tenant_id, now())
        near, overdue = near + told.near, overdue + told.overdue
        if told.near + told.overdue == 0:
            break
    typer.echo(f"{near} near, {overdue} overdue")


@app.command()
def clock(
    name: Annotated[str, typer.Argument(help="A procedure; `mizugiwa cases clocks` lists them.")],
    at: Annotated[str, typer.Option("--from", help="When every clock of it begins.")],
    country: Annotated[str | None, typer.Option(help="Where the procedure has several.")] = None,
    region: Annotated[str | None, typer.Option(help="Where regions have holidays of their own.")] = None,
    perishable: Annotated[bool, typer.Option("--perishable")] = False,
    extended: Annotated[bool, typer.Option("--extended")] = False,
) -> None:
    """What would be due when, without any case."""
    try:
        procedure = profile(name)
        place = country or next(iter(procedure.calendar.zones))
        calendar = calendar_for(procedure, place, region)
    except (ProfileUnknown, PlaceUnknown) as error:
        raise typer.BadParameter(str(error)) from error
    start = _moment(at) or now()
    facts = Facts(CaseState.FOUND, dict.fromkeys(Moment, start), perishable, extended, application=False)
    for each in deadlines(procedure, calendar, facts):
        rule = each.rule
        typer.echo(f"{each.last_day:%F %a}  {rule.party}: {rule.title.en} (begins with {rule.starts})")
        typer.echo(f"    ends {each.due_at:%F %H:%M} UTC; {rule.source}")


@app.command("clocks")
def list_clocks() -> None:
    """Every procedure, and where it applies."""
    table = Table("id", "title", "countries")
    for each in profiles().values():
        table.add_row(each.id, each.title.en, ", ".join(each.calendar.zones))
    _out.print(table)


@contextmanager
def _writing(tenant: str) -> Iterator[tuple[Session, Principal]]:
    database = Database(Settings().resolved_database_url)
    try:
        migrate(database)
        with database.write() as session:
            yield session, operator(known_tenant(session, tenant).id)
    except Problem as problem:
        typer.echo(problem.detail, err=True)
        raise typer.Exit(1) from problem
    finally:
        database.close()


def _own(text: str) -> tuple[ReferralField, str]:
    field, found, words = text.partition("=")
    if not found or field not in set(ReferralField):
        raise typer.BadParameter(f"{text!r} is not FIELD=WORDS; fields are {', '.join(ReferralField)}")
    return ReferralField(field), words


def _say_where(session: Session, case: Case) -> None:
    told = views.lines(session, [case])[0]
    due = f"; due next: {' '.join(_due(told))}" if told.next_due else ""
    typer.echo(f"{case.id}: {told.state}{due}")


def _due(line: CaseLine) -> tuple[str, str, str]:
    due = line.next_due
    if due is None:
        return "", "", ""
    return ("OVERDUE " if due.overdue else "") + due.title, due.due_at_local, due.party


def _tell_clocks(found: list[DeadlineOut]) -> None:
    for each in found:
        state = "OVERDUE" if each.overdue else each.state
        typer.echo(f"  {each.due_at_local}  {state}  {each.party}: {each.title}")
        typer.echo(f"      {each.source}")


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no moment such as 2026-04-27T10:00+09:00") from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no time zone; add one, as +09:00")
    return moment
