"""Takes parcels in and inspects them: pictures and declaration → signals → policy → advice, all recorded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy.orm import Session

from index.base import Modality
from service.audit.service import record as audit
from service.clock import now
from service.deadline import Deadline, OutOfTime, Stopwatch
from service.errors import Conflict, NotFound, Unavailable
from service.listings.question import Comparing
from service.parcels import repository
from service.parcels.evidence import Subject, gather_parcel
from service.parcels.keeping import Inspected, keep_inspection, keep_parties, keep_pictures, new_parcel
from service.parcels.models import Inspection, Parcel, ParcelPicture, ParcelState
from service.parcels.pictures import Sent, look
from service.parcels.repeating import are_last, is_same
from service.parcels.schemas import Declaration, ParcelIn, Party, PhotoView
from service.parcels.sealing import Parties, PartySeal
from service.policies.service import in_force
from service.runtime import Runtime
from service.screening.parcel_policy import ParcelPolicy, advise, load_parcel_policy
from service.security.principals import Principal

PATIENCE_SECONDS = 60.0
"""An officer waits a little for a parcel on the table; no marketplace page hangs on it."""


class ParcelKnown(Conflict):
    slug = "parcel-known"
    title = "Your organisation has a parcel of that reference"
    help = "Add pictures to the one that the member `parcel_id` names, or use another reference."


class InspectionTooSlow(Unavailable):
    slug = "inspection-too-slow"
    title = "The inspection took too long"
    help = "Nothing was kept. Wait for the seconds that the header Retry-After names and send it again."


class AlreadyDecided(Conflict):
    slug = "parcel-decided"
    title = "The parcel was decided on already"
    help = "Record another outcome to correct it; pictures are added before there is one."


@cache
def parcel_policy() -> ParcelPolicy:
    return load_parcel_policy()


def register(
    runtime: Runtime, principal: Principal, new: ParcelIn, sent: Sequence[Sent], *, repeatable: bool = False
) -> tuple[Parcel, Inspection]:
    """Inspect a parcel and keep it, or nothing of it.

    Args:
        repeatable: the same parcel sent again, as after a lost answer, is answered as it stands and not refused.

    Raises:
        ParcelKnown: the organisation has one of that reference.
        PictureRefused, TooManyParcelPictures: a picture cannot be had.
        InspectionTooSlow, IndexNotReady: not now.
    """
    with runtime.database.read() as session:
        held = _referenced(session, principal, new.reference)
        if held is not None:
            if not (repeatable and is_same(session, runtime.settings.signing_key(), held, new, sent)):
                raise _known(held)
            return held, latest_of(session, principal, held)
    sender_key = PartySeal(runtime.settings.signing_key()).sender_key(principal.tenant_id, new.sender)
    parcel = new_parcel(principal, new, sender_key)
    inspected = _inspect(runtime, parcel, new.addressee, sent)
    stored = [(each, runtime.blobs.put(each.data)) for each in sent]
    with runtime.database.write() as session:
        if (held := _referenced(session, principal, new.reference)) is not None:
            raise _known(held)
        session.add(parcel)
        session.flush()
        keep_parties(session, runtime, parcel, Parties(new.sender, new.addressee))
        keep_pictures(session, parcel, stored, 0)
        audit(session, principal, "parcel.create", parcel.id, {"pictures": len(sent)})
        inspection = keep_inspection(session, principal, parcel, inspected)
    return parcel, inspection


def inspect_again(
    runtime: Runtime, principal: Principal, parcel_id: str, sent: Sequence[Sent], *, repeatable: bool = False
) -> tuple[Parcel, Inspection]:
    """With all pictures that the parcel has, and these.

    Args:
        repeatable: pictures that were added last, as before an answer was lost, are not added again.

    Raises:
        NotFound: there is no such parcel.
        AlreadyDecided: it has an outcome.
    """
    with runtime.database.read() as session:
        parcel = get(session, principal, parcel_id)
        if repeatable and are_last(session, parcel, sent):
            return parcel, latest_of(session, principal, parcel)
        held = repository.pictures(session, principal.tenant_id, parcel_id)
        parties = repository.parties(session, principal.tenant_id, parcel_id)
    if parcel.state == ParcelState.DECIDED.value:
        raise AlreadyDecided(f"Parcel {parcel_id} has an outcome.")
    seal = PartySeal(runtime.settings.signing_key())
    addressee = seal.open(parcel_id, parties.sealed).addressee if parties else None
    earlier = [
        Sent(
            runtime.blobs.get(each.sha256),
            Modality(each.modality),
            PhotoView(each.view) if each.view else None,
        )
        for each in held
    ]
    inspected = _inspect(runtime, parcel, addressee, [*earlier, *sent])
    stored = [(each, runtime.blobs.put(each.data)) for each in sent]
    with runtime.database.write() as session:
        parcel = get(session, principal, parcel_id)
        first = len(repository.pictures(session, principal.tenant_id, parcel_id))
        keep_pictures(session, parcel, stored, first)
        inspection = keep_inspection(session, principal, parcel, inspected)
    return parcel, inspection


def get(session: Session, principal: Principal, parcel_id: str) -> Parcel:
    """Raises: NotFound: the tenant has no such parcel."""
    found = repository.parcel(session, principal.tenant_id, parcel_id)
    if found is None:
        raise NotFound(f"There is no parcel {parcel_id} that this key may see.")
    return found


def picture_of(session: Session, principal: Principal, parcel_id: str, sha256: str) -> ParcelPicture:
    """Raises: NotFound: the tenant has no such parcel, or the parcel no such picture."""
    parcel = get(session, principal, parcel_id)
    for each in repository.pictures(session, principal.tenant_id, parcel.id):
        if each.sha256 == sha256:
            return each
    raise NotFound(f"Parcel {parcel_id} has no picture {sha256}.")


def page(
    session: Session, principal: Principal, state: ParcelState | None, limit: int, after: str | None
) -> Sequence[Parcel]:
    return repository.page(session, principal.tenant_id, state.value if state else None, limit, after)


def inspection_of(session: Session, principal: Principal, inspection_id: str) -> Inspection:
    """Raises: NotFound: the tenant has no such inspection."""
    found = repository.inspection(session, principal.tenant_id, inspection_id)
    if found is None:
        raise NotFound(f"There is no inspection {inspection_id} that this key may see.")
    return found


def inspected_picture(session: Session, principal: Principal, inspection_id: str, sha256: str) -> str:
    """The key of an inspection's picture, which is its digest.

    Raises:
        NotFound: the tenant has no such inspection, or the inspection no such picture.
    """
    pictures = inspection_of(session, principal, inspection_id).record["pictures"]
    for each in pictures:
        if each["sha256"] == sha256:
            return sha256
    raise NotFound(f"Inspection {inspection_id} has no picture {sha256}.")


def latest_of(session: Session, principal: Principal, parcel: Parcel) -> Inspection:
    return inspection_of(session, principal, parcel.latest_inspection_id or "")


def open_parcel(session: Session, principal: Principal, parcel_id: str) -> Parcel:
    """Note that officers begin to look inside; repeated, it changes nothing."""
    parcel = get(session, principal, parcel_id)
    if parcel.state == ParcelState.WAITING.value:
        parcel.state, parcel.opened_at = ParcelState.OPENED.value, now()
        session.flush()
        audit(session, principal, "parcel.open", parcel.id)
    return parcel


def _referenced(session: Session, principal: Principal, reference: str) -> Parcel | None:
    return repository.referenced(session, principal.tenant_id, principal.organisation_id, reference)


def _known(held: Parcel) -> ParcelKnown:
    return ParcelKnown(f"There is a parcel {held.reference!r} already: {held.id}.", parcel_id=held.id)


def _inspect(runtime: Runtime, parcel: Parcel, addressee: Party | None, sent: Sequence[Sent]) -> Inspected:
    deadline, watch, serving = Deadline(PATIENCE_SECONDS), Stopwatch(), runtime.vectors.serving()
    try:
        looked = look(runtime, serving, parcel.tenant_id, sent, deadline)
        watch.lap("see")
        declaration = Declaration.model_validate(parcel.declaration)
        subject = Subject(
            parcel.tenant_id, parcel.id, declaration, parcel.sender_key, addressee, looked, now()
        )
        with runtime.database.read() as session:
            standing = in_force(session, parcel.tenant_id, runtime.settings.rule_status)
            policies = parcel_policy(), standing.policy
            comparing = Comparing(runtime, deadline)
            evidence = gather_parcel(session, serving, comparing, policies, subject)
        watch.lap("gather")
    except OutOfTime as late:
        raise InspectionTooSlow(f"The inspection was not done: {late}.", retry_after=5) from late
    outcome = advise(policies[0], evidence.findings, evidence.standing)
    return Inspected(looked, evidence, outcome, serving, policies, watch.laps)
