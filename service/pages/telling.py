"""Decisions, reasons and signals as pages tell them: a badge, a word, a sentence with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.products.service as products
from service.pages.language import N_
from service.pages.sentences import Names, Say, sentence, words_found
from service.screening.outcome import Action, Decision, Priority, ReasonCode
from service.screening.parcel_outcome import Advice, ParcelCode
from service.screening.record import Band
from service.screening.signals import Family, Signal, SignalCode, Strength
from service.verdicts.models import AppealState, VerdictOutcome

_DIGITS = 3


@dataclass(frozen=True)
class Badge:
    """A word with the class of its shape and colour: stop, look, go, or none."""

    words: str
    kind: str = ""


BADGES: dict[str, Badge] = {
    Decision.ALLOW: Badge(N_("allowed"), "go"),
    Decision.REVIEW: Badge(N_("held for review"), "look"),
    Decision.BLOCK: Badge(N_("blocked"), "stop"),
    Decision.REVIEW_PENDING: Badge(N_("not decided in time"), "look"),
    Decision.NEEDS_DOCUMENTS: Badge(N_("documents needed"), "look"),
    Advice.RETAKE: Badge(N_("take photos again"), "look"),
    Advice.RELEASE_SUGGESTED: Badge(N_("release suggested"), "go"),
    Advice.REFER: Badge(N_("refer"), "stop"),
    Advice.EXAMINE: Badge(N_("examine"), "look"),
    Advice.EX_OFFICIO_NOTE: Badge(N_("note ex officio"), "look"),
    Advice.NO_FINDING: Badge(N_("no finding"), "go"),
    VerdictOutcome.COUNTERFEIT: Badge(N_("counterfeit"), "stop"),
    VerdictOutcome.GENUINE: Badge(N_("genuine"), "go"),
    VerdictOutcome.CANNOT_TELL: Badge(N_("cannot tell"), "look"),
    AppealState.OPEN: Badge(N_("open"), "look"),
    AppealState.UPHELD: Badge(N_("upheld: the decision is reversed"), "go"),
    AppealState.REJECTED: Badge(N_("rejected: the decision stands"), "stop"),
}
"""What was decided, advised or concluded, by its code. `cannot_tell` is advice and verdict alike."""

PRIORITIES: dict[str, str] = {
    Priority.LOW: N_("low priority"),
    Priority.NORMAL: N_("normal priority"),
    Priority.HIGH: N_("high priority"),
}
REASONS: dict[str, str] = {
    ReasonCode.Q_TIMEOUT: N_("still being checked"),
    ReasonCode.Q_INDEX: N_("service not ready"),
    ReasonCode.Q_PHOTO: N_("photo cannot be judged"),
    ReasonCode.A_AUTH: N_("authorised seller"),
    ReasonCode.K_COPY: N_("photo of a confirmed case"),
    ReasonCode.I_BRAND: N_("protected brand seen"),
    ReasonCode.S_HIST: N_("seller's history"),
    ReasonCode.P_PRICE: N_("telling price"),
    ReasonCode.T_TEXT: N_("telling text"),
    ReasonCode.C_REF: N_("the brand's own photo"),
    ReasonCode.X_UNSTABLE: N_("unstable result"),
    ReasonCode.D_CODE: N_("odd barcode"),
    ReasonCode.D_GATED: N_("documents needed"),
    ReasonCode.N_NONE: N_("nothing found"),
    ParcelCode.F_POINTS: N_("identification points differ"),
    ParcelCode.X_DIFFERS: N_("differs from what was declared"),
    ParcelCode.D_LOOK: N_("looks like earlier stopped parcels"),
    ParcelCode.U_UNSTABLE: N_("unstable result"),
    ParcelCode.R_NONE: N_("no recordation"),
}
ACTIONS: dict[str, str] = {
    Action.NONE: N_("nothing"),
    Action.WAIT: N_("to wait"),
    Action.SEND_PHOTOS: N_("to send clear photos"),
    Action.SEND_DOCUMENTS: N_("to send documents"),
    Action.WITHDRAW_OR_APPEAL: N_("to withdraw the listing or appeal"),
}
"""What the seller is asked to do."""
FAMILIES: dict[str, str] = {
    Family.GATE: N_("quality"),
    Family.IDENTITY: N_("which brand"),
    Family.COPY: N_("copied photo"),
    Family.FAKE: N_("like a counterfeit"),
    Family.AUTH: N_("authorisation"),
    Family.CONTEXT: N_("price and text"),
    Family.SELLER: N_("seller"),
    Family.DOCUMENT: N_("documents"),
}
STRENGTHS: dict[Strength, Badge] = {
    Strength.NONE: Badge(N_("nothing concluded")),
    Strength.WEAK: Badge(N_("weak"), "look"),
    Strength.STRONG: Badge(N_("strong"), "stop"),
}
_OF_COPIES: dict[Strength, Badge] = {
    Strength.NONE: STRENGTHS[Strength.NONE],
    Strength.WEAK: Badge(N_("candidate"), "look"),
    Strength.STRONG: Badge(N_("verified"), "stop"),
}
_IN_FAVOUR = Badge(N_("valid record"), "go")
LIKENESS: dict[str, str] = {
    Band.STRONG: N_("very alike"),
    Band.MODERATE: N_("alike"),
    Band.WEAK: N_("barely alike"),
}
_FIGURES: dict[str, str] = {
    "score": N_("Likeness"),
    "cosine": N_("Cosine"),
    "probability": N_("Probability of a copy"),
    "hash_distance": N_("Distance of hashes"),
    "inliers": N_("Points that agree"),
    "agreement": N_("Share of places that agree in tone"),
    "query_share": N_("Share of this picture"),
    "reference_share": N_("Share of the original"),
    "stretch": N_("Stretched by"),
    "thresholds": N_("Thresholds"),
}
"""Evidence in numbers: for those who answer for the house, never for whoever could learn to get around it."""


@dataclass(frozen=True)
class Told:
    """A signal as a page shows it."""

    signal: Signal
    sentence: str
    strength: Badge
    family: str
    facts: tuple[tuple[str, str], ...]
    """What it rests on: pairs of words, translated."""


def tell(signals: Iterable[Signal], names: Names, say: Say, exact: bool = False) -> list[Told]:
    """Signals that moved something first, strongest first; then those that say why nothing was concluded.

    Args:
        exact: with scores and thresholds too.
    """
    ordered = sorted(signals, key=lambda each: (-each.strength, list(SignalCode).index(each.code)))
    return [
        Told(
            signal=each,
            sentence=sentence(each, names, say),
            strength=_strength(each),
            family=FAMILIES[each.code.family],
            facts=(*_quoted(each, say), *(_figures(each, say) if exact else ())),
        )
        for each in ordered
    ]


def names_in(session: Session, tenant_id: str, signals: Iterable[Signal]) -> Names:
    """What the brands and products that signals speak of are called."""
    told = list(signals)
    return names_of(
        session,
        tenant_id,
        {each.brand_id for each in told if each.brand_id},
        {str(each.evidence["product_id"]) for each in told if each.evidence.get("product_id")},
    )


def names_of(
    session: Session, tenant_id: str, brand_ids: Collection[str], product_ids: Collection[str] = ()
) -> Names:
    known = products.facts(session, tenant_id, sorted(product_ids)) if product_ids else {}
    return Names(
        brands.names(session, tenant_id, brand_ids), {each: facts.name for each, facts in known.items()}
    )


def badge_of(code: str) -> Badge:
    """Raises KeyError for a code that no page knows."""
    return BADGES[code]


def _strength(signal: Signal) -> Badge:
    if signal.code is SignalCode.S5:
        return _IN_FAVOUR
    copied = signal.code in (SignalCode.S2, SignalCode.S3)
    return (_OF_COPIES if copied else STRENGTHS)[signal.strength]


def _quoted(signal: Signal, say: Say) -> tuple[tuple[str, str], ...]:
    """Words and numbers as they were read, and whether a picture was mirrored."""
    told = [(say(N_("Read")), each) for each in words_found(signal, say)]
    if signal.evidence.get("mirrored"):
        told.append((say(N_("Edited")), say(N_("mirrored"))))
    return tuple(told)


def _figures(signal: Signal, say: Say) -> tuple[tuple[str, str], ...]:
    shown = {key: signal.evidence.get(key) for key in _FIGURES}
    told = [(say(_FIGURES[key]), _value(value)) for key, value in shown.items() if value is not None]
    scores = signal.evidence.get("scores")
    if isinstance(scores, Mapping):
        told.append((say(N_("Likeness")), ", ".join(f"{key} {_value(each)}" for key, each in scores.items())))
    if "not_compared" in signal.evidence:
        told.append((say(N_("Not compared")), str(signal.evidence["not_compared"])))
    return tuple(told)


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.{_DIGITS}f}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_value, value))
    return str(value)
