"""A CLIP from a checkpoint: exported, quantised, held to torch, refused where it is not near enough."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import open_clip
import pytest
import torch

from model.encoders import (
    EncoderDamaged,
    EncoderNotInstalled,
    EncoderUnknown,
    Installed,
    ParityTooLow,
    clip_export,
    export_open_clip,
    installed,
    load,
    select,
)
from model.encoders.precision import Precision
from model.encoders.probe import probe_parity, textured_pictures

ARCHITECTURE = "ViT-S-32-alt"


def _checkpoint(folder: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    path = folder / f"seed{seed}.pt"
    torch.save(open_clip.create_model(ARCHITECTURE, pretrained=None).state_dict(), path)
    return path


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _checkpoint(tmp_path_factory.mktemp("weights"), seed=1)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoders")


@pytest.fixture(scope="module")
def clip(directory: Path, checkpoint: Path) -> Installed:
    name = f"open_clip:{ARCHITECTURE}/{checkpoint}"
    return export_open_clip(name, directory, textured_pictures(6), precision=Precision.INT8)


def test_int8_is_as_near_to_torch_as_promised(clip: Installed) -> None:
    assert float(clip.parity["cosine_int8"]) >= 0.999
    assert clip.info.precision == "int8"


def test_the_probe_verifies_an_installation_without_its_weights(clip: Installed, directory: Path) -> None:
    assert probe_parity(clip, load(clip.info.name, directory)) >= 0.999


def test_a_vector_is_bit_equal_alone_and_in_any_batch(clip: Installed, directory: Path) -> None:
    encoder = load(clip.info.name, directory)
    pictures = textured_pictures(7, seed=3)
    together = encoder.encode(pictures)
    for n in range(len(pictures)):
        np.testing.assert_array_equal(encoder.encode([pictures[n]])[0], together[n])
    np.testing.assert_array_equal(encoder.encode(pictures[::-1])[::-1], together)


def test_threads_do_not_change_a_vector(clip: Installed, directory: Path) -> None:
    pictures = textured_pictures(3, seed=4)
    one, two = (load(clip.info.name, directory, threads).encode(pictures) for threads in (1, 2))
    np.testing.assert_allclose(one, two, atol=1e-6)


@pytest.mark.long
def test_other_weights_or_precision_change_the_fingerprint(
    clip: Installed, checkpoint: Path, tmp_path: Path
) -> None:
    pictures = textured_pictures(2)
    same = f"open_clip:{ARCHITECTURE}/{checkpoint}"
    other = f"open_clip:{ARCHITECTURE}/{_checkpoint(tmp_path, seed=2)}"
    whole = export_open_clip(same, tmp_path / "a", pictures, precision=Precision.FP32)
    fresh = export_open_clip(other, tmp_path / "b", pictures, precision=Precision.INT8)
    fingerprints = {clip.info.fingerprint, whole.info.fingerprint, fresh.info.fingerprint}
    assert len(fingerprints) == 3


@pytest.mark.long
def test_a_quantisation_that_moves_vectors_is_refused_with_its_numbers(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_export, "quantise", _spoiled)
    name = f"open_clip:{ARCHITECTURE}/{checkpoint}"
    with pytest.raises(ParityTooLow, match=r"int8 0\.\d{6}") as refusal:
        export_open_clip(name, tmp_path, textured_pictures(3), precision=Precision.INT8)
    assert refusal.value.measured["int8"] < 0.999
    assert installed(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_without_a_forced_precision_one_that_fails_parity_is_passed_over(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_export, "quantise", _spoiled)
    done = export_open_clip(f"open_clip:{ARCHITECTURE}/{checkpoint}", tmp_path, textured_pictures(3))
    assert done.info.precision == "fp32"
    assert float(done.parity["cosine_int8"]) < 0.999 <= float(done.parity["cosine_fp32"])


def _spoiled(source: Path, target: Path) -> None:
    graph = onnx.load(source)
    large = max(graph.graph.initializer, key=lambda tensor: len(tensor.raw_data))
    values = np.frombuffer(large.raw_data, np.float32)
    large.raw_data = (np.sign(values) * np.abs(values).mean()).astype(np.float32).tobytes()
    onnx.save(graph, target)


def test_a_damaged_graph_is_refused(clip: Installed, tmp_path: Path) -> None:
    copy = tmp_path / clip.folder.name
    shutil.copytree(clip.folder, copy)
    with (copy / "encoder.onnx").open("r+b") as graph:
        graph.seek(1000)
        graph.write(b"\0\1\2\3")
    with pytest.raises(EncoderDamaged, match="SHA-256"):
        load(clip.info.name, tmp_path)


def test_a_manifest_that_leads_out_of_its_folder_is_refused(clip: Installed, tmp_path: Path) -> None:
    copy = tmp_path / clip.folder.name
    shutil.copytree(clip.folder, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"] = {"../encoder.onnx": "0"}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(EncoderDamaged, match="manifest"):
        installed(tmp_path)


class _Attack:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('code in a checkpoint was run')",)


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.pt"
    torch.save({"state_dict": _Attack()}, hostile)
    with pytest.raises(EncoderDamaged, match="not a checkpoint"):
        export_open_clip(f"open_clip:{ARCHITECTURE}/{hostile}", tmp_path, textured_pictures(1))


def test_a_checkpoint_of_another_architecture_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderDamaged, match="not a checkpoint of RN50"):
        export_open_clip(f"open_clip:RN50/{checkpoint}", tmp_path, textured_pictures(1))


@pytest.mark.parametrize(
    "name", ["open_clip:", "open_clip:ViT-B-32", "clip:ViT-B-32/openai", "open_clip:Nothing/x.pt"]
)
def test_names_that_mean_nothing_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(EncoderUnknown):
        export_open_clip(name, tmp_path, textured_pictures(1))


def test_an_encoder_that_is_not_installed_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(EncoderNotInstalled, match="mizugiwa encoder pull open_clip:ViT-B-32/openai"):
        load("open_clip:ViT-B-32/openai", tmp_path)


def test_start_up_takes_what_is_named_then_the_newest_clip_then_bundled(
    clip: Installed, directory: Path, tmp_path: Path
) -> None:
    assert select("bundled", directory) == "bundled"
    assert select("", directory) == clip.info.name
    assert select("", tmp_path) == "bundled"


def test_serving_never_imports_torch(clip: Installed, directory: Path) -> None:
    script = (
        "import sys, numpy, pathlib\n"
        "from model.encoders import BatchingEncoder, load\n"
        "encoder = load(sys.argv[1], pathlib.Path(sys.argv[2]))\n"
        "encoder.encode([numpy.zeros((300, 200, 3), numpy.uint8)])\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('torch', 'open_clip', 'timm')])\n"
    )
    command = [sys.executable, "-c", script, clip.info.name, str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
