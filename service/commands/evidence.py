"""`mizugiwa evidence`: write a signed bundle of what proves a decision, and verify one anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.evidence.verification import NotABundle, verify_bundle
from service.house_key import NotAPublicKey, fingerprint, house_key
from service.settings import Settings

app = typer.Typer(help="Evidence bundles of decisions.", no_args_is_help=True)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The bundle, a ZIP.")],
    key: Annotated[
        str | None,
        typer.Option(
            help="The house's public key, had by another way; `evidence public-key` prints it there."
        ),
    ] = None,
) -> None:
    """Verify a bundle; needs no database and no network. Exits with 1 and names every byte's file that was changed."""
    try:
        found = verify_bundle(file, key)
    except (NotABundle, NotAPublicKey) as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(1) from error
    for problem in found.problems:
        typer.echo(f"CHANGED  {problem}")
    if found.problems:
        raise typer.Exit(1)
    typer.echo(f"decision {found.decision_id}, made {found.made_at}: {found.files} files, all as signed")
    trusted = (
        "the trusted key" if key else "a key that you must still compare: " + fingerprint(found.public_key)
    )
    typer.echo(f"signed with {trusted}")


@app.command("public-key")
def public_key() -> None:
    """Print this installation's public key, made if there is none yet, and its fingerprint."""
    key = house_key(Settings().data_dir)
    typer.echo(key.public)
    typer.echo(fingerprint(key.public))
