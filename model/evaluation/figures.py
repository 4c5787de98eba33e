"""The flat object of figures that every evaluation and benchmark writes beside what it prints."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

Figures = dict[str, float | int | str]


def write_figures(path: Path, figures: Mapping[str, float | int | str], *, seed: int, encoder: str) -> None:
    """Write the figures with what is needed to repeat them: command, seed, encoder, commit, machine."""
    whole = {
        **figures,
        "command": _command(),
        "seed": seed,
        "encoder": encoder,
        "commit": _commit(),
        "machine": _machine(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")


def _command() -> str:
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])


def _commit() -> str:
    """The commit of the source tree, `unknown` where this is not one (an installed wheel)."""
    found = subprocess.run(  # noqa: S603 - fixed words
        ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short=12", "HEAD"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unknown"


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
