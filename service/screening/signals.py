"""Signals: what was noticed about a listing, one at a time, before anyone concludes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from pydantic import JsonValue


class Family(StrEnum):
    """Kinds of evidence. Two signals of one family may share a cause; two families hardly do."""

    GATE = "gate"
    IDENTITY = "identity"
    COPY = "copy"
    FAKE = "fake"
    AUTH = "auth"
    CONTEXT = "context"
    SELLER = "seller"
    DOCUMENT = "document"

    @property
    def is_evidence(self) -> bool:
        """Whether it can add to suspicion; gates and authorisations cannot."""
        return self not in (Family.GATE, Family.AUTH)


class Strength(IntEnum):
    """For copies WEAK reads "candidate" and STRONG reads "verified"."""

    NONE = 0
    WEAK = 1
    STRONG = 2


class SignalCode(StrEnum):
    S0 = "S0"
    """Quality: the picture cannot be judged."""
    S1 = "S1"
    """A protected product or brand is seen."""
    S2 = "S2"
    """Copy of a brand's reference."""
    S3 = "S3"
    """Copy of a photo from a confirmed counterfeit."""
    S4 = "S4"
    """Identification points fail."""
    S5 = "S5"
    """The seller is authorised."""
    S6 = "S6"
    """Price far under the product's."""
    S7 = "S7"
    """Text and picture disagree."""
    S8 = "S8"
    """Patch anomaly; ranks queues and is never strong."""
    S9 = "S9"
    """Seller history."""
    S10 = "S10"
    """The verdict flips under mirror, crop or re-encoding."""
    S11 = "S11"
    """Category or count differs from what was declared."""
    S12 = "S12"
    """Barcode or serial number is wrong."""
    S13 = "S13"
    """The parcel looks like earlier stopped parcels."""

    @property
    def family(self) -> Family:
        return _FAMILIES[self]


_FAMILIES = {
    SignalCode.S0: Family.GATE,
    SignalCode.S1: Family.IDENTITY,
    SignalCode.S2: Family.COPY,
    SignalCode.S3: Family.FAKE,
    SignalCode.S4: Family.FAKE,
    SignalCode.S5: Family.AUTH,
    SignalCode.S6: Family.CONTEXT,
    SignalCode.S7: Family.CONTEXT,
    SignalCode.S8: Family.FAKE,
    SignalCode.S9: Family.SELLER,
    SignalCode.S10: Family.GATE,
    SignalCode.S11: Family.DOCUMENT,
    SignalCode.S12: Family.DOCUMENT,
    SignalCode.S13: Family.DOCUMENT,
}


@dataclass(frozen=True)
class Signal:
    """One thing noticed. A signal of strength NONE says why nothing was concluded and moves no rule."""

    code: SignalCode
    strength: Strength
    brand_id: str | None = None
    """The brand it speaks of; None when it speaks of the listing whatever the brand."""
    picture: int | None = None
    """Index of the picture it was seen on, from 0; None when it is not about one picture."""
    evidence: Mapping[str, JsonValue] = field(default_factory=dict, hash=False)
    """What an auditor needs to follow it; may hold scores and reference ids, so it never leaves by the hook."""

    def __post_init__(self) -> None:
        if self.code is SignalCode.S8 and self.strength is Strength.STRONG:
            raise ValueError("S8 (patch anomaly) ranks queues and is never strong.")
