"""The command `mizugiwa serve` itself, in a process of its own on a free port, and callers in another."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from service.benchmarks.load import Plan, Seen
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import create_key, organisation_named, tenant_named
from service.settings import Settings

TENANT = "benchmark"
_PATIENCE_SECONDS = 120.0
_STOPPING_SECONDS = 60.0


class BenchmarkFailed(RuntimeError):
    """What was measured did not do its work, so its time would mean nothing."""


@dataclass(frozen=True)
class Service:
    """A service that is ready."""

    process: subprocess.Popen[bytes]
    port: int
    ready_seconds: float
    """From the start of the process until `/readyz` answered 200."""

    def cpu_seconds(self) -> float:
        """User and system time of the process so far (Linux)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settings_in(folder: Path, encoder: str) -> Settings:
    """Settings of a service of its own, whatever the environment says; no limit on requests."""
    return Settings(
        data_dir=folder, database_url="", encoder=encoder, requests_per_minute=10**9, _env_file=None
    )


def new_key(runtime: Runtime, role: Role) -> dict[str, str]:
    """Headers with a key of that role."""
    with runtime.database.write() as session:
        organisation = organisation_named(session, tenant_named(session, TENANT).id, f"benchmark {role}")
        _, text = create_key(session, runtime.settings.signing_key(), organisation, role, "benchmark", None)
    return {"Authorization": f"Bearer {text}"}


@contextmanager
def served(settings: Settings) -> Iterator[Service]:
    """Serve the data folder until the end of the block.

    Raises:
        BenchmarkFailed: the service did not become ready.
    """
    port = _free_port()
    code = "from service.cli import main; main()"
    begin = time.perf_counter()
    with (settings.data_dir / "serve.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-c", code, "serve", "--port", str(port)],
            env=_environment(settings),
            cwd=settings.data_dir,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_ready(process, port, settings)
            yield Service(process, port, time.perf_counter() - begin)
        finally:
            process.terminate()
            process.wait(_STOPPING_SECONDS)


def load(plan: Plan) -> Seen:
    """What callers in another process saw.

    Raises:
        BenchmarkFailed: a request was refused, or they failed themselves.
    """
    done = subprocess.run(
        [sys.executable, "-m", "service.benchmarks.load"],
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or done.stderr:
        raise BenchmarkFailed(f"the callers failed: {done.stderr[-2000:]}")
    seen = Seen(**json.loads(done.stdout))
    if seen.refused or len(seen.milliseconds) != plan.requests:
        raise BenchmarkFailed(f"{len(seen.refused)} requests were refused, the first: {seen.refused[:1]}")
    return seen


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _environment(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MIZUGIWA_")}
    return kept | {
        "MIZUGIWA_DATA_DIR": str(settings.data_dir.resolve()),
        "MIZUGIWA_ENCODER": settings.encoder,
        "MIZUGIWA_REQUESTS_PER_MINUTE": str(settings.requests_per_minute),
        "MIZUGIWA_THREADS": str(settings.threads),
    }


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, settings: Settings) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _ready(port):
        if process.poll() is not None or time.monotonic() > deadline:
            said = (settings.data_dir / "serve.log").read_text()[-2000:]
            raise BenchmarkFailed(f"the service did not become ready:\n{said}")
        time.sleep(0.02)


def _ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
