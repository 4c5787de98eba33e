"""One file per group of commands."""

from __future__ import annotations

import typer

from service.commands import (
    audit,
    background,
    bench,
    cases,
    control,
    encoder,
    evidence,
    exchange,
    fit,
    jobs,
    keys,
    kit,
    users,
    webhooks,
)

MOUNTED: dict[str, typer.Typer] = {
    "audit": audit.app,
    "background": background.app,
    "bench": bench.app,
    "cases": cases.app,
    "control": control.app,
    "encoder": encoder.app,
    "evidence": evidence.app,
    "exchange": exchange.app,
    "fit": fit.app,
    "jobs": jobs.app,
    "keys": keys.app,
    "kit": kit.app,
    "users": users.app,
    "webhooks": webhooks.app,
}
