"""Reads X-ray captures: are they any, how many alike items do they show, and where does that differ from what was said?

Scanners show kinds and counts. They show nothing of marks, and nothing here speaks of marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from index.base import Modality
from model.encoders.base import RGB
from model.xray.counting import AlikeItems, count_alike
from model.xray.telling import xray_chance
from service.listings.pictures import Seen
from service.listings.question import Comparing
from service.parcels.record import XrayEvidence
from service.parcels.schemas import Declaration
from service.screening.signals import Signal, SignalCode, Strength

READER = "alike-items-1"
"""What read a capture; another name where the same capture may be read otherwise."""
IS_XRAY = 0.5
"""A capture under it is no X-ray: nothing is counted in it."""
SURELY_XRAY = 0.95
"""A photo from there on is read as a capture too; it stays a photo, lest a grey one be left unseen."""
TRUSTED_COUNT = 10
"""Up to this many alike items counts were measured to be right to within one in four of five parcels."""
_SURPLUS = 2
_SURPLUS_SHARE = 0.3


@dataclass(frozen=True, eq=False)
class Capture:
    """An X-ray capture of the parcel, decoded."""

    index: int
    """Among the pictures of the inspection."""
    pixels: RGB
    sent_as: Modality = Modality.XRAY


@dataclass(frozen=True)
class _Reading:
    index: int
    sent_as: Modality
    is_xray: bool
    alike: AlikeItems | None


def read_captures(
    comparing: Comparing, declaration: Declaration, captures: Sequence[Capture], photos: Sequence[Seen] = ()
) -> tuple[XrayEvidence, list[Signal]]:
    """What the captures show, and where that differs from what was declared.

    Args:
        photos: the first pictures of the inspection; those that surely are captures are read as such.

    Raises:
        OutOfTime: not every capture was read.
    """
    meant = [*captures, *_sent_as_photos(comparing, photos)]
    readings = comparing.on_pool_each(_read, meant)
    evidence = XrayEvidence(
        captures=tuple(each.index for each in captures),
        reader=READER if readings else None,
        readings=tuple(_kept(each) for each in readings),
    )
    return evidence, _differing(declaration, readings)


def _sent_as_photos(comparing: Comparing, photos: Sequence[Seen]) -> list[Capture]:
    chances = comparing.on_pool_each(_photo_chance, photos)
    return [
        Capture(at, seen.pixels(), Modality.PHOTO)
        for at, (seen, chance) in enumerate(zip(photos, chances, strict=True))
        if chance >= SURELY_XRAY
    ]


def _photo_chance(seen: Seen) -> float:
    return xray_chance(seen.pixels())


def _read(capture: Capture) -> _Reading:
    told = capture.sent_as is Modality.PHOTO or xray_chance(capture.pixels) >= IS_XRAY
    alike = count_alike(capture.pixels) if told else None
    return _Reading(capture.index, capture.sent_as, told, alike)


def _kept(reading: _Reading) -> dict[str, JsonValue]:
    alike = reading.alike
    return {
        "picture": reading.index,
        "sent_as": reading.sent_as.value,
        "is_xray": reading.is_xray,
        "alike_items": alike.count if alike else None,
        "boxes": [list(box) for box in alike.boxes] if alike else [],
    }


def _differing(declaration: Declaration, readings: Sequence[_Reading]) -> list[Signal]:
    """Weak: more alike items than pieces declared. Fewer may lie over each other, and say nothing."""
    most = max(
        (each for each in readings if each.alike and each.alike.count <= TRUSTED_COUNT),
        key=lambda each: each.alike.count if each.alike else 0,
        default=None,
    )
    if most is None or most.alike is None:
        return []
    surplus = most.alike.count - declaration.quantity
    if surplus < max(_SURPLUS, _SURPLUS_SHARE * declaration.quantity):
        return []
    evidence: dict[str, JsonValue] = {"counted": most.alike.count, "declared": declaration.quantity}
    return [Signal(SignalCode.S11, Strength.WEAK, None, most.index, evidence)]
