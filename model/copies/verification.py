"""Is one picture a copy of another? The claim, with its direction and its proof.

Keypoints agree on a homography in one of two mirror senses; then the whole overlap must agree in tone (see
`photometry`). How much that is worth together says a logistic regression fitted on attacked pictures (`verdict`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from model.copies.evidence import Evidence, gather
from model.copies.regions import Overlap, Polygon, as_polygon
from model.copies.verdict import Verdict, shipped
from model.keypoints import LocalPicture
from model.keypoints.geometry import carried


class CopyKind(StrEnum):
    NONE = "none"
    SAME_PHOTO = "same_photo"
    CROP_OF = "crop_of"
    """The query is a part of the reference."""
    CONTAINS = "contains"
    """The query shows the reference, or a part of it, among other things."""
    SAME_ARTWORK = "same_artwork"
    """The same print or pattern; another photo of it, or too little beside it to tell."""


@dataclass(frozen=True, eq=False)
class CopyFinding:
    """What was found between a query and one reference."""

    kind: CopyKind
    probability: float
    """That the query is a copy of the reference, in [0, 1]."""
    mirrored: bool = False
    homography: NDArray[np.float64] | None = None
    """Shape (3, 3), from fractions of the query's width and height to the reference's, mirroring included."""
    inliers: int = 0
    """Keypoint matches that agree on the homography."""
    query_region: Polygon = ()
    """Convex outline of what agrees, in fractions of the query's width and height."""
    reference_region: Polygon = ()
    """The same outline on the reference."""
    query_share: float = 0.0
    """Share of the query's area that the homography lays over the reference."""
    reference_share: float = 0.0
    """Share of the reference's area that it lays over the query."""
    agreement: float = 0.0
    """Share of the overlap's textured places that agree in tone."""
    evidence: Evidence | None = field(default=None, repr=False)

    @property
    def is_copy(self) -> bool:
        return self.kind in (CopyKind.SAME_PHOTO, CopyKind.CROP_OF, CopyKind.CONTAINS)


WHOLE_FROM = 0.8
"""A definition, not a fit: with at least this share of either picture in the overlap it is the same photo."""

NO_COPY = CopyFinding(CopyKind.NONE, 0.0)


def verify(query: LocalPicture, reference: LocalPicture, verdict: Verdict | None = None) -> CopyFinding:
    """Compare two pictures point by point; symmetrical but for the direction of the finding."""
    verdict = verdict or shipped()
    evidence = gather(query, reference)
    return judged(evidence, verdict)


def verify_many(
    query: LocalPicture, references: Sequence[LocalPicture], verdict: Verdict | None = None
) -> list[CopyFinding]:
    """One finding for each reference, in their order."""
    verdict = verdict or shipped()
    return [verify(query, reference, verdict) for reference in references]


def judged(evidence: Evidence | None, verdict: Verdict) -> CopyFinding:
    """What evidence that was gathered before amounts to."""
    if evidence is None:
        return NO_COPY
    probability = verdict.probability(evidence)
    kind = _kind(evidence, probability, verdict)
    if kind is CopyKind.NONE:
        return CopyFinding(kind, probability, inliers=evidence.inliers, evidence=evidence)
    on_query = _agreeing(evidence)
    return CopyFinding(
        kind,
        probability,
        mirrored=evidence.mirrored,
        homography=evidence.homography,
        inliers=evidence.inliers,
        query_region=as_polygon(on_query),
        reference_region=as_polygon(carried(on_query, evidence.homography)),
        query_share=evidence.seen.query_share,
        reference_share=evidence.seen.reference_share,
        agreement=evidence.agreement.share,
        evidence=evidence,
    )


def _kind(evidence: Evidence, probability: float, verdict: Verdict) -> CopyKind:
    if probability < verdict.copy_from:
        return CopyKind.SAME_ARTWORK if evidence.inliers >= verdict.artwork_inliers else CopyKind.NONE
    return kind_of_copy(evidence.seen)


def kind_of_copy(seen: Overlap) -> CopyKind:
    """Which of the three kinds a copy is, by how much of either picture lies in the overlap."""
    if min(seen.query_share, seen.reference_share) >= WHOLE_FROM:
        return CopyKind.SAME_PHOTO
    return CopyKind.CROP_OF if seen.query_share > seen.reference_share else CopyKind.CONTAINS


def _agreeing(evidence: Evidence) -> NDArray[np.float64]:
    """Outline of the places that agree on the query; the whole overlap where too few of them have texture."""
    places = evidence.agreement.core()
    if len(places) < 3:
        return evidence.seen.query
    hull = cv2.convexHull(places.astype(np.float32)).reshape(-1, 2)
    return np.asarray(hull, np.float64)
