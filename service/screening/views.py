"""One decision record, told to each reader as far as that reader may know.

Every view is built field by field from what its reader may see; nothing is copied and then struck out, so that what
is added to a record later stays unseen until someone decides who may see it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from model.copies.verification import CopyKind
from model.products import Verdict
from service.messages import Language, text
from service.screening.outcome import Action, Decision, ReasonCode
from service.screening.readings import ReadPicture
from service.screening.record import Band, Candidate, DecisionRecord, ShownProduct
from service.screening.rules.text import WordKind
from service.screening.schemas import (
    ActionView,
    BrandOwnerView,
    CandidateView,
    CopyView,
    HookView,
    InspectorView,
    OwnOutcome,
    PartyView,
    ReadView,
    Reason,
    RecordView,
    ShownView,
    SignalView,
    WordView,
)
from service.screening.signals import Signal, SignalCode, Strength

APPEAL_DAYS = 180
_APPEALABLE = frozenset({Decision.BLOCK, Decision.REVIEW, Decision.NEEDS_DOCUMENTS})
_CANDIDATES_SHOWN = 3
_MATCHED = ("reference_id", "counterfeit_id")


@dataclass(frozen=True)
class Disclosure:
    """A party's name, which a brand owner may have once the case is confirmed and the law allows it."""

    party_name: str
    confirmed_at: datetime
    legal_basis: str

    def __post_init__(self) -> None:
        if not self.legal_basis.strip():
            raise ValueError("A party's name is disclosed only with the legal basis for it.")


def hook_view(record: DecisionRecord, language: Language) -> HookView:
    """For the marketplace that asked."""
    outcome = record.outcome
    return HookView(
        id=record.id,
        reference=record.caller_reference,
        decision=outcome.decision,
        decided_at=record.decided_at,
        reasons=[_reason(code, language) for code in outcome.codes],
        action_required=_action(outcome.action_required, language),
        appeal_until=appeal_until(record),
        detection_automatic=record.detection_automatic,
        decision_automatic=record.decision_automatic,
        pictures=list(outcome.pictures),
    )


def inspector_view(record: DecisionRecord) -> InspectorView:
    """For an officer: up to three brands it could be, in bands, and what was noticed."""
    best: dict[str, Candidate] = {}
    for candidate in _best_first(record.candidates):
        best.setdefault(candidate.brand_id, candidate)
    return InspectorView(
        id=record.id,
        listing_id=record.listing_id,
        decided_at=record.decided_at,
        suggestion=record.outcome.decision,
        priority=record.outcome.priority,
        codes=list(record.outcome.codes),
        candidates=[candidate_view(each) for each in list(best.values())[:_CANDIDATES_SHOWN]],
        shown=[shown_view(each) for each in record.shown if each.verdict is not Verdict.UNKNOWN],
        read=[_read(each) for each in record.readings],
        signals=[signal_view(signal) for signal in record.findings.signals if signal.strength],
    )


def brand_owner_view(
    record: DecisionRecord, brands: Collection[str], disclosure: Disclosure | None = None
) -> BrandOwnerView | None:
    """For the owner of `brands`; None when nothing in the record concerns them (answer that as not found)."""
    signals = [each for each in record.findings.signals if each.strength and each.brand_id in brands]
    candidates = [each for each in _best_first(record.candidates) if each.brand_id in brands]
    if not signals and not candidates:
        return None
    return BrandOwnerView(
        id=record.id,
        decided_at=record.decided_at,
        outcome=_own_outcome(record) if record.outcome.brand_id in brands else None,
        signals=[_without_others(signal_view(each)) for each in signals],
        candidates=[candidate_view(each) for each in candidates],
        party=_party(disclosure) if disclosure else None,
    )


def record_view(record: DecisionRecord) -> RecordView:
    """For auditors and administrators."""
    return RecordView(record=record, sampled=record.is_sampled)


