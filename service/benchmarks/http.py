"""What is left of the encoder's speed behind HTTP: keys, decoding, queue, answers, and many callers at once."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.encoders import RGB, load
from model.encoders.bundled import NAME as BUNDLED
from model.evaluation.figures import Figures
from model.images import decode
from service.benchmarks.clips import calibrate_by_hand, seeded_clip
from service.benchmarks.load import Plan, Seen
from service.benchmarks.pictures import jpeg
from service.benchmarks.report import show
from service.benchmarks.serving import Service, new_key, served, settings_in
from service.benchmarks.serving import load as call
from service.decoding import MAX_SIDE
from service.opening import open_runtime
from service.security.principals import Role

_BATCH = 16
_SIZES = ((640, 480), (800, 600), (1024, 768))
_CLIENTS = (1, 16)


@dataclass(frozen=True)
class _Pace:
    per_second: float
    cpu_ms: float
    """Of all threads, a picture."""


@dataclass(frozen=True)
class _Bare:
    """The encoder without a service: the same decoding, the same pictures, all cores."""

    name: str
    folder: Path
    contents: Sequence[bytes]
    threads: int

    def batches(self, rounds: int) -> _Pace:
        """Decode 16 side by side, then encode the 16 in one call on all threads."""
        encoder = load(self.name, self.folder, self.threads)
        with ThreadPoolExecutor(self.threads) as pool:
            encoder.encode(list(pool.map(_decoded, self.contents[:2])))
            return _paced(
                lambda number: encoder.encode(list(pool.map(_decoded, self._batch(number)))), rounds
            )

    def workers(self, rounds: int) -> _Pace:
        """Each thread decodes and encodes one picture after another: nothing could be quicker with this encoder."""
        encoder = load(self.name, self.folder, 1)
        with ThreadPoolExecutor(self.threads) as pool:
            encoder.encode(list(pool.map(_decoded, self.contents[:2])))
            return _paced(
                lambda number: list(
                    pool.map(lambda data: encoder.encode([_decoded(data)]), self._batch(number))
                ),
                rounds,
            )

    def _batch(self, number: int) -> list[bytes]:
        first = number * _BATCH
        return [self.contents[(first + n) % len(self.contents)] for n in range(_BATCH)]


def run(
    architecture: str = "ViT-B-32",
    encoders: Path | None = None,
    requests: int = 320,
    rounds: int = 3,
    seed: int = 0,
) -> Figures:
    """Time `POST /v1/embeddings` of `mizugiwa serve`, turn about with the bare encoder, for two encoders.

    Args:
        architecture: of the CLIP with seeded weights.
        encoders: folder where exported encoders are kept from run to run; a temporary one if not given.
        requests: with 16 clients, each round; a quarter of it with one.

    Returns:
        For `_bundled` and `_clip`: `per_second_http_<clients>`, `p50_ms_http_<clients>`, `p95_ms_http_<clients>`,
        `per_second_bare_batch_16`, `per_second_bare_workers`, `ratio_http_16` (to the bare batches),
        `ratio_http_16_workers`; `cpu_ms_…`, milliseconds of CPU a picture, which neighbours on the machine change less;
        `cpu_share_…`, of what the cores had to give. Medians over rounds.
    """
    figures: Figures = {"architecture": architecture, "requests": requests, "rounds": rounds}
    with tempfile.TemporaryDirectory(prefix="mizugiwa-bench-") as temporary:
        kept = encoders or Path(temporary) / "encoders"
        names = {"bundled": BUNDLED, "clip": seeded_clip(architecture, kept, seed)}
        for suffix, name in names.items():
            folder = Path(temporary) / suffix
            folder.mkdir()
            (folder / "encoders").symlink_to(kept.resolve(), target_is_directory=True)
            found = _measured(folder, name, requests, rounds, seed)
            figures |= {f"{figure}_{suffix}": value for figure, value in found.items()}
    show("Embeddings over HTTP", figures)
    return figures


def _measured(folder: Path, name: str, requests: int, rounds: int, seed: int) -> Figures:
    settings = settings_in(folder, name)
    contents = [jpeg(*_SIZES[n % len(_SIZES)], seed + n) for n in range(2 * _BATCH)]
    if name != BUNDLED:
        calibrate_by_hand(settings, name)
    runtime = open_runtime(settings)
    headers = new_key(runtime, Role.ADMIN)
    runtime.close()
    bare = _Bare(name, folder / "encoders", contents, settings.threads)
    bodies = _written(folder / "bodies", contents)
    with served(settings) as service:
        plans = {n: _plan(service, headers, bodies, n, requests) for n in _CLIENTS}
        call(_plan(service, headers, bodies, _BATCH, 2 * _BATCH))
        taken = [_round(service, plans, bare, max(1, requests // _BATCH)) for _ in range(rounds)]
    return {figure: statistics.median(each[figure] for each in taken) for figure in taken[0]}


def _written(folder: Path, contents: Sequence[bytes]) -> list[str]:
    folder.mkdir()
    for number, data in enumerate(contents):
        (folder / f"{number}.jpg").write_bytes(data)
    return [str(folder / f"{number}.jpg") for number in range(len(contents))]


def _plan(service: Service, headers: dict[str, str], bodies: list[str], clients: int, requests: int) -> Plan:
    count = requests if clients > 1 else max(1, requests // 4)
    return Plan(service.port, "/v1/embeddings", headers, bodies, clients, count)


def _round(service: Service, plans: dict[int, Plan], bare: _Bare, batches: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, pace in (("batch_16", bare.batches(batches)), ("workers", bare.workers(batches))):
        figures |= {f"per_second_bare_{name}": pace.per_second, f"cpu_ms_bare_{name}": pace.cpu_ms}
    for clients, plan in plans.items():
        before = service.cpu_seconds()
        seen = call(plan)
        figures |= _figures(seen, service.cpu_seconds() - before, clients, bare.threads)
    over_http = figures[f"per_second_http_{_BATCH}"]
    figures["ratio_http_16"] = over_http / figures["per_second_bare_batch_16"]
    figures["ratio_http_16_workers"] = over_http / figures["per_second_bare_workers"]
    return figures


def _figures(seen: Seen, server_seconds: float, clients: int, cores: int) -> dict[str, float]:
    available = seen.seconds * cores
    return {
        f"cpu_ms_server_{clients}": server_seconds / len(seen.milliseconds) * 1000,
        f"per_second_http_{clients}": len(seen.milliseconds) / seen.seconds,
        f"p50_ms_http_{clients}": float(np.percentile(seen.milliseconds, 50)),
        f"p95_ms_http_{clients}": float(np.percentile(seen.milliseconds, 95)),
        f"cpu_share_server_{clients}": server_seconds / available,
        f"cpu_share_callers_{clients}": seen.cpu_seconds / available,
    }


def _paced(batch: Callable[[int], object], rounds: int) -> _Pace:
    begin, cpu = time.perf_counter(), time.process_time()
    for number in range(rounds):
        batch(number)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    return _Pace(rounds * _BATCH / seconds, cpu / (rounds * _BATCH) * 1000)


def _decoded(data: bytes) -> RGB:
    return decode(data, max_side=MAX_SIDE).pixels
