"""The shapes in which a decision is told: to the marketplace, an inspector, a brand owner, an auditor."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from model.copies.verification import CopyKind
from model.products import Verdict
from service.screening.outcome import Action, Decision, Priority, ReasonCode
from service.screening.readings import NotRead, ReadCode, ReadLine
from service.screening.record import Band, DecisionRecord
from service.screening.signals import Family, SignalCode


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(_View):
    code: ReasonCode
    message_key: str
    message: str


class ActionView(_View):
    action: Action
    message_key: str
    message: str


class HookView(_View):
    """For the marketplace. It has no place for a score, a threshold, or whose reference matched."""

    id: str
    reference: str | None
    """The caller's own."""
    decision: Decision
    decided_at: datetime
    reasons: list[Reason]
    action_required: ActionView
    appeal_until: datetime | None
    detection_automatic: bool
    decision_automatic: bool
    pictures: list[int]
    """Indexes, from 0, of the caller's pictures that the reasons speak of."""


class CopyView(_View):
    """How a picture and a stored one hang together. Corners are in fractions of each picture's width and height."""

    kind: CopyKind
    band: Band
    mirrored: bool
    picture_region: list[tuple[float, float]]
    original_region: list[tuple[float, float]]


class WordView(_View):
    """Words, or a number, that a signal rests on."""

    kind: str
    """lookalike, replica, other_brand, unnamed, replica_hint, fuzzy, name; of numbers invalid, not_for_trade,
    other_product."""
    written: str
    """As the listing or the picture has them; empty where a reader may not know, or where none are."""
    name: str | None
    """The registered name that they resemble."""
    corners: list[tuple[float, float]]
    """In the signal's picture, in fractions of its width and height; empty for words of title and description."""


class ReadView(_View):
    """What was read in one picture."""

    picture: int
    lines: list[ReadLine]
    """Largest first."""
    codes: list[ReadCode]
    not_read: NotRead | None
    """Why the picture was not read, or not to its end."""


class SignalView(_View):
    code: SignalCode
    family: Family
    strength: str
    brand_id: str | None
    picture: int | None
    matched_id: str | None
    """The reference or known counterfeit that the signal rests on."""
    box: list[float] | None = None
    """Left, top, right, bottom of the part of the picture, in shares of its sides; null for the whole."""
    copied: CopyView | None = None
    """For S2 and S3, once they were looked into."""
    words: list[WordView] = []
    """For S7 and S12, and for S1 by a name that is printed in the picture."""


class CandidateView(_View):
    brand_id: str
    product_id: str
    reference_id: str
    picture: int
    band: Band
    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom of the part that it is about, in shares of the picture; null for the whole."""
    brand_name: str | None = None
    """As it is called now; null when it was removed since."""
    product_name: str | None = None


class ShownView(_View):
    """What a picture shows. Corners are in fractions of each picture's width and height."""

    picture: int
    verdict: Verdict
    band: Band
    brand_id: str
    product_id: str | None
    """Null where the brand can be told and the product cannot."""
    reference_id: str
    picture_region: list[tuple[float, float]]
    original_region: list[tuple[float, float]]


class InspectorView(_View):
    """Advice to a person who decides; never a verdict."""

    id: str
    listing_id: str
    decided_at: datetime
    suggestion: Decision
    priority: Priority | None
    codes: list[ReasonCode]
    candidates: list[CandidateView]
    """At most three brands' best, best first."""
    shown: list[ShownView] = []
    """What was told after a closer look, a picture each."""
    read: list[ReadView] = []
    """What is written in the pictures, where something asked for it."""
    signals: list[SignalView]


class PartyView(_View):
    name: str
    legal_basis: str
    confirmed_at: datetime


class OwnOutcome(_View):
    decision: Decision
    codes: list[ReasonCode]
    appeal_until: datetime | None


class BrandOwnerView(_View):
    """For a brand owner: what concerns its own brands, and nothing that tells of others."""

    id: str
    decided_at: datetime
    outcome: OwnOutcome | None
    """None when it rests on something other than these brands."""
    signals: list[SignalView]
    candidates: list[CandidateView]
    party: PartyView | None


class RecordView(_View):
    """For auditors and administrators: everything."""

    record: DecisionRecord
    sampled: bool
