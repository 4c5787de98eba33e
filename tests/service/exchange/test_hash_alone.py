"""What a perceptual hash alone is worth: how often two different photos are within the bar.

`pytest -s tests/service/exchange/test_hash_alone.py` prints them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from model.copies.hashes import MATCH_DISTANCE, MIN_QUALITY, as_vector, pdq
from model.images import decode

PHOTOS = 1_500


@pytest.mark.data
@pytest.mark.long
def test_no_two_photos_of_groceries_are_within_the_bar(shared_data: Path) -> None:
    with (shared_data / "grocery" / "manifest.csv").open() as file:
        rows = list(csv.DictReader(file))
    chosen = [rows[at] for at in np.random.default_rng(0).permutation(len(rows))[:PHOTOS]]
    hashes = [
        pdq(decode((shared_data / "grocery" / row["path"]).read_bytes(), max_side=512).pixels)
        for row in chosen
    ]
    kept = [at for at, each in enumerate(hashes) if each.quality >= MIN_QUALITY]
    vectors = np.stack([as_vector(hashes[at]) for at in kept])
    pairs = np.triu_indices(len(kept), k=1)
    distances = np.rint((1 - (vectors @ vectors.T)[pairs]) * 128)
    products = np.array([chosen[at]["product"] for at in kept])
    same = int((products[pairs[0]] == products[pairs[1]]).sum())
    for bar in (MATCH_DISTANCE, 47, 63):
        print(  # noqa: T201 - the figures of decision 0233
            f"{int((distances <= bar).sum())} of {len(distances)} pairs within {bar}; {same} of one product"
        )
    assert not (distances <= MATCH_DISTANCE).any()
