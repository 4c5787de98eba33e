"""Runs each part as the command that anyone would type, and keeps what it writes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from model.evaluation.figures import Figures
from service.evaluation.whole.parts import Part

_LAST_LINES = 12


class State(StrEnum):
    MEASURED = "measured"
    NO_PICTURES = "no pictures"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What came of a part."""

    part: Part
    state: State
    command: str
    figures: Figures
    """Empty unless measured."""
    said: str = ""
    """The last lines of a command that failed."""


def measure(part: Part, folder: Path, data: Path, *, quick: bool, again: bool) -> Outcome:
    """Run a part, unless the folder holds its figures already.

    Args:
        folder: figures are kept here, as `<part>.json`.
        data: pictures to measure on; parts that need them say so where it is no folder.
        quick: few pictures, to see that it works; such figures are kept apart, as `<part>-quick.json`.
        again: whatever is kept.
    """
    file = folder / f"{part.name}{'-quick' if quick else ''}.json"
    words = [word.format(data=data) for word in (*part.command, *(part.quick if quick else ()))]
    command = " ".join(["mizugiwa", *words])
    if part.needs_data and not data.is_dir():
        return Outcome(part, State.NO_PICTURES, command, {})
    if again or not file.exists():
        said = _run([*words, "--json", str(file)])
        if said is not None:
            return Outcome(part, State.FAILED, command, {}, said)
    figures: Figures = json.loads(file.read_text())
    return Outcome(part, State.MEASURED, str(figures.get("command", command)), figures)


def _run(words: Sequence[str]) -> str | None:
    """None when all went well, else the last lines of what the command said."""
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - words of ours, and a path that the caller gave as one word
        [sys.executable, "-m", "service", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return None
    spent = time.monotonic() - started
    last = "\n".join(done.stdout.splitlines()[-_LAST_LINES:])
    return f"ended with {done.returncode} after {spent:.0f} s\n{last}"
