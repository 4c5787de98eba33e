"""One file per group of commands."""

from __future__ import annotations

import typer

from service.commands import audit, keys

MOUNTED: dict[str, typer.Typer] = {
    "audit": audit.app,
    "keys": keys.app,
}
