"""How to go on by hand: the keys in a file, the command that serves the demo's data, and one check with curl."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.demo.checking import Checked
from service.demo.folder import DemoFolder
from service.demo.people import Person
from service.demo.preparing import House
from service.screening.findings import RuleStatus

ADDRESS = "http://127.0.0.1:8000"
"""Where `make serve` listens."""


@dataclass(frozen=True)
class Onward:
    serve: str
    curl: str


def write_keys(path: Path, house: House, people: Sequence[Person]) -> None:
    """Keys, and passwords for the pages, in a file for the shell, readable by its owner alone."""
    callers = {
        "ADMIN": house.admin,
        "PLATFORM": house.platform,
        "INSPECTOR": house.inspector,
        "AUDITOR": house.auditor,
    }
    text = "".join(f"DEMO_{name}_KEY={caller.key}\n" for name, caller in callers.items())
    text += "".join(f"DEMO_{each.login.upper()}_PASSWORD={each.password}\n" for each in people)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def write_onward(folder: DemoFolder, rules: Mapping[str, RuleStatus], checked: Checked) -> Onward:
    """Keep the listing as JSON beside its pictures, and say which commands send it again."""
    listing = folder.listings / f"{checked.scene.listing['reference']}.json"
    listing.write_text(
        json.dumps(checked.scene.listing, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    pictures = " ".join(f"-F {_quoted(f'pictures=@{each.path}')}" for each in checked.pictures)
    settings = {"MIZUGIWA_DATA_DIR": str(folder.data), "MIZUGIWA_RULE_STATUS": json.dumps(rules)}
    serve = " ".join([*(f"{name}={_quoted(value)}" for name, value in settings.items()), "make serve"])
    curl = (
        f". {_quoted(_sourced(folder.keys))}\n"
        f'curl -s {ADDRESS}/v1/listings/checks -H "Authorization: Bearer $DEMO_PLATFORM_KEY" \\\n'
        f"  -F {_quoted(f'listing=<{listing}')} {pictures}"
    )
    return Onward(serve, curl)


def _sourced(path: Path) -> str:
    """A shell looks for a name without a slash on its PATH."""
    return str(path) if "/" in str(path) else f"./{path}"


_quoted = shlex.quote
