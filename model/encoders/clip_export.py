"""Installs a CLIP of open_clip: weights → ONNX → the fastest precision whose parity holds, or a refusal."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from model.encoders import artifacts
from model.encoders.artifacts import Installed, sha256_of
from model.encoders.base import RGB, EncoderInfo, ParityTooLow, Vectors
from model.encoders.clip_graph import picture_tower
from model.encoders.clip_weights import ClipWeights, build, download
from model.encoders.exporting import export_graph, versions
from model.encoders.names import ClipName, parse_name
from model.encoders.precision import Precision, quantise
from model.encoders.probe import PROBE, lowest_cosine, textured_pictures, write_probe
from model.encoders.serving import GRAPH, VECTOR, OnnxEncoder

PARITY_BAR = 0.999
_PROBE_PICTURES = 4
_TIMED_RUNS = 9


@dataclass(frozen=True)
class Truth:
    """Pictures and what torch in fp32, behind open_clip's own transform, says of them."""

    pictures: Sequence[RGB]
    vectors: Vectors


@dataclass(frozen=True)
class _Candidate:
    installed: Installed
    precision: Precision
    cosine: float
    milliseconds: float


def export_open_clip(
    name: str,
    directory: Path,
    pictures: Sequence[RGB],
    *,
    precision: Precision | None = None,
    say: Callable[[str], None] = lambda step: None,
) -> Installed:
    """Install `open_clip:ARCHITECTURE/TAG` (downloaded once) or `open_clip:ARCHITECTURE/CHECKPOINT`.

    Args:
        pictures: on which parity is proved; real ones, at least a handful.
        precision: the only one to try; without it the fastest that passes is installed.
        say: told each step as it begins.

    Raises:
        EncoderUnknown: no such architecture, tag or file.
        EncoderDamaged: the checkpoint does not fit the architecture.
        ParityTooLow: the worst cosine to torch fp32 is under 0.999.
    """
    if not pictures:
        raise ValueError("parity is proved on pictures; give at least one")
    parsed = parse_name(name)
    say(f"reading the weights of {parsed.text}")
    weights = build(parsed, parsed.checkpoint or download(parsed))
    return artifacts.install(
        directory, parsed.slug, partial(_build, parsed, weights, list(pictures), precision, say)
    )


def _build(
    name: ClipName,
    weights: ClipWeights,
    pictures: list[RGB],
    precision: Precision | None,
    say: Callable[[str], None],
    folder: Path,
) -> Installed:
    say("exporting to ONNX")
    whole = folder / f"{Precision.FP32}.onnx"
    tower = picture_tower(weights.model.visual, weights.preprocessing)
    export_graph(tower, weights.preprocessing.size, (VECTOR,), whole)
    say(f"asking torch about {len(pictures)} pictures")
    truth = Truth(pictures, weights.reference(pictures))
    candidates = []
    for one in [precision] if precision else list(Precision):
        say(f"measuring {one}")
        candidates.append(_measured(name, weights, truth, one, folder))
    chosen = _fastest_that_passes(name, candidates)
    return _completed(chosen, candidates, weights, folder)


def _measured(
    name: ClipName, weights: ClipWeights, truth: Truth, precision: Precision, folder: Path
) -> _Candidate:
    aside = folder / f"candidate-{precision}"
    aside.mkdir()
    graph = aside / GRAPH
    whole = folder / f"{Precision.FP32}.onnx"
    if precision is Precision.INT8:
        quantise(whole, graph)
    else:
        graph.hardlink_to(whole)
    info = EncoderInfo(
        name=name.text,
        architecture=name.architecture,
        weights_sha256=weights.sha256,
        preprocessing=weights.preprocessing.canonical(),
        precision=precision,
        dimension=truth.vectors.shape[1],
    )
    installed = Installed(info=info, files={GRAPH: sha256_of(graph)}, folder=aside)
    encoder = OnnxEncoder(installed, threads=2)
    cosine = lowest_cosine(encoder.encode(truth.pictures), truth.vectors)
    return _Candidate(installed, precision, cosine, _milliseconds(encoder, truth.pictures[0]))


def _milliseconds(encoder: OnnxEncoder, picture: RGB) -> float:
    times = []
    for _ in range(_TIMED_RUNS):
        begin = time.perf_counter()
        encoder.encode([picture])
        times.append(time.perf_counter() - begin)
    return sorted(times)[_TIMED_RUNS // 2] * 1000


def _fastest_that_passes(name: ClipName, candidates: list[_Candidate]) -> _Candidate:
    passing = [one for one in candidates if one.cosine >= PARITY_BAR]
    if not passing:
        raise ParityTooLow(name.text, PARITY_BAR, {one.precision: one.cosine for one in candidates})
    return min(passing, key=lambda one: one.milliseconds)


def _completed(
    chosen: _Candidate, candidates: list[_Candidate], weights: ClipWeights, folder: Path
) -> Installed:
    """Keep the chosen graph alone, add the probe, and write down what was measured."""
    graph = chosen.installed.folder / GRAPH
    graph.rename(folder / GRAPH)
    for one in candidates:
        (one.installed.folder / GRAPH).unlink(missing_ok=True)
        one.installed.folder.rmdir()
    (folder / f"{Precision.FP32}.onnx").unlink()
    probes = textured_pictures(_PROBE_PICTURES)
    probe = write_probe(folder, probes, weights.reference(probes))
    parity: dict[str, float | str] = {"bar": PARITY_BAR}
    for one in candidates:
        parity[f"cosine_{one.precision}"] = round(one.cosine, 6)
        parity[f"ms_{one.precision}"] = round(one.milliseconds, 2)
    return replace(
        chosen.installed,
        files={**chosen.installed.files, PROBE: sha256_of(probe)},
        parity=parity,
        versions=versions("open_clip_torch"),
    )
