"""Signals and what they rest on, in words that a person who decides would use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from model.copies.verification import CopyKind
from service.demo.checking import Checked
from service.demo.names import Names
from service.evidence.drawing import Matched
from service.screening.outcome import ReasonCode
from service.screening.record import Band
from service.screening.signals import Signal, SignalCode, Strength

SHORT = {
    ReasonCode.Q_TIMEOUT: "still being checked",
    ReasonCode.Q_INDEX: "service not ready",
    ReasonCode.Q_PHOTO: "photo cannot be judged",
    ReasonCode.A_AUTH: "authorised seller",
    ReasonCode.K_COPY: "photo of a confirmed case",
    ReasonCode.I_BRAND: "protected brand seen",
    ReasonCode.S_HIST: "seller's history",
    ReasonCode.P_PRICE: "telling price",
    ReasonCode.T_TEXT: "telling text",
    ReasonCode.C_REF: "the brand's own photo",
    ReasonCode.X_UNSTABLE: "unstable result",
    ReasonCode.D_CODE: "odd barcode",
    ReasonCode.D_GATED: "documents needed",
    ReasonCode.N_NONE: "nothing found",
}


LIKENESS = {Band.STRONG: "very alike", Band.MODERATE: "alike", Band.WEAK: "barely alike"}


COPIED = {
    CopyKind.SAME_PHOTO: "is",
    CopyKind.CROP_OF: "is cut out of",
    CopyKind.CONTAINS: "has in it",
}
"""How a picture hangs together with the one that it copies."""


_NOWHERE = Matched((), ())


class Library(StrEnum):
    GENUINE = "genuine reference"
    COUNTERFEIT = "photo of a confirmed counterfeit"


@dataclass(frozen=True)
class Match:
    """The stored picture that says most about one picture of the listing."""

    picture: int
    library: Library
    item_id: str
    brand_id: str | None
    likeness: str = ""
    """How alike, where nothing more is claimed than that it is the nearest."""
    matched: Matched = _NOWHERE
    """Where both pictures agree, if that was found."""

    @property
    def caption(self) -> str:
        agree = ", with what both show outlined" if self.matched.original else ""
        return f"{self.library.value}{agree}"

    @property
    def path(self) -> str:
        """Where the API has the picture."""
        folder = "references" if self.library is Library.GENUINE else "known-counterfeits"
        return f"/v1/{folder}/{self.item_id}/picture"


def best_match(checked: Checked) -> Match | None:
    """What the strongest copy signal names, else the nearest reference."""
    for code, library, named in (
        (SignalCode.S3, Library.COUNTERFEIT, "counterfeit_id"),
        (SignalCode.S2, Library.GENUINE, "reference_id"),
    ):
        for signal in checked.signals:
            item = signal.evidence.get(named)
            if signal.code is code and isinstance(item, str) and signal.picture is not None:
                matched = Matched.of(signal.evidence) or _NOWHERE
                return Match(signal.picture, library, item, signal.brand_id, matched=matched)
    if not checked.candidates:
        return None
    nearest = checked.candidates[0]
    return Match(
        nearest.picture, Library.GENUINE, nearest.reference_id, nearest.brand_id, LIKENESS[nearest.band]
    )


def sentence(signal: Signal, names: Names) -> str:
    """One signal, in words."""
    brand = names.brand(signal.brand_id)
    strong = signal.strength is Strength.STRONG
    match signal.code:
        case SignalCode.S0:
            return f"Photo {_number(signal)} cannot be judged: {_faults(signal)}."
        case SignalCode.S1:
            return f"Photo {_number(signal)} {'shows' if strong else 'may show'} a product of {brand}."
        case SignalCode.S2:
            return f"Photo {_number(signal)} {_copy(signal)} {brand}'s own photo."
        case SignalCode.S3:
            return f"Photo {_number(signal)} {_copy(signal)} the photo of a confirmed counterfeit of {brand}."
        case SignalCode.S5:
            return f"The seller is registered as authorised for {brand}."
        case SignalCode.S6:
            return f"The price is {_share(signal)} of what {_product(signal, names)} usually costs."
        case SignalCode.S9:
            return f"Earlier confirmed cases of this seller concern {brand}."
        case _:
            return f"{signal.code} ({signal.code.family}) speaks of {brand}."


def _number(signal: Signal) -> int:
    return (signal.picture or 0) + 1


def _faults(signal: Signal) -> str:
    faults = signal.evidence.get("faults")
    return (
        ", ".join(str(each).replace("_", " ") for each in faults) if isinstance(faults, list) else "quality"
    )


def _copy(signal: Signal) -> str:
    if signal.evidence.get("same_bytes"):
        return "is, byte for byte,"
    kind = signal.evidence.get("kind")
    if signal.strength is Strength.STRONG and isinstance(kind, str):
        mirrored = ", mirrored," if signal.evidence.get("mirrored") else ""
        return f"{COPIED[CopyKind(kind)]}{mirrored}"
    if kind == CopyKind.SAME_ARTWORK:
        return "shows the same print as"
    return "may be an edited copy of"


def _product(signal: Signal, names: Names) -> str:
    product = names.products.get(str(signal.evidence.get("product_id")), "such a product")
    return f"{names.brand(signal.brand_id)} {product}"


def _share(signal: Signal) -> str:
    ratio = signal.evidence.get("ratio")
    return f"{ratio:.0%}" if isinstance(ratio, float) else "a fraction"
