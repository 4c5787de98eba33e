"""`mizugiwa exchange`: everything that a house does with its partners, on the machine itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.commands.exchange_setting import TenantName, running, setting
from service.exchange import dry_run as dry_runs
from service.exchange import ending, incidents, naming, partners, polling, repository, signals
from service.exchange.models import PartyKind
from service.exchange.outgoing.pushing import farewell_later
from service.exchange.schemas import NewIntroduction, NewNominal, Sharing
from service.exchange.wire import OpinionKind, SubjectKind, schema
from service.house_key import fingerprint, house_key

app = typer.Typer(help="Partners, and what is exchanged with them.", no_args_is_help=True)
PartnerId = Annotated[str, typer.Argument(help="`mizugiwa exchange partners` lists them.")]
SignalId = Annotated[str, typer.Argument(help="`mizugiwa exchange signals` lists them.")]
_MOST = 1_000_000
_console = Console()


@app.command()
def introduce(
    tenant: TenantName,
    name: Annotated[str, typer.Option(help="How partners know this house.")],
    kind: Annotated[PartyKind, typer.Option(help="What it is.")],
    address: Annotated[
        str, typer.Option(help="Base URL of this installation; leave out if none reaches it.")
    ] = "",
    place: Annotated[str | None, typer.Option(help="Where its stops happen: JP, or JPOSA.")] = None,
) -> None:
    """Say who this house is and print its card, to be handed to partners; the fingerprint goes another way."""
    with setting(tenant) as here:
        new = NewIntroduction(name=name, kind=kind, address=address, place=place)
        partners.introduce(here.session, here.principal, new)
        key = house_key(here.settings.data_dir)
        card = partners.card(here.session, key, here.tenant_id)
    typer.echo(card)
    typer.echo(f"read this out by another way: {fingerprint(key.public)}", err=True)


@app.command()
def enrol(
    tenant: TenantName,
    card: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="What the partner's introduce printed.")
    ],
) -> None:
    """First step: take in a partner's card. Nothing is exchanged before `accept`."""
    with setting(tenant) as here:
        found = partners.enrol(here.session, here.settings, here.principal, card.read_text())
        typer.echo(found.id)
        typer.echo(
            f"{found.name} ({found.kind}) is proposed. Ask it for its fingerprint, by telephone or in person, then:\n"
            f"mizugiwa exchange accept {found.id} --tenant {tenant} --fingerprint '…'",
            err=True,
        )


@app.command()
def accept(
    partner: PartnerId,
    tenant: TenantName,
    fingerprint: Annotated[str, typer.Option(help="As the partner read it out.")],
) -> None:
    """Second step: compare the fingerprint; from then on messages are taken and given."""
    with setting(tenant) as here:
        found = partners.accept(here.session, here.principal, partner, fingerprint)
        typer.echo(
            f"{found.name} is a partner. It is told nothing yet: `mizugiwa exchange share {partner} …`"
        )


@app.command()
def share(
    partner: PartnerId,
    tenant: TenantName,
    confirmed: Annotated[bool, typer.Option(help="Tell it of confirmed cases.")] = True,
    pictures: Annotated[bool, typer.Option(help="Give it their pictures.")] = False,
    descriptors: Annotated[bool, typer.Option(help="Give it vectors, if its encoder is the same.")] = False,
    brand: Annotated[
        list[str] | None, typer.Option(help="Only of this brand, by id; more than once for more.")
    ] = None,
) -> None:
    """Say what a partner is told of; run `dry-run` to see it."""
    with setting(tenant) as here:
        sharing = Sharing(
            shares=confirmed, shares_pictures=pictures, shares_descriptors=descriptors, brands=brand
        )
        partners.share(here.session, here.principal, partner, sharing)


@app.command("partners")
def list_partners(tenant: TenantName) -> None:
    """Show every partner: what it is told, how far it has it, how far its own feed was read."""
    table = Table("id", "name", "kind", "state", "told of", "sent", "has", "read", "heard", "trouble")
    with setting(tenant) as here:
        for each in partners.list_partners(here.session, here.tenant_id, _MOST, None):
            told = [
                word
                for word, given in (
                    ("cases", each.shares),
                    ("pictures", each.shares_pictures),
                    ("vectors", each.shares_descriptors),
                )
                if given
            ]
            numbers = (each.sent_sequence, each.sent_pushed, each.got_through)
            heard = f"{each.heard_at:%Y-%m-%d %H:%M}" if each.heard_at else "never"
            words = (each.id, each.name, each.kind, each.state, ", ".join(told) or "nothing")
            table.add_row(*words, *map(str, numbers), heard, each.failure or "")
    _console.print(table)


