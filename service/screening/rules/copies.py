"""S2 and S3: pictures that may be, or are, the same photo as a reference or as a known counterfeit.

A hash or a descriptor makes a candidate alone. What verifies it is geometry, or that the bytes are the same. The same
print in another photo is no copy: it stays a candidate, whatever the geometry says of the print.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from model.copies.verification import CopyFinding, CopyKind
from service.screening.signals import Signal, SignalCode, Strength
from service.screening.thresholds import CopyThresholds

_WHOLE: JsonValue = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
_DIGITS = 4
_CHANCE = 20
"""Inliers up to which the same artwork may be an accident: of many stored pictures one fits somewhere."""


@dataclass(frozen=True, eq=False)
class CopyMatch:
    """A stored photo that one picture of the listing may be a copy of."""

    brand_id: str
    item_id: str
    picture: int
    hash_distance: int | None = None
    """PDQ Hamming distance, 0 to 256; None when a picture has too little structure for one."""
    cosine: float | None = None
    """Of whole pictures."""
    view_score: float | None = None
    """Of the best pair of views, less how alike everyday pictures are to them."""
    same_bytes: bool = False
    """Both have the same SHA-256."""
    product_id: str | None = None
    """Of the stored photo, where that is of one product."""
    finding: CopyFinding | None = None
    """What keypoints say; None when they were not compared."""

    @property
    def verified(self) -> bool:
        return self.same_bytes or (self.finding is not None and self.finding.is_copy)

    @property
    def same_artwork(self) -> bool:
        finding = self.finding
        return finding is not None and finding.kind is CopyKind.SAME_ARTWORK and finding.inliers > _CHANCE

    @property
    def whole(self) -> bool:
        """Whether it is verified that the whole picture is that photo."""
        return self.same_bytes or (self.finding is not None and self.finding.kind is CopyKind.SAME_PHOTO)

    @property
    def sureness(self) -> tuple[bool, float]:
        """Smaller is less sure; equal for stored pictures that are equal."""
        return self.same_bytes, self.probability

    @property
    def probability(self) -> float:
        """That it is a copy, as far as it was looked into."""
        if self.same_bytes:
            return 1.0
        return self.finding.probability if self.finding else 0.0


def reference_copies(matches: Iterable[CopyMatch], thresholds: CopyThresholds, encoder: str) -> list[Signal]:
    """S2: one signal a brand and picture, from its best match; sorted by brand and picture."""
    return _copies(SignalCode.S2, "reference_id", matches, thresholds, encoder)


def counterfeit_copies(
    matches: Iterable[CopyMatch], thresholds: CopyThresholds, encoder: str
) -> list[Signal]:
    """S3: one signal a brand and picture, from its best match; sorted by brand and picture."""
    return _copies(SignalCode.S3, "counterfeit_id", matches, thresholds, encoder)


def shared_copies(matches: Iterable[CopyMatch], thresholds: CopyThresholds, encoder: str) -> list[Signal]:
    """S3 of what partners shared, likewise; told apart from one's own by what names the original."""
    return _copies(SignalCode.S3, "shared_signal_id", matches, thresholds, encoder)


def _copies(
    code: SignalCode, named: str, matches: Iterable[CopyMatch], thresholds: CopyThresholds, encoder: str
) -> list[Signal]:
    best: dict[tuple[str, int], tuple[Strength, CopyMatch]] = {}
    for match in sorted(matches, key=_order):
        strength = _strength(match, thresholds, encoder)
        key = match.brand_id, match.picture
        if strength and (key not in best or strength > best[key][0]):
            best[key] = strength, match
    told = _without_explained(best)
    return [_signal(code, named, *best[key], thresholds) for key in told]


def _without_explained(best: Mapping[tuple[str, int], tuple[Strength, CopyMatch]]) -> list[tuple[str, int]]:
    """A picture that is verified to be one photo is no other brand's, be that surely or perhaps.

    Studio pictures of the same sort of thing are drawn or lit so much alike that keypoints take one for the other; the
    surer one is the photo. Two brands that have the very same picture are both as sure.
    """
    verified = {picture for (_, picture), (strength, _) in best.items() if strength is Strength.STRONG}
    surest: dict[int, tuple[bool, float]] = {}
    for (_, picture), (_, match) in best.items():
        if match.whole:
            surest[picture] = max(match.sureness, surest.get(picture, match.sureness))
    return [
        (brand, picture)
        for (brand, picture), (strength, match) in sorted(best.items(), key=lambda each: each[0])
        if (strength is Strength.STRONG or picture not in verified)
        and not _is_outdone(match, surest.get(picture))
    ]


def _is_outdone(match: CopyMatch, surest: tuple[bool, float] | None) -> bool:
    """Whether the whole picture is another photo: by its bytes, whatever else it seems to be; or more surely."""
    if surest is None or match.sureness >= surest:
        return False
    by_bytes, _ = surest
    return by_bytes or match.whole


def _order(match: CopyMatch) -> tuple[float, int, float, str]:
    distance = 257 if match.hash_distance is None else match.hash_distance
    return -match.probability, distance, 1.0 if match.cosine is None else -match.cosine, match.item_id


def _strength(match: CopyMatch, thresholds: CopyThresholds, encoder: str) -> Strength:
    if match.verified:
        return Strength.STRONG
    by_hash = match.hash_distance is not None and match.hash_distance <= thresholds.hash_distance
    bar = thresholds.cosine.get(encoder)
    by_descriptor = bar is not None and match.cosine is not None and match.cosine >= bar
    return Strength.WEAK if by_hash or by_descriptor or match.same_artwork else Strength.NONE


def _signal(
    code: SignalCode, named: str, strength: Strength, match: CopyMatch, thresholds: CopyThresholds
) -> Signal:
    return Signal(
        code,
        strength,
        match.brand_id,
        match.picture,
        {
            named: match.item_id,
            "hash_distance": match.hash_distance,
            "cosine": match.cosine,
            "view_score": match.view_score,
            "same_bytes": match.same_bytes,
            "verified": match.verified,
            "thresholds": thresholds.version,
            **_geometry(match),
        },
    )


def _geometry(match: CopyMatch) -> dict[str, JsonValue]:
    """What was compared, and where both pictures agree, in fractions of their width and height."""
    finding = match.finding
    if match.same_bytes:
        return {
            "kind": CopyKind.SAME_PHOTO.value,
            "mirrored": False,
            "query_region": _WHOLE,
            "reference_region": _WHOLE,
        }
    if finding is None:
        return {}
    return {
        "kind": finding.kind.value,
        "probability": round(finding.probability, _DIGITS),
        "mirrored": finding.mirrored,
        "inliers": finding.inliers,
        "agreement": round(finding.agreement, _DIGITS),
        "query_share": round(finding.query_share, _DIGITS),
        "reference_share": round(finding.reference_share, _DIGITS),
        "homography": None if finding.homography is None else finding.homography.round(6).tolist(),
        "query_region": [list(corner) for corner in finding.query_region],
        "reference_region": [list(corner) for corner in finding.reference_region],
    }
