"""An inspection as what a case is about."""

from __future__ import annotations

from sqlalchemy.orm import Session

import service.parcels.service as parcels
from service.cases.models import SubjectKind
from service.cases.subjects import Subject, subject_closer, subject_reader
from service.errors import NotFound
from service.parcels.outcomes import JudgedInspection, settle
from service.parcels.record import InspectionRecord
from service.parcels.schemas import Finding
from service.security.principals import Principal, Role
from service.verdicts.models import VerdictOutcome

_READERS = (Role.INSPECTOR, Role.AUDITOR, Role.ADMIN)


@subject_reader(SubjectKind.INSPECTION)
def read_inspection(session: Session, principal: Principal, inspection_id: str) -> Subject:
    """Photos of the goods alone: neither the parcel's outside, which shows names, nor X-rays.

    Raises:
        NotFound: there is none that the principal may see.
    """
    if principal.role not in _READERS:
        raise NotFound(f"There is no inspection {inspection_id} that this key may see.")
    inspection = parcels.inspection_of(session, principal, inspection_id)
    parcel = parcels.get(session, principal, inspection.parcel_id)
    record = InspectionRecord.model_validate(inspection.record)
    signals = record.findings.signals
    spoken_of = [inspection.brand_id, *(each.brand_id for each in signals if each.strength)]
    return Subject(
        organisation_id=parcel.organisation_id,
        brand_ids=tuple(dict.fromkeys(each for each in spoken_of if each is not None)),
        pictures=tuple(each.sha256 for each in record.pictures[: record.findings.pictures]),
        judged=JudgedInspection(
            id=inspection.id,
            organisation_id=parcel.organisation_id,
            decision=inspection.advice,
            rule=f"parcel-{inspection.rule}",
            brand_id=inspection.brand_id,
            seller=parcel.sender_key or "",
        ),
        signals=tuple(signals),
        seller=parcel.sender_key or "",
    )


@subject_closer(SubjectKind.INSPECTION)
def close_parcel(session: Session, principal: Principal, inspection_id: str, outcome: VerdictOutcome) -> None:
    """The case's decision is the parcel's outcome; its verdict was given already."""
    inspection = parcels.inspection_of(session, principal, inspection_id)
    parcel = parcels.get(session, principal, inspection.parcel_id)
    settle(session, principal, parcel, inspection, Finding(outcome.value))
