"""The exchange at the border of its own house: what administrators send and see."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.exchange.incoming.repository import SignalRow
from service.exchange.keys import Word
from service.exchange.models import Incident, Introduction, Partner, PartnerState, PartyKind, PictureState
from service.exchange.wire import Address, OpinionKind, Place, Signal, SubjectKind, Text
from service.fields import BlankIsNone, Name
from service.house_key import fingerprint


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewIntroduction(_Given):
    name: Name
    kind: PartyKind
    address: Address = ""
    """Base URL under which partners reach this installation; empty where they cannot."""
    place: Annotated[Place | None, BlankIsNone] = None
    """Where its stops happen: a country or a UN/LOCODE."""


class NewPartner(_Given):
    card: Annotated[str, StringConstraints(min_length=2, max_length=8192)]
    """What the partner's `mizugiwa exchange introduce` printed, as text."""


class Acceptance(_Given):
    fingerprint: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    """As the partner read it out, by another way than its card came."""


class Sharing(_Given):
    """What is left out stays as it is."""

    shares: bool = False
    shares_pictures: bool = False
    shares_descriptors: bool = False
    brands: list[Annotated[str, StringConstraints(max_length=40)]] | None = Field(None, max_length=1000)
    """Ids of the brands that it is told of; null means all."""


class GivenOpinion(_Given):
    opinion: OpinionKind


class NewNominal(_Given):
    subject: SubjectKind
    value: Text
    purpose: Text
    legal_basis: Text
    expires_at: datetime
    signal: Word | None = None
    """The signal of ours that it belongs to."""


class IntroductionOut(BaseModel):
    name: str
    kind: PartyKind
    address: str
    place: str | None
    fingerprint: str
    """To be read out to the partner."""
    card: str
    """To be handed to the partner."""

    @classmethod
    def of(cls, row: Introduction, public_key: str, card: str) -> IntroductionOut:
        return cls(
            name=row.name,
            kind=PartyKind(row.kind),
            address=row.address,
            place=row.place or None,
            fingerprint=fingerprint(public_key),
            card=card,
        )


class PartnerOut(BaseModel):
    id: str
    name: str
    kind: PartyKind
    house: str
    address: str
    state: PartnerState
    fingerprint: str
    enrolled_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    shares: bool
    shares_pictures: bool
    shares_descriptors: bool
    brands: list[str] | None
    sent: int
    """Messages that were put into its feed."""
    delivered: int
    """Up to which it is known to have them."""
    received: int
    """Up to where its own feed was read."""
    heard_at: datetime | None
    failure: str | None

    @classmethod
    def of(cls, row: Partner) -> PartnerOut:
        return cls(
            id=row.id,
            name=row.name,
            kind=PartyKind(row.kind),
            house=row.house,
            address=row.address,
            state=PartnerState(row.state),
            fingerprint=fingerprint(row.public_key),
            enrolled_at=row.enrolled_at,
            accepted_at=row.accepted_at,
            ended_at=row.ended_at,
            shares=row.shares,
            shares_pictures=row.shares_pictures,
            shares_descriptors=row.shares_descriptors,
            brands=row.brands,
            sent=row.sent_sequence,
            delivered=row.sent_pushed,
            received=row.got_through,
            heard_at=row.heard_at,
            failure=row.failure,
        )


class WouldLeave(BaseModel):
    """A message as it would be signed: everything in it, and nothing beside it, leaves the house."""

    slot: str
    type: str
    body: dict[str, Any]


class DryRun(BaseModel):
    partner_id: str
    messages: list[WouldLeave]
    """New, changed and withdrawn things that are not in the partner's feed yet."""
    waiting: list[dict[str, Any]]
    """Signed messages in its feed that it is not known to have; as they would be sent."""
    more: bool
    """There is more than is shown."""


class SignalOut(BaseModel):
    """What a partner shared; the sender's disclosure class says whom it may be shown to."""

    id: str
    partner_id: str
    signal: Signal
    brand_id: str | None
    """The brand of this house that it is about; null where none fits, and then it counts in no check."""
    picture: PictureState
    opinion: OpinionKind | None
    """Of this house."""
    disputed: bool
    received_at: datetime

    @classmethod
    def of(cls, row: SignalRow, brand_id: str | None, opinion: OpinionKind | None) -> SignalOut:
        return cls(
            id=row.id,
            partner_id=row.partner_id,
            signal=row.signal,
            brand_id=brand_id,
            picture=row.picture_state,
            opinion=opinion,
            disputed=row.signal.disputes > 0 or opinion is OpinionKind.DISPUTES,
            received_at=row.changed_at,
        )


class NominalOut(BaseModel):
    id: str
    partner_id: str
    subject: SubjectKind
    value: str
    purpose: str
    legal_basis: str
    expires_at: datetime
    signal: str | None
    received_at: datetime


class SentNominal(BaseModel):
    id: str
    partner_id: str
    expires_at: datetime


class PollOut(BaseModel):
    job_id: str


class IncidentOut(BaseModel):
    id: str
    partner_id: str | None
    kind: str
    hour: datetime
    count: int
    detail: str
    last_at: datetime

    @classmethod
    def of(cls, row: Incident) -> IncidentOut:
        return cls(
            id=row.id,
            partner_id=row.party or None,
            kind=row.kind,
            hour=row.hour,
            count=row.count,
            detail=row.detail,
            last_at=row.last_at,
        )
