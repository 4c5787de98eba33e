"""A descriptor from a weights file; the file is one that the test saves itself, with seeded weights."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from model.copies.sscd import SscdDamaged, SscdMissing, SscdShape, SscdUnknownKind, load_sscd


class Descriptor(torch.nn.Module):  # type: ignore[misc]  # torch's types are not read here
    def __init__(self, *, pool: bool) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.convolution = torch.nn.Conv2d(3, 16, 8, stride=8)
        self.pool = pool

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        features = self.convolution(pixels)
        return features.mean((2, 3)) if self.pool else features


def saved(folder: Path, name: str = "model.pt", *, pool: bool = True) -> Path:
    path = folder / name
    with warnings.catch_warnings():
        # torch calls this form outdated, but it is the one in which such weights are published.
        warnings.filterwarnings("ignore", "`torch.jit", FutureWarning)
        module = torch.jit.trace(Descriptor(pool=pool).eval(), torch.zeros(1, 3, 320, 320))
        module.save(str(path))
    return path


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (60, 80, 3), np.uint8)


def test_a_torchscript_file_gives_unit_vectors(tmp_path: Path) -> None:
    vectors = load_sscd(saved(tmp_path)).encode([noise(0), noise(1)])
    assert vectors.shape == (2, 16)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1])


def test_a_vector_does_not_depend_on_the_other_pictures(tmp_path: Path) -> None:
    encoder = load_sscd(saved(tmp_path))
    assert np.array_equal(encoder.encode([noise(0), noise(1)])[1], encoder.encode([noise(1)])[0])


def test_the_fingerprint_is_that_of_the_file(tmp_path: Path) -> None:
    first = load_sscd(saved(tmp_path, "a.pt"))
    again = load_sscd(tmp_path / "a.pt")
    assert first.info == again.info
    assert first.info.dimension == 16


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SscdMissing, match=r"none\.pt"):
        load_sscd(tmp_path / "none.pt")


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.zip").write_bytes(b"PK")
    with pytest.raises(SscdUnknownKind, match=r"\.onnx"):
        load_sscd(tmp_path / "weights.zip")


@pytest.mark.parametrize("name", ["broken.pt", "broken.onnx"])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not a model" * 50)
    with pytest.raises(SscdDamaged, match="Fetch it again"):
        load_sscd(tmp_path / name)


def test_a_model_that_gives_no_descriptor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SscdShape, match=r"\(1, 16, 40, 40\)"):
        load_sscd(saved(tmp_path, pool=False))
