"""The place where X-ray captures are read: category and count against the declaration (S11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.images import Picture
from service.listings.question import Comparing
from service.parcels.record import XrayEvidence
from service.parcels.schemas import Declaration
from service.screening.signals import Signal


@dataclass(frozen=True, eq=False)
class Capture:
    """An X-ray capture of the parcel, decoded."""

    index: int
    """Among the pictures of the inspection."""
    picture: Picture


def read_captures(
    comparing: Comparing, declaration: Declaration, captures: Sequence[Capture]
) -> tuple[XrayEvidence, list[Signal]]:
    """What the captures show, and where that differs from what was declared.

    No reader is installed yet: captures are kept and shown, and nothing is concluded from them.

    Raises:
        OutOfTime: not every capture was read.
    """
    comparing.deadline.check()
    return XrayEvidence(captures=tuple(each.index for each in captures)), []
