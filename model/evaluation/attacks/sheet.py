"""A contact sheet: what was attacked, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from model.encoders.base import RGB
from model.evaluation.attacks.catalogue import Attack
from model.evaluation.attacks.suite import Attacked, AttackSuite
from model.evaluation.kit.fonts import TextFace
from model.evaluation.kit.paint import text

_CELL = 220
_CAPTION = 24
_OUTLINE = (0, 200, 0)


def contact_sheet(suite: AttackSuite, pairs_across: int = 4) -> RGB:
    """One copy for each attack beside its reference; a line shows where the true homography carries its frame."""
    first = {each.attack: each for each in reversed(suite.copies)}
    pairs = [_pair(first[attack]) for attack in Attack if attack in first]
    while len(pairs) % pairs_across:
        pairs.append(np.full_like(pairs[0], 255))
    return np.vstack([np.hstack(pairs[at : at + pairs_across]) for at in range(0, len(pairs), pairs_across)])


def _pair(query: Attacked) -> RGB:
    edited = query.edited()
    shown = edited.pixels.copy()
    frame = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    flat = np.c_[frame, np.ones(4)] @ edited.homography.T
    outline = flat[:, :2] / flat[:, 2:] * edited.size
    cv2.polylines(
        shown, [np.round(outline).astype(np.int32)], True, _OUTLINE, max(2, max(edited.size) // 150)
    )
    return _captioned([query.load(query.source), shown], query.attack)


def _captioned(pictures: Sequence[RGB], caption: str) -> RGB:
    canvas = Image.new("RGB", (_CELL * len(pictures) + 12, _CELL + _CAPTION), (255, 255, 255))
    for at, picture in enumerate(pictures):
        scale = _CELL / max(picture.shape[:2])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        canvas.paste(Image.fromarray(small), (_CELL * at + 4, 0))
    top = (_CELL + 4) / canvas.height
    text(canvas, (0.02, top, 0.98, top + 16 / canvas.height), caption, TextFace.REGULAR, (40, 40, 40))
    return np.asarray(canvas).copy()
