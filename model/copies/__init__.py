"""Is this the same photo? Candidates by perceptual hash and by views, proof by keypoints."""

from model.copies.background import best_by_owner, everyday, normalised
from model.copies.views import (
    QUERY_WINDOWS,
    REFERENCE_WINDOWS,
    Tiles,
    copy_fingerprint,
    query_tiles,
    reference_views,
)
from model.copies.windows import Window

__all__ = [
    "QUERY_WINDOWS",
    "REFERENCE_WINDOWS",
    "Tiles",
    "Window",
    "best_by_owner",
    "copy_fingerprint",
    "everyday",
    "normalised",
    "query_tiles",
    "reference_views",
]
