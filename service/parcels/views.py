"""One inspection record, told to each reader as far as that reader may know; built field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.products import Verdict
from service.messages import Language
from service.parcels.answers import (
    CheckView,
    GlareView,
    InspectionView,
    LicenseeView,
    LookView,
    ParcelOut,
    ParcelReason,
    PhotoQualityOut,
    PictureView,
    RecordationView,
    Retake,
    ReviewOut,
    RightView,
)
from service.parcels.models import InspectionReview, Parcel, ParcelState
from service.parcels.quality import GLARE, PhotoQuality
from service.parcels.record import InspectedPicture, InspectionRecord, LookMatch
from service.parcels.schemas import Answer, Declaration, Finding, PhotoView
from service.parcels.wording import words
from service.parcels.xray_notes import xray_notes
from service.points.models import IdentificationPoint
from service.rights.models import Disclosure, RightKind
from service.rights.standing import StandingRight
from service.screening.record import Candidate
from service.screening.schemas import CandidateView
from service.screening.views import candidate_view, shown_view, signal_view
from service.sellers.models import AuthorisedSeller

_BRANDS_SHOWN = 3


@dataclass(frozen=True)
class Beside:
    """What is looked up for an officer beside the record, at the time of reading."""

    candidates: Sequence[CandidateView]
    points: Sequence[IdentificationPoint]
    rights: Sequence[StandingRight]
    licensees: Sequence[AuthorisedSeller]
    reviews: Sequence[InspectionReview]


def best_candidates(record: InspectionRecord) -> list[Candidate]:
    """The best of each brand, at most three, likeliest first."""
    best: dict[str, Candidate] = {}
    for each in sorted(record.candidates, key=_likeliest_first):
        best.setdefault(each.brand_id, each)
    return list(best.values())[:_BRANDS_SHOWN]


def candidate_views(record: InspectionRecord) -> list[CandidateView]:
    return [candidate_view(each) for each in best_candidates(record)]


def inspection_view(record: InspectionRecord, beside: Beside, language: Language) -> InspectionView:
    said, outcome = words(language), record.outcome
    return InspectionView(
        id=record.id,
        parcel_id=record.parcel_id,
        inspected_at=record.inspected_at,
        advice=outcome.advice,
        message_key=f"advice.{outcome.advice}",
        message=said[f"advice.{outcome.advice}"],
        reasons=[
            ParcelReason(code=code, message_key=f"reason.{code}", message=said[f"reason.{code}"])
            for code in outcome.codes
        ],
        pictures=[_picture(each) for each in record.pictures],
        retake=[_retake(each, said) for each in record.pictures if each.faults],
        candidates=list(beside.candidates),
        shown=[shown_view(each) for each in record.shown if each.verdict is not Verdict.UNKNOWN],
        signals=[signal_view(each) for each in record.findings.signals if each.strength],
        checklist=[_check(each) for each in beside.points],
        rights=[_right(each) for each in beside.rights],
        licensees=[_licensee(each) for each in beside.licensees],
        look=[_look(each) for each in record.look],
        xray=record.xray,
        xray_notes=xray_notes(record, said),
        reviews=[review_out(each) for each in beside.reviews],
    )


def parcel_out(parcel: Parcel) -> ParcelOut:
    return ParcelOut(
        id=parcel.id,
        reference=parcel.reference,
        state=ParcelState(parcel.state),
        declaration=Declaration.model_validate(parcel.declaration),
        inspection_id=parcel.latest_inspection_id,
        outcome=Finding(parcel.outcome) if parcel.outcome else None,
        created_at=parcel.created_at,
        opened_at=parcel.opened_at,
        decided_at=parcel.decided_at,
    )


def review_out(row: InspectionReview) -> ReviewOut:
    return ReviewOut(
        id=row.id,
        inspection_id=row.inspection_id,
        answer=Answer(row.answer),
        reason=row.reason,
        given_at=row.given_at,
    )


def quality_out(found: PhotoQuality, language: Language) -> PhotoQualityOut:
    said = words(language)
    named = [*found.faults, *([GLARE] if found.glare else [])]
    return PhotoQualityOut(
        width=found.width,
        height=found.height,
        usable=not found.faults,
        faults=list(found.faults),
        glare=[GlareView(box=(g.left, g.top, g.right, g.bottom), share=g.share) for g in found.glare],
        how=[said[f"retake.{each}"] for each in named],
    )


def _picture(picture: InspectedPicture) -> PictureView:
    return PictureView(
        index=picture.index, sha256=picture.sha256, modality=picture.modality, view=picture.view
    )


def _retake(picture: InspectedPicture, said: dict[str, str]) -> Retake:
    view = picture.view or PhotoView.GOODS
    return Retake(
        picture=picture.index,
        view=view,
        what=said[f"view.{view}"],
        faults=list(picture.faults),
        how=[said[f"retake.{each}"] for each in picture.faults],
    )


def _check(point: IdentificationPoint) -> CheckView:
    return CheckView(
        point_id=point.id,
        reference_id=point.reference_id,
        name=point.name,
        genuine=point.genuine,
        counterfeit=point.counterfeit,
        box=(point.x0, point.y0, point.x1, point.y1),
    )


def _right(standing: StandingRight) -> RightView:
    right = standing.right
    return RightView(
        right_id=right.id,
        brand_id=right.brand_id,
        kind=RightKind(right.kind),
        office=right.office,
        number=right.number,
        expires_on=right.expires_on,
        disclosure=Disclosure(right.disclosure),
        recordations=[
            RecordationView(
                authority=each.authority,
                number=each.number,
                valid_until=each.valid_until,
                disclosure=Disclosure(each.disclosure),
            )
            for each in standing.recordations
        ],
    )


def _licensee(row: AuthorisedSeller) -> LicenseeView:
    return LicenseeView(
        brand_id=row.brand_id,
        name=row.seller,
        category=row.category,
        territory=row.territory,
        valid_until=row.valid_until,
    )


def _look(match: LookMatch) -> LookView:
    strength = "verified" if match.verified else "near"
    return LookView(parcel_id=match.parcel_id, picture=match.picture, strength=strength)


def _likeliest_first(candidate: Candidate) -> tuple[float, float, int, str]:
    looked_at, likeness = candidate.likeness
    return -float(looked_at), -likeness, candidate.picture, candidate.reference_id
