"""One file per group of commands."""

from __future__ import annotations

import typer

from service.commands import audit, encoder, keys, kit

MOUNTED: dict[str, typer.Typer] = {
    "audit": audit.app,
    "encoder": encoder.app,
    "keys": keys.app,
    "kit": kit.app,
}
