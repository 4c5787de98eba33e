"""What is measured between two pictures before anything is claimed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.copies.photometry import Agreement, compare
from model.copies.regions import MIRROR, Overlap, overlap, to_fractions
from model.keypoints import LocalPicture, align, is_sane, match_both_senses, mirrored_xy
from model.keypoints.geometry import inverse

FEWEST_MATCHES = 6
"""Fewer matches in either mirror sense are no evidence at all."""


@dataclass(frozen=True, eq=False)
class Evidence:
    homography: NDArray[np.float64]
    """Shape (3, 3), from fractions of the query to fractions of the reference, mirroring included."""
    mirrored: bool
    matches: int
    inliers: int
    seen: Overlap
    agreement: Agreement

    def measures(self) -> NDArray[np.float64]:
        """What the verdict weighs, in the order of `MEASURES`; every one grows with the likelihood of a copy."""
        agreement = self.agreement
        containment = max(self.seen.query_share, self.seen.reference_share)
        return np.array(
            [
                -np.log(max(1 - self.inliers / self.matches, 0.003)),
                agreement.share,
                -np.log(max(1 - agreement.quantile(0.75), 0.002)),
                agreement.reach() * containment,
                -np.log(max(agreement.tone_error, 0.005)),
                -min(_foreshortening(self.homography), 1.0),
            ]
        )


MEASURES = (
    "inlier_ratio",
    "agreeing",
    "upper_quartile_of_correlation",
    "reach_times_containment",
    "tone_curve",
    "flat_on",
)
"""An edit leaves a place as it was or covers it; another photo changes every place a little."""


def _foreshortening(homography: NDArray[np.float64]) -> float:
    """How much the scale changes across the query; 0 for any affine map."""
    across, down, level = homography[2]
    return float((abs(across) + abs(down)) / max(abs(level + (across + down) / 2), 1e-6))


def gather(query: LocalPicture, reference: LocalPicture) -> Evidence | None:
    """The evidence in the better mirror sense; None where no sane plane carries one picture onto the other."""
    plain, mirror = match_both_senses(query.folded_roots, reference.folded_roots)
    is_mirrored = len(mirror) > len(plain)
    matches = mirror if is_mirrored else plain
    if len(matches) < FEWEST_MATCHES:
        return None
    xy = mirrored_xy(query.keypoints) if is_mirrored else query.keypoints.xy
    found = _align(xy[matches.query], reference.keypoints.xy[matches.reference], query, reference)
    if found is None:
        return None
    homography, inliers = found
    if is_mirrored:
        homography = homography @ MIRROR
    seen = overlap(homography)
    if seen is None:
        return None
    agreement = compare(query.thumbnail, reference.thumbnail, homography, seen)
    return Evidence(homography, is_mirrored, len(matches), inliers, seen, agreement)


def _align(
    points: NDArray[np.float32], others: NDArray[np.float32], query: LocalPicture, reference: LocalPicture
) -> tuple[NDArray[np.float64], int] | None:
    """The homography in fractions, and its inliers; None where no camera and no editor could have made it."""
    alignment = align(points, others)
    width, height = query.keypoints.width, query.keypoints.height
    if alignment is None or not is_sane(alignment.homography, width, height):
        return None
    if np.linalg.det(alignment.homography) <= 0:
        return None
    forth = to_fractions(reference.keypoints.width, reference.keypoints.height)
    return forth @ alignment.homography @ inverse(to_fractions(width, height)), alignment.support
