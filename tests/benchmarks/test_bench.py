"""`mizugiwa bench`: small runs give every figure, as one flat object; callers notice what goes wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from service.benchmarks.load import NUMBER, Plan
from service.benchmarks.pictures import jpeg, numbered
from service.benchmarks.serving import BenchmarkFailed, load
from service.cli import app

_HOUSEKEEPING = {"command", "seed", "encoder", "commit", "machine"}


class _Answers(BaseHTTPRequestHandler):
    """Says what it got; refuses `/refuse`."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503 if self.path == "/refuse" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A test has nothing to log."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def body(tmp_path: Path) -> str:
    path = tmp_path / "body"
    path.write_bytes(b"number " + NUMBER)
    return str(path)


def test_every_request_has_a_number_of_its_own_and_its_answer_is_kept(port: int, body: str) -> None:
    seen = load(Plan(port, "/", {}, [body], clients=3, requests=7, first=5))
    assert seen.answers == [f"number {number:016d}" for number in range(5, 12)]
    assert len(seen.milliseconds) == 7


def test_a_refused_request_fails_the_benchmark(port: int, body: str) -> None:
    with pytest.raises(BenchmarkFailed, match="503 number"):
        load(Plan(port, "/refuse", {}, [body], clients=1, requests=1))


def test_callers_that_cannot_connect_fail_the_benchmark(body: str) -> None:
    with pytest.raises(BenchmarkFailed, match="refused"):
        load(Plan(1, "/", {}, [body], clients=1, requests=1))


def test_numbered_pictures_differ_in_bytes_alone() -> None:
    from model.images import decode

    plain = jpeg(64, 48, seed=1)
    marked = numbered(plain)
    assert marked != plain
    assert (decode(marked).pixels == decode(plain).pixels).all()


def _figures(tmp_path: Path, *arguments: str) -> dict[str, object]:
    path = tmp_path / "figures.json"
    done = CliRunner().invoke(app, ["bench", *arguments, "--json", str(path)])
    assert done.exit_code == 0, done.output
    figures: dict[str, object] = json.loads(path.read_text())
    assert figures.keys() >= _HOUSEKEEPING
    numbers = [value for value in figures.values() if isinstance(value, float)]
    assert all(math.isfinite(value) for value in numbers)
    return figures


def test_decoding_is_compared_with_pil(tmp_path: Path) -> None:
    figures = _figures(tmp_path, "decode", "--rounds", "1")
    assert figures.keys() >= {f"ratio_{size}mp" for size in ("0_2", "2", "12")}


@pytest.mark.long
def test_a_whole_check_is_timed_stage_by_stage(tmp_path: Path) -> None:
    kept = str(tmp_path / "encoders")
    figures = _figures(tmp_path, "check", "--references", "60", "--checks", "4", "--encoders", kept)
    stages = {"ms_collect", "ms_see", "ms_gather", "ms_decide", "ms_rest"}
    assert figures.keys() >= stages | {"p50_ms", "p95_ms", "p50_ms_clients_4", "start_to_ready_s"}


@pytest.mark.long
def test_http_is_compared_with_the_bare_encoder(tmp_path: Path) -> None:
    small = ["--architecture", "ViT-S-32-alt", "--requests", "16", "--rounds", "1"]
    figures = _figures(tmp_path, "http", *small, "--encoders", str(tmp_path / "encoders"))
    for encoder in ("bundled", "clip"):
        assert {f"per_second_http_16_{encoder}", f"per_second_bare_batch_16_{encoder}"} <= figures.keys()
        assert figures[f"ratio_http_16_{encoder}"] == pytest.approx(
            figures[f"per_second_http_16_{encoder}"] / figures[f"per_second_bare_batch_16_{encoder}"]  # type: ignore[operator]
        )
