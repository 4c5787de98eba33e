"""Draws what a decision or inspection found to differ, from the pictures that it named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.orm import Session

import service.decisions.service as decisions
import service.parcels.service as parcels
import service.references.service as references
from model.anomaly import Comparison
from model.encoders.base import RGB
from service.blobs import BlobDamaged, BlobMissing
from service.decoding import stored_pixels
from service.errors import NotFound
from service.evidence.drawing import Points, outlined_each, png
from service.listings.differences import over_reference
from service.parcels.record import InspectionRecord
from service.runtime import Runtime
from service.screening.record import DecisionRecord
from service.screening.signals import Signal, SignalCode
from service.security.principals import Principal

_HEIGHT = 480
_GAP = 12


@dataclass(frozen=True)
class Differing:
    """One picture that was laid over a reference, by the digests of both, and the boxes on record."""

    picture: int
    suspect: str
    genuine: str
    on_reference: tuple[Points, ...]
    on_suspect: tuple[Points, ...]


def of_decision(session: Session, principal: Principal, decision_id: str, sha256: str) -> Differing | None:
    """None where the picture was not compared.

    Raises:
        NotFound: there is no such decision, or it has no such picture.
    """
    record = DecisionRecord.model_validate(decisions.get(session, principal, decision_id).record)
    digests = [each.sha256 for each in record.pictures]
    _among(digests, sha256)
    found = differing(session, principal.tenant_id, record.findings.signals, digests)
    return next((each for each in found if each.suspect == sha256), None)


def of_inspection(
    session: Session, principal: Principal, inspection_id: str, sha256: str
) -> Differing | None:
    """The same of an inspection."""
    row = parcels.inspection_of(session, principal, inspection_id)
    record = InspectionRecord.model_validate(row.record)
    digests = [each.sha256 for each in record.pictures]
    _among(digests, sha256)
    found = differing(session, principal.tenant_id, record.findings.signals, digests)
    return next((each for each in found if each.suspect == sha256), None)


def differing(
    session: Session, tenant_id: str, signals: Sequence[Signal], digests: Sequence[str]
) -> Iterator[Differing]:
    """Every picture that S8 speaks of and that was compared."""
    told = [each for each in signals if each.code is SignalCode.S8 and "boxes" in each.evidence]
    named = sorted({str(each.evidence["reference_id"]) for each in told})
    known = references.describe(session, tenant_id, named)
    for signal in told:
        reference = known.get(str(signal.evidence["reference_id"]))
        if reference is not None and signal.picture is not None:
            genuine, suspect = _boxes(signal)
            yield Differing(signal.picture, digests[signal.picture], reference.sha256, genuine, suspect)


def heat_map(runtime: Runtime, found: Differing) -> bytes:
    """PNG: the suspect with what differs outlined, the same over the reference in red, and the reference outlined.

    Raises:
        NotFound: a picture is not stored any more, or the two cannot be laid over each other any more.
    """
    try:
        suspect, genuine = (
            stored_pixels(runtime.blobs, each, runtime.picture_limits)
            for each in (found.suspect, found.genuine)
        )
        over = runtime.pool.submit(over_reference, runtime, suspect, found.suspect, found.genuine).result()
    except (BlobMissing, BlobDamaged) as lost:
        raise NotFound(f"A picture of the comparison is not stored any more: {lost}") from lost
    if over is None:
        raise NotFound("The pictures cannot be laid over each other with this version.")
    return png(_drawn(found, suspect, genuine, over))


def _drawn(found: Differing, suspect: RGB, genuine: RGB, over: Comparison) -> RGB:
    gap = np.full((_HEIGHT, _GAP, 3), 255, np.uint8)
    parts = [
        outlined_each(suspect, found.on_suspect, _HEIGHT),
        outlined_each(over.heat_map(), (), _HEIGHT),
        outlined_each(genuine, found.on_reference, _HEIGHT),
    ]
    return np.hstack([parts[0], gap, parts[1], gap, parts[2]])


def _among(digests: Sequence[str], sha256: str) -> None:
    if sha256 not in digests:
        raise NotFound(f"No picture of it has the digest {sha256}.")


class _Box(BaseModel):
    """As `service.screening.rules.differences` writes it."""

    on_reference: tuple[float, float, float, float]
    on_suspect: tuple[tuple[float, float], ...]


def _boxes(signal: Signal) -> tuple[tuple[Points, ...], tuple[Points, ...]]:
    found = TypeAdapter(list[_Box]).validate_python(signal.evidence["boxes"])
    genuine = tuple(_corners(*each.on_reference) for each in found)
    return genuine, tuple(each.on_suspect for each in found)


def _corners(left: float, top: float, right: float, bottom: float) -> Points:
    return (left, top), (right, top), (right, bottom), (left, bottom)
