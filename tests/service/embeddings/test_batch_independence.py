"""A picture's vector does not depend on what else is asked: alone, in a batch, and from a service under load.

The service is the real command in a process of its own; the callers are 32 at once, with pictures of mixed sizes.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from model.encoders import BatchingEncoder, Vectors, load
from model.encoders.bundled import NAME as BUNDLED
from model.images import decode
from service.benchmarks.clips import calibrate_by_hand, seeded_clip
from service.benchmarks.load import Plan
from service.benchmarks.pictures import jpeg
from service.benchmarks.serving import load as call
from service.benchmarks.serving import new_key, served, settings_in
from service.decoding import MAX_SIDE
from service.encoding import encoders_folder
from service.opening import open_runtime
from service.security.principals import Role
from service.settings import Settings

pytestmark = pytest.mark.long

CLIP = "ViT-S-32-alt"
SIZES = ((320, 240), (224, 224), (1732, 1155), (97, 640), (800, 600), (1024, 768), (64, 64), (500, 501))
PICTURES = [jpeg(*size, seed) for seed, size in enumerate(SIZES)]
CALLERS = 32


@dataclass(frozen=True)
class _House:
    settings: Settings
    headers: dict[str, str]


@pytest.fixture(scope="module", params=[BUNDLED, CLIP])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> _House:
    folder = tmp_path_factory.mktemp("house")
    settings = settings_in(folder, BUNDLED)
    if request.param != BUNDLED:
        name = seeded_clip(CLIP, encoders_folder(settings), seed=0)
        settings = settings_in(folder, name)
        calibrate_by_hand(settings, name)
    runtime = open_runtime(settings)
    headers = new_key(runtime, Role.INSPECTOR)
    runtime.close()
    return _House(settings, headers)


@pytest.fixture(scope="module")
def alone(house: _House) -> Vectors:
    """One call a picture, the encoder by itself."""
    encoder = load(house.settings.encoder, encoders_folder(house.settings), threads=1)
    return np.concatenate([encoder.encode([decode(data, max_side=MAX_SIDE).pixels]) for data in PICTURES])


def test_one_call_with_all_pictures_gives_the_same_bits(house: _House, alone: Vectors) -> None:
    encoder = BatchingEncoder(load(house.settings.encoder, encoders_folder(house.settings), threads=1))
    together = encoder.encode([decode(data, max_side=MAX_SIDE).pixels for data in PICTURES])
    encoder.close()
    np.testing.assert_array_equal(together, alone)


def test_a_loaded_service_gives_the_same_bits_as_an_idle_one(
    house: _House, alone: Vectors, tmp_path: Path
) -> None:
    bodies = [tmp_path / f"{number}.jpg" for number in range(len(PICTURES))]
    for path, data in zip(bodies, PICTURES, strict=True):
        path.write_bytes(data)
    with served(house.settings) as service:
        idle = Plan(service.port, "/v1/embeddings", house.headers, [*map(str, bodies)], 1, len(PICTURES))
        loaded = replace(idle, clients=CALLERS, requests=8 * CALLERS)
        answers = [call(idle).answers, call(loaded).answers]
    np.testing.assert_array_equal(np.stack([*map(_vector, answers[0])]), alone)
    np.testing.assert_array_equal(np.stack([*map(_vector, answers[1])]), np.tile(alone, (CALLERS, 1)))


def _vector(answer: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(json.loads(answer)["embedding"]), "<f4")
