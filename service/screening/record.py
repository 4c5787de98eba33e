"""The one record of a decision, from which every view is made and which can be decided again."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from model.products import Verdict
from service.screening.findings import Findings
from service.screening.outcome import Outcome, sampled
from service.screening.policy import Policy, decide
from service.screening.readings import ReadPicture
from service.screening.thresholds import IdentityThresholds


class PolicyMismatch(ValueError):
    """A record can be decided again only with the policy file that decided it."""

    def __init__(self, wanted: str, got: str) -> None:
        super().__init__(f"This was decided with the policy of digest {wanted}; load that file, not {got}.")


Region = tuple[tuple[float, float], ...]


class Band(StrEnum):
    """How alike, for people: decimals would be read as a probability of being fake."""

    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"


class PictureRole(StrEnum):
    MAIN = "main"
    FURTHER = "further"


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DecidedPicture(_Kept):
    index: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    role: PictureRole


class Candidate(_Kept):
    """A reference that a picture resembles."""

    brand_id: str
    product_id: str
    reference_id: str
    picture: int = Field(ge=0)
    cosine: float = Field(ge=-1.001, le=1.001)
    score: float = Field(ge=0, le=1)
    """Calibrated similarity."""
    band: Band
    probability: float | None = Field(default=None, ge=0, le=1)
    """That the picture shows this product, after a closer look; None where none was taken."""

    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom of the part that resembles it, in shares of the picture; None for the whole."""

    @property
    def likeness(self) -> tuple[bool, float]:
        """By which candidates are put in order: a closer look counts before none."""
        return (True, self.probability) if self.probability is not None else (False, self.score)


class ShownProduct(_Kept):
    """What one picture shows, as far as a closer look at it told."""

    picture: int = Field(ge=0)
    verdict: Verdict
    brand_id: str
    """The likeliest; known to be right only where the verdict says so."""
    product_id: str
    reference_id: str
    probability: float = Field(ge=0, le=1)
    """That it is this product."""
    brand_probability: float = Field(ge=0, le=1)
    """That it is a product of this brand."""
    unknown: float = Field(ge=0, le=1)
    """That it is none of the products that were compared."""
    query_region: Region = ()
    """Where the reference's frame lies in the picture, in fractions of its sides; empty where no plane is seen."""
    reference_region: Region = ()


class CopyVersions(_Kept):
    """With what copies were sought and verified."""

    views: str
    """Fingerprint of encoder and views together."""
    revision: int = Field(ge=0)
    """Of the index of views, background included."""
    verification: str
    """Of keypoints, and of what weighs them."""


class Versions(_Kept):
    """With these, and the findings, a decision can be replayed."""

    encoder: str
    encoder_fingerprint: str
    index_revision: int = Field(ge=0)
    policy: str
    policy_digest: str
    calibration: str
    copies: CopyVersions | None = None
    """None in decisions from before copies were verified, and where nothing was searched."""
    products: str | None = None
    """Of what ranks products; likewise."""
    reading: str | None = None
    """Of the networks that read; None where nothing was read."""


class Basis(StrEnum):
    """On what a calibration rests."""

    OWN = "own"
    """Verdicts of this house, on decisions made with this encoder."""
    POOLED = "pooled"
    """The invented market that every house starts from, at the share of right findings that is known here."""


class Sureness(_Kept):
    """How likely people confirm the finding: ranks queues, and never leaves the house."""

    score: float
    """Of all the evidence for or against the brand that the outcome names, in log-odds up to a constant."""
    probability: float = Field(ge=0, le=1)
    calibration: str
    """Version of what made a probability of the score."""
    basis: Basis
    weights: str
    """Version of what added the evidence up."""


class DecisionRecord(_Kept):
    """What was decided on one listing, on what evidence, with what. It holds no party's name."""

    id: str
    listing_id: str
    caller_reference: str | None
    tenant_id: str
    decided_at: AwareDatetime
    outcome: Outcome
    findings: Findings
    pictures: tuple[DecidedPicture, ...]
    candidates: tuple[Candidate, ...]
    shown: tuple[ShownProduct, ...] = ()
    """At most one a picture."""
    sureness: Sureness | None = None
    """None in decisions from before it was told."""
    readings: tuple[ReadPicture, ...] = ()
    """What was read in the pictures; empty where nothing asked for it."""
    versions: Versions
    timings_ms: dict[str, float]
    """Stage to milliseconds."""
    budget_ms: float = Field(gt=0)
    detection_automatic: bool = True
    decision_automatic: bool = True

    @model_validator(mode="after")
    def _pictures_are_numbered(self) -> Self:
        if [picture.index for picture in self.pictures] != list(range(len(self.pictures))):
            raise ValueError("pictures are numbered from 0 in the order of the listing")
        return self

    @property
    def is_sampled(self) -> bool:
        return sampled(self.id, self.outcome.sample_rate)

    def canonical(self) -> str:
        """The one JSON text of this record: keys sorted, no white space."""
        document = self.model_dump(mode="json")
        return json.dumps(
            document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )


def band(score: float, thresholds: IdentityThresholds) -> Band:
    """The band of a calibrated similarity in [0, 1]."""
    if score >= thresholds.strong:
        return Band.STRONG
    return Band.MODERATE if score >= thresholds.weak else Band.WEAK


def replay(record: DecisionRecord, policy: Policy) -> Outcome:
    """Decide again on the recorded findings.

    Raises:
        PolicyMismatch: `policy` is not the file that decided.
    """
    if policy.digest != record.versions.policy_digest:
        raise PolicyMismatch(record.versions.policy_digest, policy.digest)
    return decide(policy, record.findings)


def read_record(text: str) -> DecisionRecord:
    """Raises pydantic.ValidationError when the text is not a record."""
    return DecisionRecord.model_validate_json(text)
