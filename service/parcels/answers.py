"""The shapes in which parcels, inspections and what officers said are told."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from index.base import Modality
from service.parcels.models import ParcelState
from service.parcels.record import InspectionRecord, XrayEvidence
from service.parcels.schemas import Answer, Declaration, Finding, Party, PhotoView
from service.rights.models import Disclosure, RightKind
from service.screening.parcel_outcome import Advice, ParcelCode
from service.screening.schemas import CandidateView, ShownView, SignalView


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ParcelOut(_View):
    """It has no place for a name; those are read by themselves."""

    id: str
    reference: str
    state: ParcelState
    declaration: Declaration
    inspection_id: str | None
    outcome: Finding | None
    created_at: datetime
    opened_at: datetime | None
    decided_at: datetime | None


class PartiesOut(_View):
    sender: Party | None
    addressee: Party | None
    kept_until: datetime


class ParcelReason(_View):
    code: ParcelCode
    message_key: str
    message: str


class Retake(_View):
    """A photo to take again."""

    picture: int
    view: PhotoView
    what: str
    """In words, what it should show."""
    faults: list[str]
    how: list[str]
    """In words, what to do otherwise; one for each fault."""


class PictureView(_View):
    index: int
    sha256: str
    modality: Modality
    view: PhotoView | None


class CheckView(_View):
    """An identification point to look at on the goods. Secret outside owner and customs."""

    point_id: str
    reference_id: str
    name: str
    genuine: str
    counterfeit: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom on the reference, in shares of its sides."""


class RecordationView(_View):
    authority: str
    number: str
    valid_until: date | None
    disclosure: Disclosure


class RightView(_View):
    right_id: str
    brand_id: str
    kind: RightKind
    office: str
    number: str
    expires_on: date | None
    disclosure: Disclosure
    recordations: list[RecordationView]


class LicenseeView(_View):
    brand_id: str
    name: str
    category: str | None
    territory: str | None
    valid_until: date | None


class LookView(_View):
    """An earlier stopped parcel that looks like this one."""

    parcel_id: str
    picture: int
    strength: str
    """`near` or `verified`."""


class ReviewOut(_View):
    id: str
    inspection_id: str
    answer: Answer
    reason: str
    given_at: datetime


class InspectionView(_View):
    """Advice to the officer who decides; never a verdict."""

    id: str
    parcel_id: str
    inspected_at: datetime
    advice: Advice
    message_key: str
    message: str
    reasons: list[ParcelReason]
    pictures: list[PictureView]
    retake: list[Retake]
    candidates: list[CandidateView]
    """At most three brands' best, best first, in bands."""
    shown: list[ShownView]
    signals: list[SignalView]
    checklist: list[CheckView]
    rights: list[RightView]
    licensees: list[LicenseeView]
    look: list[LookView]
    xray: XrayEvidence
    xray_notes: list[str]
    """In words, what the captures show."""
    reviews: list[ReviewOut]


class InspectionRecordView(_View):
    """For auditors and administrators: everything that was recorded."""

    record: InspectionRecord


class Inspected(_View):
    """A parcel with the inspection that was just made of it."""

    parcel: ParcelOut
    inspection: InspectionView


class OutcomeOut(_View):
    parcel: ParcelOut
    verdict_id: str


class GlareView(_View):
    box: tuple[float, float, float, float]
    share: float


class PhotoQualityOut(_View):
    width: int
    height: int
    usable: bool
    faults: list[str]
    glare: list[GlareView]
    how: list[str]
    """What to do otherwise, in words."""


class PhotoQualities(_View):
    photos: list[PhotoQualityOut]
    """In the order sent."""
