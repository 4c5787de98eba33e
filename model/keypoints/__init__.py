"""Where two pictures show the same thing: keypoints, their matches, and the plane that carries one onto the other."""

from model.keypoints.detection import DETAIL, Keypoints, detect
from model.keypoints.geometry import Alignment, align, is_sane
from model.keypoints.local import DamagedLocalPicture, LocalPicture, look_closely
from model.keypoints.matching import Matches, folded, match, match_both_senses, mirrored, mirrored_xy, rooted

__all__ = [
    "DETAIL",
    "Alignment",
    "DamagedLocalPicture",
    "Keypoints",
    "LocalPicture",
    "Matches",
    "align",
    "detect",
    "folded",
    "is_sane",
    "look_closely",
    "match",
    "match_both_senses",
    "mirrored",
    "mirrored_xy",
    "rooted",
]
