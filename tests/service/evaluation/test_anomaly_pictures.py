"""Goods that cannot be laid over each other are judged by a memory of what their patches look like."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.anomaly.memory import remember
from service.evaluation.anomaly_pictures import evaluate_pictures, read_pictures
from service.evaluation.manifest import ManifestInvalid
from service.settings import Settings


def cloth(seed: int, scratched: bool = False) -> NDArray[np.uint8]:
    """Woven noise, another piece for each seed."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.normal(0, 60, (192, 192)).astype(np.float32), (0, 0), 1.5)
    picture = np.clip(120 + noise, 0, 255).astype(np.uint8)
    if scratched:
        x, y = (int(each) for each in rng.integers(40, 120, 2))
        cv2.line(picture, (x, y), (x + 35, y + 20), 235, 4)
    return np.repeat(picture[..., None], 3, axis=2)


def cells(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean, spread and lightest of each 8 × 8 pixels."""
    grey = pixels[..., 0].astype(np.float32)
    tiles = grey.reshape(grey.shape[0] // 8, 8, -1, 8).swapaxes(1, 2)
    return np.stack([tiles.mean((2, 3)), tiles.std((2, 3)), tiles.max((2, 3))], axis=-1)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    lines = ["path,label,split"]
    for kind, label, split, seeds in (
        ("good", "good", "train", range(6)),
        ("good", "good", "test", range(10, 16)),
        ("deep scratch", "defect", "test", range(20, 26)),
    ):
        (tmp_path / kind).mkdir(exist_ok=True)
        for seed in seeds:
            path = tmp_path / kind / f"{seed}.png"
            cv2.imwrite(str(path), cloth(seed, scratched=label == "defect"))
            lines.append(f"{kind}/{seed}.png,{label},{split}")
    file = tmp_path / "manifest.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, _env_file=None)


def test_scratches_are_found_and_other_pieces_of_cloth_are_not(manifest: Path, tmp_path: Path) -> None:
    figures = evaluate_pictures(manifest, seed=0, settings=settings(tmp_path), describe=cells).figures()

    assert (figures["references"], figures["suspects"]) == (6, 12)
    assert float(figures["auroc"]) > 0.95
    assert float(figures["auroc_low"]) <= float(figures["auroc"]) <= float(figures["auroc_high"])
    assert figures["auroc_deep_scratch"] == figures["auroc"]
    assert figures["unaligned"] == 1.0


def test_the_bundled_encoder_sees_scratches_too(manifest: Path, tmp_path: Path) -> None:
    figures = evaluate_pictures(manifest, seed=0, settings=settings(tmp_path)).figures()

    assert float(figures["auroc"]) > 0.9


def test_without_a_split_the_first_half_of_the_good_ones_is_learned_from(
    manifest: Path, tmp_path: Path
) -> None:
    rows = [line.rpartition(",")[0] for line in manifest.read_text().splitlines()]
    manifest.write_text("\n".join(rows) + "\n")

    report = evaluate_pictures(manifest, seed=0, settings=settings(tmp_path), describe=cells)

    assert (report.references, report.suspects) == (6, 12)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("path,label", "path,grade"), "lacks label"),
        (("0.png,good", "0.png,fine"), "write good or defect"),
        (("0.png,good,train", "0.png,defect,train"), "must be good"),
        (("good/0.png", "good/gone.png"), "there is no picture"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(
    manifest: Path, change: tuple[str, str], told: str
) -> None:
    manifest.write_text(manifest.read_text().replace(*change, 1))

    with pytest.raises(ManifestInvalid, match=told):
        read_pictures(manifest)


def test_a_reference_is_judged_without_its_own_cells() -> None:
    odd = cells(cloth(7, scratched=True))
    memory = remember([*(cells(cloth(seed)) for seed in range(4)), odd])

    assert memory.score(odd) < 0.5 * memory.score(odd, without=4)


def test_a_coreset_is_no_larger_than_asked_and_keeps_what_is_rare() -> None:
    odd = cells(cloth(7, scratched=True))
    memory = remember([*(cells(cloth(seed)) for seed in range(4)), odd], most=100)

    assert len(memory.cells) == 100
    assert memory.score(odd) < 0.6 * memory.score(odd, without=4)
