"""The very service that `mizugiwa serve` runs, on a free port of this machine, and callers with their keys."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import httpx
import uvicorn

from service.app import create_app
from service.runtime import Runtime

_PATIENCE_SECONDS = 60.0


class RequestRefused(Exception):
    """The service answered with a problem document."""

    def __init__(self, answer: httpx.Response) -> None:
        request = answer.request
        super().__init__(f"{request.method} {request.url.path}: {answer.status_code} {answer.text[:500]}")


class ServerNotStarted(RuntimeError):
    def __init__(self) -> None:
        super().__init__("The server did not start; what it logged above says why.")


@dataclass(frozen=True)
class Caller:
    """One party, asking over HTTP with its key."""

    client: httpx.Client
    key: str

    def ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        """
        Raises:
            RequestRefused: the answer is a problem.
        """
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = self.client.request(method, path, headers=headers, **content)
        if answer.is_error:
            raise RequestRefused(answer)
        return answer

    def every(self, path: str) -> Iterator[dict[str, Any]]:
        """All items of a paged list."""
        after: str | None = ""
        while after is not None:
            page = self.ask("GET", path, params={"limit": 200, **({"after": after} if after else {})}).json()
            yield from page["items"]
            after = page["next_after"]


@contextmanager
def served(runtime: Runtime) -> Iterator[httpx.Client]:
    """Serve the runtime, and close it at the end.

    Raises:
        ServerNotStarted: it did not come up.
    """
    config = uvicorn.Config(create_app(lambda: runtime), log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="demo-server")
        thread.start()
        try:
            _wait_for(server, thread)
            with httpx.Client(base_url=address, timeout=_PATIENCE_SECONDS, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def _wait_for(server: uvicorn.Server, thread: Thread) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise ServerNotStarted
        time.sleep(0.02)
