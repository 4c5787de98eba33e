from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.encoders.base import RGB
from model.encoders.dummy import DummyEncoder
from model.evaluation.kit import build_kit
from model.regions import Effort, Proposer, load_proposer, propose, region_picture
from model.regions.boxes import overlap
from model.regions.scenes import Scene, scene

pytestmark = pytest.mark.long

PRODUCTS = build_kit(77, 6).products
EVERYTHING = Effort(least=0.0, most=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("regions")


@pytest.fixture(scope="module")
def proposer(folder: Path) -> Proposer:
    return load_proposer(folder, threads=1)


def ground(seed: int, height: int, width: int) -> RGB:
    """A floor of soft blotches."""
    import cv2

    coarse = np.random.default_rng(seed).integers(90, 170, (12, 9, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def scenes(height: int = 480, width: int = 360, products: int = 1) -> list[Scene]:
    rng = np.random.default_rng(5)
    shown = [PRODUCTS[at : at + products] for at in range(0, 12, products)]
    return [scene(ground(at, height, width), each, rng, (0.08, 0.15)) for at, each in enumerate(shown)]


@pytest.mark.parametrize("size", [(480, 360), (360, 480)])
def test_small_products_are_proposed_wherever_they_are(proposer: Proposer, size: tuple[int, int]) -> None:
    shown = scenes(*size)
    found = proposer.propose([each.pixels for each in shown], least=0.3, most=2)
    best = [
        overlap(each.boxes, truth.boxes).max() if len(each.boxes) else 0.0
        for each, truth in zip(found, shown, strict=True)
    ]
    assert np.mean(np.array(best) > 0.5) >= 0.8


def test_several_products_are_proposed_apart(proposer: Proposer) -> None:
    shown = scenes(products=3)
    found = proposer.propose([each.pixels for each in shown], least=0.3, most=4)
    hits = [
        overlap(truth.boxes, each.boxes).max(axis=1) > 0.5 for each, truth in zip(found, shown, strict=True)
    ]
    assert np.mean(np.concatenate(hits)) >= 0.7


def test_a_picture_is_answered_alike_alone_and_in_company(proposer: Proposer) -> None:
    pictures = [each.pixels for each in scenes()[:3]]
    together = propose(DummyEncoder(), proposer, pictures, EVERYTHING)
    for picture, each in zip(pictures, together, strict=True):
        (alone,) = propose(DummyEncoder(), proposer, [picture], EVERYTHING)
        assert np.array_equal(alone.boxes, each.boxes)
        assert np.array_equal(alone.vectors, each.vectors)


def test_each_region_has_the_vector_of_its_own_crop(proposer: Proposer) -> None:
    picture = scenes()[0].pixels
    (regions,) = propose(DummyEncoder(), proposer, [picture], EVERYTHING)
    crops = [region_picture(picture, box) for box in regions.boxes]
    assert len(regions) >= 1
    assert np.array_equal(regions.vectors, DummyEncoder().encode(crops))


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (37, 2000)])
def test_pictures_of_any_size_are_looked_at(proposer: Proposer, size: tuple[int, int]) -> None:
    (regions,) = propose(DummyEncoder(), proposer, [np.zeros((*size, 3), np.uint8)], EVERYTHING)
    assert (regions.boxes >= 0).all()
    assert (regions.boxes <= 1).all()
    assert np.isfinite(regions.vectors).all()


def test_no_pictures_have_no_regions(proposer: Proposer) -> None:
    assert propose(DummyEncoder(), proposer, []) == []


def test_torch_stays_out_of_a_process_that_only_proposes(proposer: Proposer, folder: Path) -> None:
    code = (
        "import sys, numpy as np; from pathlib import Path; from model.regions import load_proposer;"
        f"load_proposer(Path({str(folder)!r}), 1).propose([np.zeros((64, 64, 3), np.uint8)], 0.5, 4);"
        "sys.exit('torch' in sys.modules)"
    )
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environment).returncode == 0