@app.command("dry-run")
def dry_run(
    partner: PartnerId, tenant: TenantName, at_most: Annotated[int, typer.Option(min=1)] = 200
) -> None:
    """Print exactly what would leave the house for a partner, as JSON; nothing is signed or sent."""
    with setting(tenant) as here:
        found = dry_runs.dry_run(here.settings, here.session, here.tenant_id, partner, at_most)
    typer.echo(json.dumps(found.model_dump(mode="json"), indent=1, ensure_ascii=False))


@app.command()
def poll(tenant: TenantName) -> None:
    """Have the service visit all partners now instead of at the next minute."""
    with setting(tenant) as here:
        typer.echo(polling.poll_now(here.session, here.principal).id)


@app.command("signals")
def list_signals(
    tenant: TenantName, partner: Annotated[str | None, typer.Option(help="Of this partner alone.")] = None
) -> None:
    """Show what partners share now."""
    table = Table(
        "id", "partner", "brand there", "brand here", "place", "week", "picture", "opinion", "disputes"
    )
    with setting(tenant) as here:
        ours = signals.Brands(here.session, here.tenant_id)
        for row in signals.listed(here.session, here.tenant_id, partner, _MOST, None):
            said, opinion = row.signal, signals.opinion_on(here.session, row)
            words = (said.brand, ours.of(said) or "none fits", said.place or "", said.week)
            table.add_row(
                row.id, row.partner_id, *words, row.picture_state, opinion or "", str(said.disputes)
            )
    _console.print(table)


@app.command()
def opine(
    signal: SignalId,
    tenant: TenantName,
    opinion: Annotated[OpinionKind | None, typer.Option(help="Leave out to take it back.")] = None,
) -> None:
    """Confirm or dispute a partner's signal; what is disputed blocks nothing."""
    with setting(tenant) as here:
        signals.give_opinion(here.settings, here.session, here.principal, signal, opinion)


@app.command()
def nominal(
    partner: PartnerId,
    tenant: TenantName,
    subject: Annotated[SubjectKind, typer.Option(help="Whom it names.")],
    value: Annotated[str, typer.Option(help="The name or account.")],
    purpose: Annotated[str, typer.Option(help="What the partner may use it for.")],
    legal_basis: Annotated[str, typer.Option(help="The article or agreement that allows it.")],
    expires: Annotated[
        datetime, typer.Option(help="When the partner deletes it, UTC; at most a year ahead.")
    ],
    signal: Annotated[str | None, typer.Option(help="The known counterfeit that it belongs to.")] = None,
) -> None:
    """Send one name: a message of its own, on the record, deleted at its expiry."""
    new = NewNominal(
        subject=subject,
        value=value,
        purpose=purpose,
        legal_basis=legal_basis,
        expires_at=expires.replace(tzinfo=UTC),
        signal=signal,
    )
    with setting(tenant) as here:
        typer.echo(naming.send(here.settings, here.session, here.principal, partner, new).id)


@app.command()
def end(partner: PartnerId, tenant: TenantName) -> None:
    """End a partnership: everything that the partner sent is deleted at once, and it is told to do likewise."""
    with running(tenant) as here, here.runtime.database.write() as session:
        ended = ending.end(here.runtime, session, here.principal, partner)
        farewell_later(here.runtime, session, ended)
    typer.echo(f"{partner} is no partner any more.")


@app.command("incidents")
def list_incidents(tenant: TenantName) -> None:
    """Show messages that were refused; none of them changed anything."""
    table = Table("hour", "partner", "kind", "count", "last of them")
    with setting(tenant) as here:
        known = repository.page(here.session, here.tenant_id, _MOST, None)
        names = {each.id: each.name for each in known}
        for each in incidents.listed(here.session, here.tenant_id, _MOST, None):
            who = names.get(each.party, "unknown")
            table.add_row(f"{each.hour:%Y-%m-%d %H}:00", who, each.kind, str(each.count), each.detail)
    _console.print(table)


@app.command("schema")
def write_schema(
    output: Annotated[Path, typer.Option(help="File to write; - prints.")] = Path(
        "docs/exchange/schema.json"
    ),
) -> None:
    """Write the JSON Schema of messages and cards."""
    text = schema_text()
    if str(output) == "-":
        typer.echo(text, nl=False)
    else:
        output.write_text(text)


def schema_text() -> str:
    """As it is committed: two spaces, a newline at the end."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
