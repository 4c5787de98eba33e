"""One signal as a sentence that a person who decides would say. It tells what was noticed, and accuses nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from model.copies.verification import CopyKind
from model.quality import QualityFault
from model.renderings import Rendering
from service.pages.language import N_
from service.screening.rules.documents import CodeFault
from service.screening.rules.text import WordKind
from service.screening.signals import Signal, SignalCode, Strength

Say = Callable[[str], str]
"""Words of the source language to those of the page's; `Page.say` is one."""

_LONGEST = 120
"""Characters of a stranger's words that a sentence quotes."""

FAULTS: dict[str, str] = {
    QualityFault.TOO_SMALL: N_("too small"),
    QualityFault.BLURRED: N_("blurred"),
    QualityFault.TOO_DARK: N_("too dark"),
    QualityFault.TOO_BRIGHT: N_("too bright"),
    QualityFault.FLAT: N_("without contrast"),
    QualityFault.OBJECT_TOO_SMALL: N_("the object is too small in it"),
}
RENDERINGS: dict[str, str] = {
    Rendering.MIRRORED: N_("mirrored"),
    Rendering.CROPPED: N_("cut a little"),
    Rendering.ENCODED: N_("saved anew"),
}
_COPIES: dict[str, tuple[str, str]] = {
    CopyKind.SAME_PHOTO: (
        N_("Picture %(picture)s is the brand's own photo (%(brand)s)."),
        N_("Picture %(picture)s is the photo of a confirmed counterfeit (%(brand)s)."),
    ),
    CopyKind.CROP_OF: (
        N_("Picture %(picture)s is cut out of the brand's own photo (%(brand)s)."),
        N_("Picture %(picture)s is cut out of the photo of a confirmed counterfeit (%(brand)s)."),
    ),
    CopyKind.CONTAINS: (
        N_("Picture %(picture)s has the brand's own photo in it (%(brand)s)."),
        N_("Picture %(picture)s has the photo of a confirmed counterfeit in it (%(brand)s)."),
    ),
    CopyKind.SAME_ARTWORK: (
        N_("Picture %(picture)s shows the same print as the brand's own photo (%(brand)s)."),
        N_("Picture %(picture)s shows the same print as the photo of a confirmed counterfeit (%(brand)s)."),
    ),
}
_SAME_BYTES = (
    N_("Picture %(picture)s is the brand's own photo, byte for byte (%(brand)s)."),
    N_("Picture %(picture)s is the photo of a confirmed counterfeit, byte for byte (%(brand)s)."),
)
_MAYBE_COPY = (
    N_("Picture %(picture)s may be an edited copy of the brand's own photo (%(brand)s)."),
    N_("Picture %(picture)s may be an edited copy of the photo of a confirmed counterfeit (%(brand)s)."),
)
_SHARED = N_(
    "Picture %(picture)s resembles a photo of a confirmed counterfeit that a partner shared (%(brand)s)."
)
_HISTORY = N_("People confirmed %(confirmed)s cases of this seller for %(brand)s, %(recent)s of them lately.")
WORDS: dict[str, str] = {
    WordKind.LOOKALIKE: N_("“%(written)s” passes for the name %(name)s and is not it"),
    WordKind.REPLICA: N_("“%(written)s” is said of copies alone"),
    WordKind.OTHER_BRAND: N_("the text names another brand (%(written)s)"),
    WordKind.UNNAMED: N_("the text does not name the brand that is seen"),
    WordKind.REPLICA_HINT: N_("“%(written)s” is said of copies, and of honest goods too"),
    WordKind.FUZZY: N_("“%(written)s” is near to the name %(name)s"),
    "name": N_("the name “%(written)s” is printed"),
    CodeFault.INVALID: N_("%(written)s is no valid trade number"),
    CodeFault.NOT_FOR_TRADE: N_("%(written)s is a number that is not for trade"),
    CodeFault.OTHER_PRODUCT: N_("%(written)s is the number of another product"),
}


@dataclass(frozen=True)
class Names:
    """What brands and products are called now, by id."""

    brands: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)

    def brand(self, brand_id: str | None) -> str:
        return self.brands.get(brand_id or "", "–")

    def product(self, product_id: object) -> str:
        return self.products.get(str(product_id), "–")


def sentence(signal: Signal, names: Names, say: Say) -> str:
    """What the signal says, in the page's language."""
    words, more = _said(signal, names, say)
    about = {"picture": str((signal.picture or 0) + 1), "brand": names.brand(signal.brand_id)}
    return say(words) % (about | more)


def words_found(signal: Signal, say: Say) -> list[str]:
    """The words or numbers that a signal rests on, each with what is telling about it."""
    found = signal.evidence.get("words")
    rows = [each for each in found if isinstance(each, Mapping)] if isinstance(found, Sequence) else []
    return [_word(row, say) for row in rows]


