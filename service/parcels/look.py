"""S13: does the parcel look, from outside, like parcels that were stopped earlier?

A label form or tape that many parcels share says nothing. So an earlier stop counts only where the very print agrees
point by point, and only as long as parcels that were cleared do not bear the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pydantic import JsonValue
from sqlalchemy.orm import Session

from model.copies.verification import CopyFinding, CopyKind
from service.listings.pictures import Seen
from service.listings.question import Comparing
from service.parcels import repository
from service.parcels.record import LookMatch
from service.parcels.repository import OutsidePhoto
from service.screening.signals import Signal, SignalCode, Strength

if TYPE_CHECKING:
    from service.parcels.evidence import Subject

COMPARED = 6
"""Earlier photos that each photo of the outside is at most compared with point by point, stopped and cleared each."""
NEAR_COSINE = 0.80
"""Of whole photos; under it nobody looks closely."""
VERIFIED_INLIERS = 40
"""Keypoints that agree under one plane; the same print in another photo reaches more."""
_REMEMBERED = 2_000
"""Latest photos of decided parcels among which is sought."""


@dataclass(frozen=True)
class _Known:
    stopped: Sequence[OutsidePhoto]
    cleared: Sequence[OutsidePhoto]


def stopped_alike(session: Session, comparing: Comparing, subject: Subject) -> list[LookMatch]:
    """Earlier stops that this parcel looks like, surest first; at most one for each photo and stop.

    Raises:
        OutOfTime: not every photo that is near was compared.
    """
    outside = subject.looked.outside
    if not outside:
        return []
    fingerprint = outside[0].features.fingerprint
    found = repository.outside_photos(session, subject.tenant_id, fingerprint, subject.parcel_id, _REMEMBERED)
    known = _Known([each for each in found if each.stopped], [each for each in found if not each.stopped])
    first = len(subject.looked.goods)
    matches = [
        match
        for at, seen in enumerate(outside)
        if not seen.faults
        for match in _matches(comparing, seen, first + at, known)
    ]
    return sorted(matches, key=lambda each: (not each.verified, -each.inliers, -each.cosine, each.parcel_id))


def look_signals(matches: Sequence[LookMatch]) -> list[Signal]:
    """One signal, strong where the surest match is verified; it speaks of no brand."""
    if not matches:
        return []
    best = matches[0]
    strength = Strength.STRONG if best.verified else Strength.WEAK
    evidence: dict[str, JsonValue] = {
        "parcel_id": best.parcel_id,
        "inliers": best.inliers,
        "cosine": round(best.cosine, 4),
    }
    return [Signal(SignalCode.S13, strength, None, best.picture, evidence)]


def _matches(comparing: Comparing, seen: Seen, index: int, known: _Known) -> list[LookMatch]:
    stopped = _nearest(seen, known.stopped)
    if not stopped:
        return []
    agreeing = _agreeing(comparing, seen, stopped)
    common = _agreeing(comparing, seen, _nearest(seen, known.cleared)) if any(agreeing) else []
    shared = sum(each >= VERIFIED_INLIERS for each in common)
    verified = sum(each >= VERIFIED_INLIERS for each in agreeing)
    telling = verified > shared
    best: dict[str, LookMatch] = {}
    for (photo, cosine), inliers in zip(stopped, agreeing, strict=True):
        sure = telling and inliers >= VERIFIED_INLIERS
        match = LookMatch(
            parcel_id=photo.parcel_id,
            picture=index,
            sha256=photo.sha256,
            verified=sure,
            inliers=inliers,
            cosine=cosine,
        )
        if inliers and (photo.parcel_id not in best or inliers > best[photo.parcel_id].inliers):
            best[photo.parcel_id] = match
    return list(best.values()) if telling or not shared else []


def _nearest(seen: Seen, photos: Sequence[OutsidePhoto]) -> list[tuple[OutsidePhoto, float]]:
    if not photos:
        return []
    cosines = np.stack([each.embedding for each in photos]) @ seen.features.embedding
    order = np.argsort(-cosines, kind="stable")[:COMPARED]
    return [(photos[at], float(cosines[at])) for at in order if cosines[at] >= NEAR_COSINE]


def _agreeing(comparing: Comparing, seen: Seen, photos: Sequence[tuple[OutsidePhoto, float]]) -> list[int]:
    """Keypoints of the same print or the same photo; 0 where nothing agrees."""
    found = comparing.compare(seen, [photo.sha256 for photo, _ in photos])
    return [_inliers(each) for each in found]


def _inliers(finding: CopyFinding | None) -> int:
    return 0 if finding is None or finding.kind is CopyKind.NONE else finding.inliers
