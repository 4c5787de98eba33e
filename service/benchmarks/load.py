"""Callers in a process of their own, so that they share neither interpreter nor lock with what is measured.

`python -m service.benchmarks.load` reads a plan as JSON from its input and writes what it saw as JSON. Plain sockets,
nothing but the standard library: on two cores a heavy caller would be half of what is measured.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

NUMBER = b"@@NUMBER-OF-16@@"
"""Wherever a body has this, the number of the request stands in its place, in as many digits."""
_PATIENCE_SECONDS = 120.0
_PIECE = 65536


@dataclass(frozen=True)
class Plan:
    """Request number n sends body n (modulo their number); clients take numbers as they are free."""

    port: int
    path: str
    headers: dict[str, str]
    bodies: list[str]
    """Paths of files."""
    clients: int
    requests: int
    first: int = 0
    """Number of the first request."""


@dataclass
class Seen:
    """What the callers saw; `milliseconds` in no order, `cpu_seconds` of all callers together."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    refused: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """The answer to each request, by number, from `first`."""


def run(plan: Plan) -> Seen:
    """Send all requests of the plan over one connection a client."""
    bodies = [Path(path).read_bytes() for path in plan.bodies]
    numbers, seen = count(), Seen(answers=[""] * plan.requests)
    threads = [
        threading.Thread(target=_client, args=(plan, bodies, numbers, seen)) for _ in range(plan.clients)
    ]
    begin, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.seconds, seen.cpu_seconds = time.perf_counter() - begin, time.process_time() - cpu
    return seen


def _client(plan: Plan, bodies: list[bytes], numbers: count[int], seen: Seen) -> None:
    address = ("127.0.0.1", plan.port)
    with socket.create_connection(address, timeout=_PATIENCE_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (number := next(numbers)) < plan.requests:
            body = bodies[number % len(bodies)].replace(NUMBER, f"{plan.first + number:016d}".encode())
            begin = time.perf_counter()
            connection.sendall(_head(plan, len(body)) + body)
            status, answer = _answer(connection)
            seen.milliseconds.append((time.perf_counter() - begin) * 1000)
            seen.answers[number] = answer.decode()
            if status // 100 != 2:
                seen.refused.append(f"{status} {answer[:300].decode()}")


def _head(plan: Plan, length: int) -> bytes:
    lines = [f"POST {plan.path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in plan.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _piece(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    while len(body) < int(headers["content-length"]):
        body += _piece(connection)
    return int(lines[0].split(" ")[1]), body


def _piece(connection: socket.socket) -> bytes:
    piece = connection.recv(_PIECE)
    if not piece:
        raise ConnectionError("the service closed the connection")
    return piece


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(run(Plan(**json.load(sys.stdin))))))
