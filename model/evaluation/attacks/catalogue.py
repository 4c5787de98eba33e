"""All attacks by name and family, and how several make one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import numpy as np

from model.encoders.base import RGB
from model.evaluation.attacks import framing, overlays, surroundings, tones
from model.evaluation.attacks.edited import Edited

OTHERS = 3
"""Other pictures that an attack may need."""


class Family(StrEnum):
    """Attacks of a family are alike, so a family is held out as one. In the order in which people attack."""

    CROP = "crop"
    MIRROR = "mirror"
    ROTATION = "rotation"
    PERSPECTIVE = "perspective"
    OVERLAY = "overlay"
    COLOUR = "colour"
    BORDER = "border"
    SCREENSHOT = "screenshot"
    PASTED = "pasted"
    COLLAGE = "collage"
    BLUR = "blur"
    RESIZE = "resize"
    JPEG = "jpeg"
    COMBINATION = "combination"


class Attack(StrEnum):
    CROP_CORNER = "crop_corner"
    CROP_CENTRE = "crop_centre"
    CROP_OFF_CENTRE = "crop_off_centre"
    CROP_PRODUCT = "crop_product"
    MIRROR = "mirror"
    ROTATION_SMALL = "rotation_small"
    ROTATION_QUARTER = "rotation_quarter"
    PERSPECTIVE = "perspective"
    WORDS = "words"
    STICKERS = "stickers"
    WATERMARK = "watermark"
    PRICE_BADGE = "price_badge"
    TONE = "tone"
    SATURATION = "saturation"
    WHITE_BALANCE = "white_balance"
    GREY = "grey"
    BORDER = "border"
    LETTERBOX = "letterbox"
    SCREENSHOT = "screenshot"
    PASTED = "pasted"
    COLLAGE = "collage"
    BLUR = "blur"
    SHRINK = "shrink"
    JPEG_20 = "jpeg_20"
    TWO = "two"
    THREE = "three"

    @property
    def family(self) -> Family:
        return _FAMILIES[self]


def attacked(attack: Attack, picture: RGB, others: Sequence[RGB], rng: np.random.Generator) -> Edited:
    """Do one attack to a picture.

    Args:
        others: at least `OTHERS` pictures that may appear around it.
    """
    edited = Edited(picture)
    parts = _parts(attack, rng)
    for part in parts:
        edited = _done(part, edited, others, rng)
    return edited.painted(edited.pixels, parts="+".join(parts))


def _done(attack: Attack, edited: Edited, others: Sequence[RGB], rng: np.random.Generator) -> Edited:
    if attack in _ALONE:
        return _ALONE[attack](edited, rng)
    return _AMONG_OTHERS[attack](edited, rng, others)


def _parts(attack: Attack, rng: np.random.Generator) -> list[Attack]:
    """The attacks that one is made of, in the order in which people do them; no two of one family."""
    if attack not in _COMBINED:
        return [attack]
    families = [family for family in Family if family is not Family.COMBINATION]
    while True:
        drawn = [families[int(at)] for at in rng.permutation(len(families))[: _COMBINED[attack]]]
        if len(_SURROUNDING.intersection(drawn)) < 2 and not set(drawn) >= _TOO_SMALL:
            break
    chosen = {
        family: [each for each in Attack if each.family is family]
        for family in sorted(drawn, key=families.index)
    }
    return [members[int(rng.integers(len(members)))] for members in chosen.values()]


_ALONE: Mapping[Attack, Callable[[Edited, np.random.Generator], Edited]] = {
    Attack.CROP_CORNER: framing.crop_corner,
    Attack.CROP_CENTRE: framing.crop_centre,
    Attack.CROP_OFF_CENTRE: framing.crop_off_centre,
    Attack.CROP_PRODUCT: framing.crop_product,
    Attack.MIRROR: framing.mirror,
    Attack.ROTATION_SMALL: framing.rotation_small,
    Attack.ROTATION_QUARTER: framing.rotation_quarter,
    Attack.PERSPECTIVE: framing.perspective,
    Attack.WORDS: overlays.words,
    Attack.STICKERS: overlays.stickers,
    Attack.WATERMARK: overlays.watermark,
    Attack.PRICE_BADGE: overlays.price_badge,
    Attack.TONE: tones.tone,
    Attack.SATURATION: tones.saturation,
    Attack.WHITE_BALANCE: tones.white_balance,
    Attack.GREY: tones.grey,
    Attack.BORDER: surroundings.border,
    Attack.LETTERBOX: surroundings.letterbox,
    Attack.BLUR: tones.blur,
    Attack.SHRINK: framing.shrink,
    Attack.JPEG_20: tones.jpeg,
}

_AMONG_OTHERS: Mapping[Attack, Callable[[Edited, np.random.Generator, Sequence[RGB]], Edited]] = {
    Attack.SCREENSHOT: surroundings.screenshot,
    Attack.PASTED: surroundings.pasted,
    Attack.COLLAGE: surroundings.collage,
}

_COMBINED: Mapping[Attack, int] = {Attack.TWO: 2, Attack.THREE: 3}

_SURROUNDING = frozenset({Family.BORDER, Family.SCREENSHOT, Family.PASTED, Family.COLLAGE})
"""A picture is put into one larger thing at most."""

_TOO_SMALL = frozenset({Family.PASTED, Family.RESIZE})
"""At a quarter of a third of the side nothing is left to recognise, for people either."""

_FAMILIES: Mapping[Attack, Family] = {
    Attack.CROP_CORNER: Family.CROP,
    Attack.CROP_CENTRE: Family.CROP,
    Attack.CROP_OFF_CENTRE: Family.CROP,
    Attack.CROP_PRODUCT: Family.CROP,
    Attack.MIRROR: Family.MIRROR,
    Attack.ROTATION_SMALL: Family.ROTATION,
    Attack.ROTATION_QUARTER: Family.ROTATION,
    Attack.PERSPECTIVE: Family.PERSPECTIVE,
    Attack.WORDS: Family.OVERLAY,
    Attack.STICKERS: Family.OVERLAY,
    Attack.WATERMARK: Family.OVERLAY,
    Attack.PRICE_BADGE: Family.OVERLAY,
    Attack.TONE: Family.COLOUR,
    Attack.SATURATION: Family.COLOUR,
    Attack.WHITE_BALANCE: Family.COLOUR,
    Attack.GREY: Family.COLOUR,
    Attack.BORDER: Family.BORDER,
    Attack.LETTERBOX: Family.BORDER,
    Attack.SCREENSHOT: Family.SCREENSHOT,
    Attack.PASTED: Family.PASTED,
    Attack.COLLAGE: Family.COLLAGE,
    Attack.BLUR: Family.BLUR,
    Attack.SHRINK: Family.RESIZE,
    Attack.JPEG_20: Family.JPEG,
    Attack.TWO: Family.COMBINATION,
    Attack.THREE: Family.COMBINATION,
}
