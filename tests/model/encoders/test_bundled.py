"""The bundled encoder: the wheel's network exactly, one vector per picture, whatever surrounds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.encoders import EncoderDamaged, PatchEncoder, load


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoders")


@pytest.fixture(scope="module")
def encoder(directory: Path) -> PatchEncoder:
    loaded = load("bundled", directory)
    assert isinstance(loaded, PatchEncoder)
    return loaded


def _pictures(count: int) -> list[np.ndarray]:
    random = np.random.default_rng(7)
    return [random.integers(0, 256, (200 + 40 * n, 300, 3), dtype=np.uint8) for n in range(count)]


def test_vectors_have_unit_length_and_the_promised_dimension(encoder: PatchEncoder) -> None:
    vectors = encoder.encode(_pictures(3))
    assert vectors.shape == (3, encoder.info.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_pictures_give_no_vectors(encoder: PatchEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.info.dimension)


def test_a_vector_does_not_depend_on_the_batch(encoder: PatchEncoder) -> None:
    pictures = _pictures(5)
    together = encoder.encode(pictures)
    alone = np.concatenate([encoder.encode([picture]) for picture in pictures])
    np.testing.assert_array_equal(together, alone)


def test_a_second_load_uses_the_first_export(directory: Path, encoder: PatchEncoder) -> None:
    graph = next(directory.glob("bundled-*/encoder.onnx"))
    before = graph.stat().st_mtime_ns
    again = load("bundled", directory)
    assert graph.stat().st_mtime_ns == before
    assert again.info.fingerprint == encoder.info.fingerprint


def test_a_corrupted_graph_is_refused(tmp_path: Path, directory: Path, encoder: PatchEncoder) -> None:
    folder = next(directory.glob("bundled-*"))
    copy = tmp_path / folder.name
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    damaged = bytearray((copy / "encoder.onnx").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copy / "encoder.onnx").write_bytes(damaged)
    with pytest.raises(EncoderDamaged, match="SHA-256"):
        load("bundled", tmp_path)
