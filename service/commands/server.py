"""Serve, work in the background, and write down what is served."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
import uvicorn

from service.app import create_app
from service.logs import log_to_stderr
from service.opening import open_runtime
from service.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(worker)
    app.command()(openapi)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the API; settings come from MIZUGIWA_… variables or a .env file."""
    log_to_stderr(Settings().log_format)
    application = create_app(lambda: open_runtime(Settings()))
    uvicorn.run(application, host=host, port=port, access_log=False, log_config=None)


def worker(
    threads: Annotated[int, typer.Option(min=1, max=16, help="Jobs done at the same time.")] = 1,
) -> None:
    """Do jobs and deliver webhooks in this process until it is told to stop (SIGTERM, Ctrl-C)."""
    log_to_stderr(Settings().log_format)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runtime = open_runtime(Settings())
    try:
        runtime.work(threads)
        stop.wait()
    finally:
        runtime.close()


def openapi(
    output: Annotated[Path, typer.Option(help="File to write; - prints.")] = Path("service/openapi.json"),
) -> None:
    """Write the OpenAPI document of the API."""
    text = openapi_text()
    if str(output) == "-":
        typer.echo(text, nl=False)
    else:
        output.write_text(text)


def openapi_text() -> str:
    """The document as it is committed: two spaces, sorted keys, a newline at the end."""
    application = create_app(lambda: open_runtime(Settings()))
    return json.dumps(application.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