def _said(signal: Signal, names: Names, say: Say) -> tuple[str, dict[str, str]]:
    evidence, strong = signal.evidence, signal.strength is Strength.STRONG
    match signal.code:
        case SignalCode.S0:
            return N_("Picture %(picture)s cannot be judged: %(faults)s."), {
                "faults": _listed(evidence.get("faults"), FAULTS, say)
            }
        case SignalCode.S1:
            return _seen(signal, names, strong), {"product": names.product(evidence.get("product_id"))}
        case SignalCode.S2 | SignalCode.S3:
            return _copied(signal, strong), {}
        case SignalCode.S4:
            return N_("An identification point of %(brand)s differs on picture %(picture)s."), {}
        case SignalCode.S5:
            return N_("The seller is registered as authorised for %(brand)s."), {}
        case SignalCode.S6:
            return _price(signal), {
                "product": names.product(evidence.get("product_id")),
                "share": _percent(evidence.get("ratio")),
            }
        case SignalCode.S7:
            return _disagreement(signal, say)
        case SignalCode.S8:
            return N_("Picture %(picture)s is unlike the genuine goods of %(brand)s in places."), {}
        case SignalCode.S9:
            return _HISTORY, {key: str(evidence.get(key, "–")) for key in ("recent", "confirmed")}
        case _:
            return _of_documents(signal, say)


def _of_documents(signal: Signal, say: Say) -> tuple[str, dict[str, str]]:
    match signal.code:
        case SignalCode.S10 if signal.strength is Strength.NONE:
            return N_(
                "Whether picture %(picture)s gives the same result when it is edited was not tried."
            ), {}
        case SignalCode.S10:
            flipped = _listed(signal.evidence.get("flipped"), RENDERINGS, say)
            return N_("Picture %(picture)s gives another result when it is %(flipped)s."), {
                "flipped": flipped
            }
        case SignalCode.S11:
            return N_("What picture %(picture)s shows differs in kind or number from what was declared."), {}
        case SignalCode.S12:
            return N_("A barcode or number does not fit: %(words)s."), {"words": _joined(signal, say)}
        case _:
            verified = signal.strength is Strength.STRONG
            return (
                N_("The outside of the parcel bears the same print as a parcel that was stopped before.")
                if verified
                else N_("The outside of the parcel resembles a parcel that was stopped before.")
            ), {}


def _seen(signal: Signal, names: Names, strong: bool) -> str:
    match signal.evidence.get("kind"):
        case "name":
            return N_("The name of %(brand)s is printed in picture %(picture)s.")
        case "mark":
            return N_("A registered mark of %(brand)s is seen in picture %(picture)s.")
        case "altered mark":
            return N_("A mark like one of %(brand)s, but not quite it, is seen in picture %(picture)s.")
    if signal.evidence.get("product_id") not in names.products:
        if strong:
            return N_("Picture %(picture)s shows goods of %(brand)s, or goods made to look like them.")
        return N_("Picture %(picture)s may show goods of %(brand)s.")
    if strong:
        return N_(
            "Picture %(picture)s shows goods of %(brand)s, or goods made to look like them; nearest is %(product)s."
        )
    return N_("Picture %(picture)s may show goods of %(brand)s; nearest is %(product)s.")


def _copied(signal: Signal, strong: bool) -> str:
    column = 0 if signal.code is SignalCode.S2 else 1
    if "shared_signal_id" in signal.evidence:
        return _SHARED
    if signal.evidence.get("same_bytes"):
        return _SAME_BYTES[column]
    kind = str(signal.evidence.get("kind"))
    if kind in _COPIES and (strong or kind == CopyKind.SAME_ARTWORK):
        return _COPIES[kind][column]
    return _MAYBE_COPY[column]


def _price(signal: Signal) -> str:
    if "not_compared" in signal.evidence:
        return N_("The price was not compared with what %(brand)s goods usually cost.")
    if signal.strength is Strength.NONE:
        return N_("The price is %(share)s of what %(brand)s %(product)s usually costs, which is not low.")
    if signal.evidence.get("sold_as_new"):
        return N_(
            "The price is %(share)s of what %(brand)s %(product)s usually costs, and it is sold as new."
        )
    return N_("The price is %(share)s of what %(brand)s %(product)s usually costs; it is not sold as new.")


def _disagreement(signal: Signal, say: Say) -> tuple[str, dict[str, str]]:
    if signal.evidence.get("kind") == "altered mark":
        return N_("The mark in picture %(picture)s differs from the registered mark of %(brand)s."), {}
    words = {"words": _joined(signal, say)}
    if signal.picture is None:
        return N_("Title or description: %(words)s."), words
    return N_("Words in picture %(picture)s: %(words)s."), words


def _joined(signal: Signal, say: Say) -> str:
    return say(N_("; ")).join(words_found(signal, say)) or "–"


def _word(row: Mapping[str, object], say: Say) -> str:
    written = str(row.get("written") or "")[:_LONGEST]
    values = {"written": written, "name": str(row.get("name") or "–")}
    return say(WORDS.get(str(row.get("kind")), "“%(written)s”")) % values


def _listed(found: object, words: Mapping[str, str], say: Say) -> str:
    kinds = (
        [str(each) for each in found] if isinstance(found, Sequence) and not isinstance(found, str) else []
    )
    return say(N_(", ")).join(say(words.get(each, each)) for each in kinds) or "–"


def _percent(ratio: object) -> str:
    return f"{ratio:.0%}" if isinstance(ratio, int | float) else "–"
