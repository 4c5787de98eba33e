"""The one record of an inspection, from which every view is made and which can be advised on again."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from index.base import Modality
from service.parcels.schemas import PhotoView
from service.screening.findings import Findings
from service.screening.parcel_outcome import ParcelOutcome
from service.screening.parcel_policy import ParcelPolicy, Standing, advise
from service.screening.record import Candidate, PolicyMismatch, ShownProduct, Versions


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InspectedPicture(_Kept):
    index: int = Field(ge=0)
    """Photos of the goods come first, then those of the outside, then X-ray captures."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    modality: Modality
    view: PhotoView | None
    faults: tuple[str, ...] = ()


class XrayEvidence(_Kept):
    """What the X-ray captures say: categories and counts, and never a word about authenticity."""

    captures: tuple[int, ...] = ()
    """Indexes of the captures."""
    reader: str | None = None
    """What read them; None where nothing did."""
    readings: tuple[dict[str, JsonValue], ...] = ()
    """One a capture, in the reader's own form."""


class LookMatch(_Kept):
    """An earlier stopped parcel that this one looks like from outside."""

    parcel_id: str
    picture: int = Field(ge=0)
    """Index of this parcel's photo."""
    sha256: str
    """Of the earlier parcel's photo."""
    verified: bool
    inliers: int = Field(ge=0)
    cosine: float = Field(ge=-1.001, le=1.001)


class InspectionRecord(_Kept):
    """What was advised on one parcel, on what evidence, with what. It holds no party's name."""

    id: str
    parcel_id: str
    tenant_id: str
    inspected_at: AwareDatetime
    outcome: ParcelOutcome
    findings: Findings
    """`pictures` counts the photos of the goods."""
    standing: Standing
    pictures: tuple[InspectedPicture, ...]
    candidates: tuple[Candidate, ...]
    shown: tuple[ShownProduct, ...] = ()
    value_ratios: dict[str, float] = {}
    """Product that it could be to the declared value of a piece, divided by what that product usually costs."""
    xray: XrayEvidence = XrayEvidence()
    look: tuple[LookMatch, ...] = ()
    versions: Versions
    timings_ms: dict[str, float]


def advised_again(record: InspectionRecord, policy: ParcelPolicy) -> ParcelOutcome:
    """
    Raises:
        PolicyMismatch: `policy` is not the file that advised.
    """
    if policy.digest != record.versions.policy_digest:
        raise PolicyMismatch(record.versions.policy_digest, policy.digest)
    return advise(policy, record.findings, record.standing)