def appeal_until(record: DecisionRecord) -> datetime | None:
    """Until when the decision can be appealed; None where there is nothing to appeal."""
    if record.outcome.decision not in _APPEALABLE:
        return None
    return record.decided_at + timedelta(days=APPEAL_DAYS)


def _reason(code: ReasonCode, language: Language) -> Reason:
    key = f"reason.{code}"
    return Reason(code=code, message_key=key, message=text(key, language))


def _action(action: Action, language: Language) -> ActionView:
    key = f"action.{action}"
    return ActionView(action=action, message_key=key, message=text(key, language))


def _best_first(candidates: Collection[Candidate]) -> list[Candidate]:
    return sorted(
        candidates, key=lambda each: (*(-part for part in each.likeness), each.picture, each.reference_id)
    )


def candidate_view(candidate: Candidate) -> CandidateView:
    """With a band instead of decimals; the names are for the reader's service to add."""
    return CandidateView(
        brand_id=candidate.brand_id,
        product_id=candidate.product_id,
        reference_id=candidate.reference_id,
        picture=candidate.picture,
        band=candidate.band,
        box=candidate.box,
    )


def shown_view(shown: ShownProduct) -> ShownView:
    told = shown.verdict is Verdict.PRODUCT
    return ShownView(
        picture=shown.picture,
        verdict=shown.verdict,
        band=Band.STRONG if told else Band.MODERATE,
        brand_id=shown.brand_id,
        product_id=shown.product_id if told else None,
        reference_id=shown.reference_id,
        picture_region=list(shown.query_region),
        original_region=list(shown.reference_region),
    )


def signal_view(signal: Signal) -> SignalView:
    matched = next((signal.evidence[key] for key in _MATCHED if key in signal.evidence), None)
    return SignalView(
        code=signal.code,
        family=signal.code.family,
        strength=signal.strength.name.lower(),
        brand_id=signal.brand_id,
        picture=signal.picture,
        matched_id=matched if isinstance(matched, str) else None,
        box=_box(signal),
        copied=_copied(signal),
        words=_words(signal),
    )


def _words(signal: Signal) -> list[WordView]:
    words = signal.evidence.get("words")
    return [WordView.model_validate(each) for each in words] if isinstance(words, list) else []


def _without_others(view: SignalView) -> SignalView:
    """For a brand's owner: that another brand is named instead, and not which."""
    told = [
        each.model_copy(update={"written": ""}) if each.kind == WordKind.OTHER_BRAND else each
        for each in view.words
    ]
    return view.model_copy(update={"words": told})


def _read(read: ReadPicture) -> ReadView:
    return ReadView(
        picture=read.picture, lines=list(read.lines), codes=list(read.codes), not_read=read.not_read
    )


def _box(signal: Signal) -> list[float] | None:
    box = signal.evidence.get("box")
    return [float(side) for side in box if isinstance(side, int | float)] if isinstance(box, list) else None


def _copied(signal: Signal) -> CopyView | None:
    """None where nothing was compared point by point, as in decisions from before there was such a thing."""
    evidence = signal.evidence
    of_copies = signal.code in (SignalCode.S2, SignalCode.S3)
    if not of_copies or "kind" not in evidence or evidence["kind"] == CopyKind.NONE:
        return None
    verified = signal.strength is Strength.STRONG
    return CopyView.model_validate(
        {
            "kind": evidence["kind"],
            "band": Band.STRONG if verified else Band.MODERATE,
            "mirrored": evidence.get("mirrored", False),
            "picture_region": evidence.get("query_region", []),
            "original_region": evidence.get("reference_region", []),
        }
    )


def _own_outcome(record: DecisionRecord) -> OwnOutcome:
    outcome = record.outcome
    return OwnOutcome(decision=outcome.decision, codes=list(outcome.codes), appeal_until=appeal_until(record))


def _party(disclosure: Disclosure) -> PartyView:
    return PartyView(
        name=disclosure.party_name, legal_basis=disclosure.legal_basis, confirmed_at=disclosure.confirmed_at
    )
