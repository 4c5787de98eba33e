"""What of a parcel is kept: pictures, sealed names, and each inspection as one record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from service.audit.service import record as audit
from service.clock import now
from service.ids import new_id
from service.listings.keeping import remember_features
from service.listings.versions import versions
from service.parcels import repository
from service.parcels.evidence import ParcelEvidence
from service.parcels.models import Inspection, Parcel, ParcelParties, ParcelPicture, ParcelState
from service.parcels.pictures import Looked, Sent
from service.parcels.record import InspectionRecord
from service.parcels.schemas import ParcelIn
from service.parcels.sealing import Parties, PartySeal
from service.parcels.traits import traits_of
from service.runtime import Runtime
from service.screening.outcome import sampled
from service.screening.parcel_outcome import ParcelOutcome
from service.screening.parcel_policy import ParcelPolicy
from service.screening.policy import Policy
from service.security.principals import Principal
from service.vectors.serving import Serving
from service.webhooks.service import publish

SAMPLE_RATE = 0.01
"""Share of parcels drawn to be opened whatever their rank."""


@dataclass(frozen=True, eq=False)
class Inspected:
    """The result of an inspection, before it is kept."""

    looked: Looked
    evidence: ParcelEvidence
    outcome: ParcelOutcome
    serving: Serving
    policies: tuple[ParcelPolicy, Policy]
    timings_ms: dict[str, float]


def new_parcel(principal: Principal, new: ParcelIn, sender_key: str | None) -> Parcel:
    parcel_id = new_id("pcl")
    return Parcel(
        id=parcel_id,
        tenant_id=principal.tenant_id,
        organisation_id=principal.organisation_id,
        reference=new.reference,
        declaration=new.declaration.model_dump(mode="json"),
        sender_key=sender_key,
        state=ParcelState.WAITING.value,
        sampled=sampled(parcel_id, SAMPLE_RATE),
        latest_inspection_id=None,
        created_at=now(),
    )


def keep_parties(session: Session, runtime: Runtime, parcel: Parcel, parties: Parties) -> None:
    """Sealed, and only where there are any; what has expired meanwhile is erased by the way."""
    erase_expired(session, parcel.tenant_id)
    if parties.sender is None and parties.addressee is None:
        return
    seal = PartySeal(runtime.settings.signing_key())
    days = timedelta(days=runtime.settings.party_retention_days)
    session.add(
        ParcelParties(
            parcel_id=parcel.id,
            tenant_id=parcel.tenant_id,
            sealed=seal.seal(parcel.id, parties),
            expires_at=parcel.created_at + days,
        )
    )


def erase_expired(session: Session, tenant_id: str) -> int:
    """Names whose time has passed are gone, and senders of no confirmed counterfeit are not known again."""
    return len(repository.erase_parties(session, tenant_id, now()))


def keep_pictures(session: Session, parcel: Parcel, sent: Sequence[tuple[Sent, str]], first: int) -> None:
    """
    Args:
        sent: pictures with the digest under which their bytes are stored already.
        first: how many the parcel has by now.
    """
    session.add_all(
        ParcelPicture(
            parcel_id=parcel.id,
            number=first + at,
            tenant_id=parcel.tenant_id,
            sha256=digest,
            modality=each.modality.value,
            view=each.view.value if each.view else None,
            added_at=now(),
        )
        for at, (each, digest) in enumerate(sent)
    )


def keep_inspection(
    session: Session, principal: Principal, parcel: Parcel, inspected: Inspected
) -> Inspection:
    """The record, the features it rests on, an entry in the audit log and an event."""
    remember_features(session, parcel.tenant_id, inspected.looked.photos)
    record = _record(parcel, inspected)
    outcome = record.outcome
    row = Inspection(
        id=record.id,
        tenant_id=parcel.tenant_id,
        parcel_id=parcel.id,
        supersedes=parcel.latest_inspection_id,
        advice=outcome.advice.value,
        rule=outcome.rule,
        brand_id=outcome.brand_id,
        traits=traits_of(record.findings, record.candidates, outcome, record.value_ratios),
        record=record.model_dump(mode="json"),
        inspected_at=record.inspected_at,
    )
    session.add(row)
    parcel.latest_inspection_id = row.id
    session.flush()
    audit(session, principal, "parcel.inspected", row.id, {"parcel": parcel.id, "advice": row.advice})
    event = {"inspection_id": row.id, "parcel_id": parcel.id, "advice": row.advice}
    publish(session, parcel.tenant_id, "parcel.inspected", event, parcel.organisation_id)
    return row


def _record(parcel: Parcel, inspected: Inspected) -> InspectionRecord:
    evidence, (policy, listings) = inspected.evidence, inspected.policies
    made_with = versions(inspected.serving, listings)
    return InspectionRecord(
        id=new_id("ins"),
        parcel_id=parcel.id,
        tenant_id=parcel.tenant_id,
        inspected_at=now(),
        outcome=inspected.outcome,
        findings=evidence.findings,
        standing=evidence.standing,
        pictures=inspected.looked.inspected(),
        candidates=evidence.candidates,
        shown=evidence.shown,
        value_ratios=evidence.value_ratios,
        xray=evidence.xray,
        look=evidence.look,
        versions=made_with.model_copy(update={"policy": policy.version, "policy_digest": policy.digest}),
        timings_ms=inspected.timings_ms,
    )
