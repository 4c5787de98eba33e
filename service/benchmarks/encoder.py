"""The serving path of a CLIP against torch, on the same cores, in one run, as ratios."""

from __future__ import annotations

import copy
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from model.encoders.clip_export import export_open_clip
from model.encoders.clip_graph import AnyTower
from model.encoders.clip_weights import build
from model.encoders.names import parse_name
from model.encoders.precision import Precision
from model.encoders.preprocessing import Preprocessing
from model.encoders.probe import textured_pictures
from model.encoders.serving import OnnxEncoder

Pixels = NDArray[np.uint8]
Forward = Callable[[Pixels], NDArray[np.float32]]
_BATCHES = (1, 8, 16)
_PARITY_PICTURES = 16
_SLOW_ROUNDS = 3
"""Torch in bf16 takes half a second a picture where the CPU has no bf16: three rounds must do."""


@dataclass(frozen=True)
class _Contender:
    forward: Forward
    rounds: int


def run(
    architecture: str = "ViT-B-32", rounds: int = 9, threads: int = 2, seed: int = 0
) -> dict[str, float | str]:
    """Time every path on seeded weights, turn about, and compare their vectors.

    Only the network is timed: all contenders start from the same preprocessed bytes.

    Args:
        rounds: each contender runs once a round; the figures are medians over rounds.

    Returns:
        For each path and batch `ms_<path>_batch_<n>` (milliseconds a picture) and `ratio_<path>_batch_<n>`
        (how many times as fast as torch in fp32, eager); for each path `cosine_<path>` to torch fp32 (lowest) and
        `batch_deviation_<path>` (largest change of a vector's component between batch 1 and 16).
    """
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        contenders, preprocessing = _contenders(Path(folder), architecture, threads, rounds, seed)
        pictures = textured_pictures(max(_BATCHES), seed + 1)
        pixels = np.stack([preprocessing.apply(picture) for picture in pictures])
        figures: dict[str, float | str] = {"architecture": architecture, "threads": threads, "seed": seed}
        figures |= _vectors_compared(contenders, pixels)
        for batch in _BATCHES:
            figures |= _timed(contenders, pixels[:batch])
    _show(figures, list(contenders))
    return figures


def _contenders(
    folder: Path, architecture: str, threads: int, rounds: int, seed: int
) -> tuple[dict[str, _Contender], Preprocessing]:
    checkpoint = folder / "seeded.pt"
    torch.manual_seed(seed)
    torch.save(open_clip.create_model(architecture, pretrained=None).state_dict(), checkpoint)
    name = f"open_clip:{architecture}/{checkpoint}"
    weights = build(parse_name(name), checkpoint)
    whole = AnyTower(weights.model.visual, weights.preprocessing).eval()
    exported = {
        precision: export_open_clip(
            name, folder / precision, textured_pictures(_PARITY_PICTURES), precision=precision
        )
        for precision in Precision
    }
    contenders = {
        "torch": _Contender(_torch(whole), rounds),
        "bf16": _Contender(_torch_bf16(weights.model.visual, weights.preprocessing), _SLOW_ROUNDS),
        "onnx_fp32": _Contender(OnnxEncoder(exported[Precision.FP32], threads).encode_pixels, rounds),
        "fast": _Contender(OnnxEncoder(exported[Precision.INT8], threads).encode_pixels, rounds),
    }
    return contenders, weights.preprocessing


def _torch(module: Any) -> Forward:
    def forward(pixels: Pixels) -> NDArray[np.float32]:
        with torch.inference_mode():
            return np.asarray(module(torch.from_numpy(pixels)).to(torch.float32).numpy(), np.float32)

    return forward


def _torch_bf16(visual: Any, preprocessing: Preprocessing) -> Forward:
    whole = AnyTower(_InBfloat16(copy.deepcopy(visual).to(torch.bfloat16)), preprocessing)
    return _torch(whole.eval())


class _InBfloat16(torch.nn.Module):  # type: ignore[misc]  # torch's types are not read here
    def __init__(self, visual: Any) -> None:
        super().__init__()
        self.visual = visual

    def forward(self, pixels: Any) -> Any:
        return self.visual(pixels.to(torch.bfloat16)).to(torch.float32)


def _vectors_compared(contenders: dict[str, _Contender], pixels: Pixels) -> dict[str, float | str]:
    truth = contenders["torch"].forward(pixels)
    figures: dict[str, float | str] = {}
    for path, contender in contenders.items():
        together = contender.forward(pixels)
        alone = np.concatenate([contender.forward(pixels[n : n + 1]) for n in range(4)])
        figures[f"cosine_{path}"] = float((together * truth).sum(axis=1).min())
        figures[f"batch_deviation_{path}"] = float(np.abs(alone - together[:4]).max())
    return figures


def _timed(contenders: dict[str, _Contender], pixels: Pixels) -> dict[str, float | str]:
    seconds: dict[str, list[float]] = {path: [] for path in contenders}
    for number in range(max(contender.rounds for contender in contenders.values())):
        for path, contender in contenders.items():
            if number < contender.rounds:
                begin = time.perf_counter()
                contender.forward(pixels)
                seconds[path].append(time.perf_counter() - begin)
    medians = {path: statistics.median(taken) for path, taken in seconds.items()}
    figures: dict[str, float | str] = {}
    for path, median in medians.items():
        figures[f"ms_{path}_batch_{len(pixels)}"] = median / len(pixels) * 1000
        figures[f"ratio_{path}_batch_{len(pixels)}"] = medians["torch"] / median
    return figures


def _show(figures: dict[str, float | str], paths: list[str]) -> None:
    table = Table("path", "cosine", "batch deviation", *(f"ms, batch {n}" for n in _BATCHES))
    for path in paths:
        row = [f"{figures[f'cosine_{path}']:.6f}", f"{figures[f'batch_deviation_{path}']:.1e}"]
        for batch in _BATCHES:
            milliseconds = figures[f"ms_{path}_batch_{batch}"]
            ratio = figures[f"ratio_{path}_batch_{batch}"]
            row.append(f"{milliseconds:.1f} ({ratio:.2f}×)")
        table.add_row(path, *row)
    Console().print(table)
