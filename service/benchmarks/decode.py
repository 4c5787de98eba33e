"""From the bytes of a JPEG to pixels: whole, as PIL does it, and only as large as anybody looks."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image

from model.evaluation.figures import Figures
from model.images import decode
from service.benchmarks.pictures import jpeg
from service.benchmarks.report import show
from service.decoding import MAX_SIDE

_SIZES = {"0_2": (548, 365), "2": (1732, 1155), "12": (4243, 2828)}
"""Megapixels to width and height."""


def run(rounds: int = 9, seed: int = 0) -> Figures:
    """Time three ways on one thread, turn about, in seconds of that thread's CPU, so that neighbours count less.

    Returns:
        For 0.2, 2 and 12 megapixels (`_0_2mp`, `_2mp`, `_12mp`) medians over rounds: `p50_ms_pil` (PIL, whole,
        no checks), `p50_ms_whole` (`decode`), `p50_ms` (`decode` to the longer side of 1024 that encoder, hash and
        quality are given) and `ratio`, how many times as fast that is as PIL.
    """
    figures: Figures = {"rounds": rounds}
    for suffix, size in _SIZES.items():
        data = jpeg(*size, seed)
        medians = _medians(_ways(data), rounds)
        figures[f"kib_{suffix}mp"] = len(data) // 1024
        figures |= {f"{name}_{suffix}mp": value for name, value in medians.items()}
        figures[f"ratio_{suffix}mp"] = medians["p50_ms_pil"] / medians["p50_ms"]
    show("Decoding a JPEG", figures)
    return figures


def _ways(data: bytes) -> dict[str, Callable[[], object]]:
    return {
        "p50_ms_pil": lambda: np.asarray(Image.open(BytesIO(data)).convert("RGB")),
        "p50_ms_whole": lambda: decode(data),
        "p50_ms": lambda: decode(data, max_side=MAX_SIDE),
    }


def _medians(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begin = time.thread_time()
            way()
            taken[name].append((time.thread_time() - begin) * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}
