"""Gathers what proves a decision and writes it into a bundle."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.counterfeits.service as counterfeits
import service.references.service as references
from model.encoders.base import RGB
from model.images import decode
from model.images.picture import PictureFormat
from model.images.sniffing import sniff
from service.audit import repository as audit_log
from service.audit.chain import NO_HASH, Link
from service.audit.models import AuditEntry
from service.audit.service import record as audit
from service.blobs import BlobDamaged, BlobMissing
from service.clock import now
from service.decisions.models import StoredDecision
from service.errors import Problem
from service.evidence.bundle import RECORD, Attachment, AuditProof, Provenance, write_bundle
from service.evidence.document import Page, evidence_pdf
from service.evidence.drawing import Matched, side_by_side
from service.evidence.found_text import with_words
from service.evidence.wording import Language
from service.house_key import house_key
from service.runtime import Runtime
from service.screening.record import DecisionRecord
from service.security.principals import Principal
from service.verdicts import repository as verdicts

REPORT = "report.pdf"
_ENTRIES = 200
_LOOKED_AT = 1024
"""Pixels of the longer side of pictures that are drawn on; the originals are in the bundle untouched."""


class PictureLost(Problem):
    status = 500
    slug = "picture-lost"
    title = "A picture that was decided on is not stored as it was received"
    help = "The operator restores the blob folder from a backup; the detail names the blob."


@dataclass(frozen=True)
class Original:
    """The stored picture that a signal names, and whose it is in words."""

    id: str
    sha256: str
    what: str


@dataclass(frozen=True)
class Gathered:
    """Everything of one moment of the database."""

    record: DecisionRecord
    originals: dict[str, Original]
    """By id, of references and known counterfeits that a signal names."""
    brand_names: dict[str, str]
    verdicts: list[dict[str, str]]
    audit: AuditProof


def gather(session: Session, stored: StoredDecision) -> Gathered:
    """What the database says of the decision."""
    record = DecisionRecord.model_validate(stored.record)
    tenant = stored.tenant_id
    return Gathered(
        record=record,
        originals=_originals(session, record),
        brand_names={each.id: each.name for each in brands.names_for_tenant(session, tenant)},
        verdicts=[
            {
                "outcome": each.outcome,
                "note": each.note,
                "given_by": each.given_by,
                "given_at": f"{each.given_at:%FT%TZ}",
            }
            for each in verdicts.verdicts_on(session, tenant, stored.id)
        ],
        audit=_audit_proof(session, tenant, stored.id),
    )


def export(
    runtime: Runtime, principal: Principal, stored: StoredDecision, path: Path, language: Language
) -> None:
    """Write the bundle of a decision to `path`; that it was made is in the audit log, and in the bundle.

    Raises:
        PictureLost: a picture that was decided on, or an original, is not stored any more.
    """
    gathered = _gathered(runtime, principal, stored, language)
    provenance = _provenance(principal, stored)
    key = house_key(runtime.settings.data_dir)
    attachments = list(_attachments(runtime, gathered))
    data = _report(runtime, gathered, provenance, attachments, language)
    attachments.append(Attachment(REPORT, data, "the report, for people"))
    write_bundle(path, provenance, attachments, gathered.audit, key)


def report(runtime: Runtime, principal: Principal, stored: StoredDecision, language: Language) -> bytes:
    """The bundle's report alone, as PDF; that it was made is in the audit log too.

    Raises:
        PictureLost: a picture that was decided on, or an original, is not stored any more.
    """
    gathered = _gathered(runtime, principal, stored, language)
    drawn = [*_matches(runtime, gathered), *_texts(runtime, gathered)]
    return _report(runtime, gathered, _provenance(principal, stored), drawn, language)


def originals_of(session: Session, record: DecisionRecord) -> dict[str, Original]:
    """The stored pictures that the record compares the listing with, by id; those removed since are left out."""
    seen = {each.reference_id for each in record.shown}
    return _originals(session, record, seen)


def _gathered(runtime: Runtime, principal: Principal, stored: StoredDecision, language: Language) -> Gathered:
    with runtime.database.write() as session:
        audit(session, principal, "evidence.exported", stored.id, {"language": language.value})
    with runtime.database.read() as session:
        return gather(session, stored)


def _provenance(principal: Principal, stored: StoredDecision) -> Provenance:
    return Provenance(
        decision_id=stored.id,
        tenant_id=stored.tenant_id,
        made_at=now().isoformat(timespec="seconds"),
        made_by={
            "key": principal.key_id,
            "organisation": principal.organisation_id,
            "role": principal.role.value,
        },
    )


def _report(
    runtime: Runtime,
    gathered: Gathered,
    provenance: Provenance,
    attachments: Sequence[Attachment],
    language: Language,
) -> bytes:
    key = house_key(runtime.settings.data_dir)
    page = Page(gathered.record, gathered.brand_names, gathered.verdicts, provenance, key.public)
    drawn = [each for each in attachments if each.name.startswith(("matches/", "words/"))]
    pictures = [_shown(runtime, each.sha256) for each in gathered.record.pictures]
    return evidence_pdf(page, pictures, drawn, gathered.audit, language)


def _originals(session: Session, record: DecisionRecord, also: Collection[str] = ()) -> dict[str, Original]:
    """Args: also: further references."""
    named = [signal.evidence for signal in record.findings.signals if signal.strength]
    wanted = {
        key: sorted({str(each[key]) for each in named if each.get(key)})
        for key in ("reference_id", "counterfeit_id")
    }
    genuine = references.describe(session, record.tenant_id, sorted({*wanted["reference_id"], *also}))
    fakes = counterfeits.describe(session, record.tenant_id, wanted["counterfeit_id"])
    found = [
        *(
            Original(each.reference_id, each.sha256, f"reference of {each.product_name}")
            for each in genuine.values()
        ),
        *(
            Original(each.counterfeit_id, each.sha256, f"known counterfeit, case {each.case_reference}")
            for each in fakes.values()
        ),
    ]
    return {each.id: each for each in found}


def _audit_proof(session: Session, tenant_id: str, decision_id: str) -> AuditProof:
    rows = audit_log.page(session, tenant_id, 0, _ENTRIES, audit_log.EntryFilter(object_id=decision_id))
    seq, digest = audit_log.head(session, tenant_id) or (0, NO_HASH)
    return AuditProof(tuple((_link(row), row.hash) for row in rows), seq, digest)


def _link(row: AuditEntry) -> Link:
    return Link(**{field.name: getattr(row, field.name) for field in fields(Link)})


def _attachments(runtime: Runtime, gathered: Gathered) -> Iterator[Attachment]:
    yield Attachment(RECORD, gathered.record.canonical().encode(), "the decision as it is on record")
    if gathered.verdicts:
        told = json.dumps(gathered.verdicts, ensure_ascii=False, indent=1).encode()
        yield Attachment("verdicts.json", told, "what people concluded")
    for picture in gathered.record.pictures:
        data = _stored(runtime, picture.sha256)
        name = f"pictures/{picture.index:02}.{_extension(data)}"
        yield Attachment(name, data, f"picture {picture.index}, as received")
    for original in gathered.originals.values():
        data = _stored(runtime, original.sha256)
        yield Attachment(f"originals/{original.id}.{_extension(data)}", data, original.what)
    yield from _matches(runtime, gathered)
    yield from _texts(runtime, gathered)


def _texts(runtime: Runtime, gathered: Gathered) -> Iterator[Attachment]:
    """Each picture with the words outlined that a signal rests on."""
    for at, signal in enumerate(gathered.record.findings.signals):
        if signal.picture is None or not signal.evidence.get("words"):
            continue
        picture = _shown(runtime, gathered.record.pictures[signal.picture].sha256)
        drawn = with_words(picture, signal)
        if drawn is not None:
            what = f"{signal.code}: picture {signal.picture}, with the words that it rests on"
            yield Attachment(f"words/{at:02}-{signal.code}.png", drawn, what)


def _matches(runtime: Runtime, gathered: Gathered) -> Iterator[Attachment]:
    """A drawing of each match that has regions, on the picture and on the original."""
    digests = [picture.sha256 for picture in gathered.record.pictures]
    for at, signal in enumerate(gathered.record.findings.signals):
        original = gathered.originals.get(_named(signal.evidence))
        matched = Matched.of(signal.evidence)
        if original is None or signal.picture is None or matched is None:
            continue
        drawn = side_by_side(
            _shown(runtime, digests[signal.picture]), _shown(runtime, original.sha256), matched
        )
        what = f"{signal.code}: picture {signal.picture} beside {original.what}, with the regions that match"
        yield Attachment(f"matches/{at:02}-{signal.code}.png", drawn, what)


def _named(evidence: Mapping[str, object]) -> str:
    return str(evidence.get("reference_id") or evidence.get("counterfeit_id") or "")


def _shown(runtime: Runtime, sha256: str) -> RGB:
    return decode(_stored(runtime, sha256), runtime.picture_limits, max_side=_LOOKED_AT).pixels


def _stored(runtime: Runtime, sha256: str) -> bytes:
    try:
        return runtime.blobs.get(sha256)
    except (BlobMissing, BlobDamaged) as error:
        raise PictureLost(str(error)) from error


def _extension(data: bytes) -> str:
    return sniff(data, frozenset(PictureFormat)).value
