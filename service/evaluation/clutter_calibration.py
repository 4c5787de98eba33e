"""Measures what the answers of regions are worth, on photos and brands that are neither fitted to nor tested on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.regions import Near, RegionCalibration
from model.regions.calibration import fit, lowest_bar
from service.encoding import load_encoder
from service.evaluation.clutter import RIGHT_BOX, Asked, ask_all, open_proposer
from service.evaluation.clutter_photos import Part
from service.evaluation.clutter_pictures import Kind
from service.settings import Settings

PRECISION = 0.98
"""Of the boxes shown on pictures of all kinds alike, at the calibration's bar."""
_SEED = 5_000
"""Added to the seed of the market, so that no evaluation with a small seed meets the same one."""


def calibrate_regions(
    folder: Path, *, encoder_name: str, seed: int, count: int, settings: Settings
) -> RegionCalibration:
    """Fit the score, and set the bar, on the merged answers of pictures of every kind.

    Args:
        count: pictures of each kind: one product, several, a brand that is not enrolled, no product.
    """
    encoder = load_encoder(settings, encoder_name)
    start = RegionCalibration(
        fingerprint=encoder.info.fingerprint, version=f"clutter-{seed}-{count}", cosine=5.0, matches=2.0,
        intercept=-10.0, bar=0.5, pictures=count * len(Kind),
        source=f"mizugiwa calibrate-regions FOLDER --encoder {encoder_name} --seed {seed} --count {count}, "
        f"FOLDER with the photos of clothes worn at home",
    )  # fmt: skip
    counts = dict.fromkeys(Kind, count)
    _, asked = ask_all(encoder, open_proposer(settings), folder, Part.CALIBRATE, _SEED + seed, counts, start)
    near, right = _answers(asked)
    cosine, matches, intercept = fit(near, right)
    fitted = replace(start, cosine=cosine, matches=matches, intercept=intercept)
    scores = np.array([fitted.score(each) for each in near])
    return replace(fitted, bar=lowest_bar(scores, right, PRECISION))


def _answers(asked: Sequence[Asked]) -> tuple[list[Near], NDArray[np.bool_]]:
    """The best answer of each place, and whether that product is there.

    Sisters of a product match nearly as well as it does; they are wrong where they come first, not where they follow.
    """
    answers = [answer for picture in asked for answer in picture.matched(0.0)]
    return [found.best for found, _ in answers], np.array([share >= RIGHT_BOX for _, share in answers])
