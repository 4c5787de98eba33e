"""What of a check is kept: pictures, features, the decision, and what a repeated request is answered with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from service.audit.service import record as audit
from service.clock import now
from service.control import chances
from service.deadline import Deadline, Stopwatch
from service.decisions import repository as decisions
from service.decisions.models import StoredDecision
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.jobs.service import submit
from service.listings import repository
from service.listings.evidence import Evidence
from service.listings.models import (
    IdempotentCheck,
    Listing,
    PendingCheck,
    PictureFeatures,
    ReceivedPicture,
)
from service.listings.pictures import Seen
from service.listings.schemas import ListingIn, PictureIn
from service.listings.versions import versions
from service.runtime import Runtime
from service.screening.outcome import Outcome
from service.screening.policy import Policy
from service.screening.record import DecidedPicture, DecisionRecord, PictureRole
from service.security.principals import Principal
from service.text import fold
from service.vectors.serving import Serving
from service.webhooks.service import publish

FINISH_CHECK = "finish-check"


class IdempotencyConflict(Conflict):
    slug = "idempotency-conflict"
    title = "The idempotency key was used for something else"
    help = "Use a fresh key for a request that differs from the earlier one."


@dataclass(frozen=True)
class Asked:
    """A check that somebody asks for."""

    principal: Principal
    listing: ListingIn
    idempotency_key: str | None = None


@dataclass
class Progress:
    """How far a check came before it was done or its time was up."""

    watch: Stopwatch = field(default_factory=Stopwatch)
    contents: list[bytes] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    serving: Serving | None = None


@dataclass(frozen=True)
class Result:
    evidence: Evidence
    outcome: Outcome


def keep(
    runtime: Runtime,
    asked: Asked,
    policy: Policy,
    result: Result,
    progress: Progress,
    deadline: Deadline,
    finishing: str | None,
) -> StoredDecision:
    """Blobs first, then everything else in one transaction: a decision never names bytes that are not there."""
    digests = [runtime.blobs.put(data) for data in progress.contents]
    with runtime.database.write() as session:
        if asked.idempotency_key is not None:
            earlier = replay(session, asked)
            if earlier is not None:
                return earlier
        if finishing is not None and not _still_pending(session, asked, finishing):
            raise NotFound(f"Check {finishing} was finished already.")
        listing = _listing(session, asked)
        record = record_of(session, asked, policy, result, progress, deadline, listing.id, digests)
        stored = _store(session, asked, listing, record)
        _remember(session, asked, digests, progress.seen)
        if not result.evidence.findings.in_time or not result.evidence.findings.index_ready:
            _finish_later(session, asked, stored, digests)
        if asked.idempotency_key is not None:
            session.add(_idempotency(asked, stored))
    return stored


def _still_pending(session: Session, asked: Asked, decision_id: str) -> bool:
    pending = repository.pending(session, asked.principal.tenant_id, decision_id)
    if pending is not None:
        session.delete(pending)
    return pending is not None


def _listing(session: Session, asked: Asked) -> Listing:
    principal, at = asked.principal, now()
    found = repository.listing(
        session, principal.tenant_id, principal.organisation_id, asked.listing.reference
    )
    if found is None:
        found = Listing(
            id=new_id("lst"),
            tenant_id=principal.tenant_id,
            organisation_id=principal.organisation_id,
            reference=asked.listing.reference,
            created_at=at,
        )
        session.add(found)
    found.seller, found.updated_at = fold(asked.listing.seller), at
    session.flush()
    return found


def record_of(
    session: Session,
    asked: Asked,
    policy: Policy,
    result: Result,
    progress: Progress,
    deadline: Deadline,
    listing_id: str,
    digests: Sequence[str],
) -> DecisionRecord:
    """The record of what was decided, under an id of its own."""
    used = versions(progress.serving, policy, bool(result.evidence.readings))
    findings, brand = result.evidence.findings, result.outcome.brand_id
    return DecisionRecord(
        id=new_id("dec"),
        listing_id=listing_id,
        caller_reference=asked.listing.reference,
        tenant_id=asked.principal.tenant_id,
        decided_at=now(),
        outcome=result.outcome,
        findings=findings,
        pictures=tuple(
            DecidedPicture(index=at, sha256=digest, role=PictureRole.FURTHER if at else PictureRole.MAIN)
            for at, digest in enumerate(digests)
        ),
        candidates=result.evidence.candidates,
        shown=result.evidence.shown,
        readings=result.evidence.readings,
        sureness=chances.sureness(
            session, asked.principal.tenant_id, used.encoder_fingerprint, findings, brand
        ),
        versions=used,
        timings_ms=progress.watch.laps,
        budget_ms=deadline.seconds * 1000,
    )


def _store(session: Session, asked: Asked, listing: Listing, record: DecisionRecord) -> StoredDecision:
    principal, outcome = asked.principal, record.outcome
    stored = StoredDecision(
        id=record.id,
        tenant_id=principal.tenant_id,
        organisation_id=principal.organisation_id,
        listing_id=listing.id,
        supersedes=listing.latest_decision_id,
        decision=outcome.decision.value,
        rule=outcome.rule,
        priority=outcome.priority.value if outcome.priority else None,
        sampled=record.is_sampled,
        brand_id=outcome.brand_id,
        seller=listing.seller,
        record=record.model_dump(mode="json"),
        decided_at=record.decided_at,
    )
    session.add(stored)
    listing.latest_decision_id = stored.id
    session.flush()
    chances.note(session, record)
    audit(
        session, principal, "listing.checked", stored.id, {"listing": listing.id, "decision": stored.decision}
    )
    event = {"decision_id": stored.id, "reference": listing.reference, "decision": stored.decision}
    publish(session, principal.tenant_id, "decision.made", event, principal.organisation_id)
    return stored


def _remember(session: Session, asked: Asked, digests: Sequence[str], seen: Sequence[Seen]) -> None:
    note_received(session, asked.principal, digests)
    remember_features(session, asked.principal.tenant_id, seen)


def remember_features(session: Session, tenant_id: str, seen: Sequence[Seen]) -> None:
    """Keep what was computed of pictures now, so that it need not be again."""
    fresh = {each.sha256: each for each in seen if each.fresh}
    if fresh:
        fingerprint = next(iter(fresh.values())).features.fingerprint
        held = repository.features(session, tenant_id, fingerprint, fresh)
        session.add_all(_feature_row(tenant_id, each) for key, each in fresh.items() if key not in held)


def _feature_row(tenant_id: str, seen: Seen) -> PictureFeatures:
    return PictureFeatures(
        tenant_id=tenant_id,
        sha256=seen.sha256,
        fingerprint=seen.features.fingerprint,
        embedding=seen.features.embedding.astype("<f4").tobytes(),
        hash=seen.features.hash.bits.hex(),
        hash_quality=seen.features.hash.quality,
        faults=list(seen.faults),
        computed_at=now(),
    )


def _finish_later(session: Session, asked: Asked, stored: StoredDecision, digests: Sequence[str]) -> None:
    """A job does the check without a budget; pictures that arrived are named by their digests from now on."""
    pictures = [PictureIn(sha256=digest) for digest in digests] or asked.listing.pictures
    request = asked.listing.model_copy(update={"pictures": list(pictures), "budget_seconds": None})
    session.add(
        PendingCheck(
            decision_id=stored.id, tenant_id=stored.tenant_id, request=request.model_dump(mode="json")
        )
    )
    submit(session, asked.principal, FINISH_CHECK, {"decision_id": stored.id})


def _idempotency(asked: Asked, stored: StoredDecision) -> IdempotentCheck:
    return IdempotentCheck(
        tenant_id=stored.tenant_id,
        organisation_id=stored.organisation_id,
        key=asked.idempotency_key or "",
        request_digest=request_digest(asked.listing),
        decision_id=stored.id,
        created_at=now(),
    )


def note_received(session: Session, principal: Principal, digests: Iterable[str]) -> None:
    """Remember that the organisation sent these pictures, whose bytes are stored, so that it may name them."""
    tenant, organisation, wanted = principal.tenant_id, principal.organisation_id, set(digests)
    for digest in sorted(wanted - repository.received(session, tenant, organisation, wanted)):
        session.add(
            ReceivedPicture(
                tenant_id=tenant, organisation_id=organisation, sha256=digest, first_received_at=now()
            )
        )


def request_digest(listing: ListingIn) -> str:
    document = listing.model_dump(mode="json", exclude={"pictures"})
    document["pictures"] = [_named(picture) for picture in listing.pictures]
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _named(picture: PictureIn) -> str:
    return picture.url or picture.sha256 or hashlib.sha256(picture.data or b"").hexdigest()


def replay(session: Session, asked: Asked) -> StoredDecision | None:
    principal = asked.principal
    used = repository.idempotent_check(
        session, principal.tenant_id, principal.organisation_id, asked.idempotency_key or ""
    )
    if used is None:
        return None
    if used.request_digest != request_digest(asked.listing):
        raise IdempotencyConflict("This idempotency key came with another listing before.")
    return decisions.decision(session, principal.tenant_id, used.decision_id)
