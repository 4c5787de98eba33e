"""What is measured between two pictures before anything is claimed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.copies.photometry import Agreement, compare
from model.copies.regions import MIRROR, Overlap, overlap, to_fractions
from model.keypoints import Keypoints, LocalPicture, Matches, align, is_sane, match_both_senses, mirrored
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
        """What the verdict weighs, in the order of `MEASURES`."""
        agreement = self.agreement
        whole = max(self.seen.query_share, self.seen.reference_share)
        return np.array(
            [
                np.log(self.inliers),
                self.inliers / self.matches,
                agreement.share,
                agreement.share * whole,
                agreement.median,
                whole,
                agreement.tone_error,
                agreement.tone_outliers,
                np.log1p(len(agreement.correlation)),
            ]
        )


MEASURES = (
    "log_inliers",
    "inlier_ratio",
    "agreeing_share",
    "agreeing_share_of_the_smaller",
    "median_correlation",
    "containment",
    "tone_error",
    "tone_outliers",
    "log_places",
)


def gather(query: LocalPicture, reference: LocalPicture) -> Evidence | None:
    """The evidence in the better mirror sense; None where no sane plane carries one picture onto the other."""
    plain, mirror = match_both_senses(query.folded_roots, reference.folded_roots)
    is_mirrored = len(mirror) > len(plain)
    points, matches = (mirrored(query.keypoints), mirror) if is_mirrored else (query.keypoints, plain)
    if len(matches) < FEWEST_MATCHES:
        return None
    found = _align(points, reference.keypoints, matches)
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


def _align(points: Keypoints, others: Keypoints, matches: Matches) -> tuple[NDArray[np.float64], int] | None:
    """The homography in fractions, and its inliers."""
    alignment = align(points.xy[matches.query], others.xy[matches.reference])
    if alignment is None or not is_sane(alignment.homography, points.width, points.height):
        return None
    if np.linalg.det(alignment.homography) <= 0:
        return None
    forth = to_fractions(others.width, others.height)
    back = inverse(to_fractions(points.width, points.height))
    return forth @ alignment.homography @ back, alignment.support
