"""The descriptor's bar for copy candidates, measured: the policy file quotes what this prints with `pytest -s`."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.encoders.registry import load
from service.screening.policy import load_policy


@pytest.mark.data
@pytest.mark.long
def test_bar_keeps_most_light_edits_and_few_unrelated_photos(shared_data: Path, tmp_path: Path) -> None:
    """Seed 0: 200 references, the same cropped by 5 % a side as JPEG 40, and 300 other photos."""
    bar = load_policy().thresholds.copies.cosine["bundled"]
    references, others = _photos(shared_data / "clothing")
    encoder = load("bundled", tmp_path, 1)
    stored = encoder.encode([np.asarray(each) for each in references])
    edited = encoder.encode([np.asarray(_edited(each)) for each in references])
    unrelated = encoder.encode([np.asarray(each) for each in others])
    found = float(((edited * stored).sum(axis=1) >= bar).mean())
    disturbed = float(((unrelated @ stored.T).max(axis=1) >= bar).mean())
    print(f"bar {bar}: edits found {found:.3f}, unrelated with a candidate {disturbed:.3f}")  # noqa: T201 - see above
    assert found >= 0.8
    assert disturbed <= 0.01


def _photos(folder: Path) -> tuple[list[Image.Image], list[Image.Image]]:
    with (folder / "manifest.csv").open(newline="") as lines:
        paths = [row["path"] for row in csv.DictReader(lines)]
    random.Random(0).shuffle(paths)
    photos = [Image.open(folder / path).convert("RGB") for path in paths[:500]]
    return photos[:200], photos[200:]


def _edited(photo: Image.Image) -> Image.Image:
    across, down = int(photo.width * 0.05), int(photo.height * 0.05)
    kept = io.BytesIO()
    photo.crop((across, down, photo.width - across, photo.height - down)).save(kept, "JPEG", quality=40)
    return Image.open(kept).convert("RGB")
