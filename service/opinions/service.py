"""Opinions of right holders: asked through a link, answered in a form, kept whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.cases.service as cases
from model.images import PictureError, decode
from model.images.picture import PictureFormat
from model.images.sniffing import sniff
from service.cases.models import Case
from service.cases.progress import take_step
from service.cases.transitions import Step
from service.clock import now
from service.errors import NotFound, PayloadTooLarge, Unprocessable
from service.ids import new_id
from service.opinions import repository
from service.opinions.links import OpenLink
from service.opinions.models import Opinion
from service.opinions.schemas import NewOpinion
from service.runtime import Runtime
from service.security.principals import Principal
from service.webhooks.service import publish

MOST_FILES = 10
MOST_ANSWERS = 20
_PDF = b"%PDF-"


@dataclass(frozen=True)
class EvidenceFile:
    """A file that came with an opinion, judged and stored."""

    name: str
    sha256: str
    size: int
    format: str


class EvidenceRefused(Unprocessable):
    slug = "evidence-refused"
    title = "A file is neither a picture nor a PDF"
    help = f"Send at most {MOST_FILES} pictures or PDF files; the detail names the one that was refused."


def keep_evidence(runtime: Runtime, files: Sequence[tuple[str, bytes]]) -> list[EvidenceFile]:
    """Judge and store what came with an opinion, before any transaction.

    Raises:
        EvidenceRefused: too many files, or one that is neither a picture nor a PDF.
        PayloadTooLarge: one is larger than a picture may be.
    """
    if len(files) > MOST_FILES:
        raise EvidenceRefused(f"{len(files)} files came; at most {MOST_FILES} can be sent with one opinion.")
    for name, data in files:
        if len(data) > runtime.picture_limits.max_bytes:
            raise PayloadTooLarge(f"{name!r} has more than {runtime.picture_limits.max_bytes} bytes.")
    formats = [_format(runtime, name, data) for name, data in files]
    return [
        EvidenceFile(name[:200], runtime.blobs.put(data), len(data), kind)
        for (name, data), kind in zip(files, formats, strict=True)
    ]


def give(session: Session, found: OpenLink, new: NewOpinion, evidence: Sequence[EvidenceFile]) -> Opinion:
    """Keep an answer; the last one counts, and every one is kept.

    Raises:
        StepRefused: the case is past hearing anybody.
        Unprocessable: it was answered too often through this link.
    """
    case, link = found.case, found.link
    earlier = [
        each for each in repository.opinions_on(session, case.tenant_id, case.id) if each.link_id == link.id
    ]
    if len(earlier) >= MOST_ANSWERS:
        raise Unprocessable(f"This link has been answered through {MOST_ANSWERS} times; ask for another one.")
    opinion = Opinion(
        id=new_id("opn"),
        tenant_id=case.tenant_id,
        case_id=case.id,
        link_id=link.id,
        answer=new.answer.value,
        points=[each.model_dump(mode="json") for each in new.points],
        reason=new.reason,
        evidence=[
            {"name": each.name, "sha256": each.sha256, "bytes": each.size, "format": each.format}
            for each in evidence
        ],
        given_at=now(),
    )
    session.add(opinion)
    session.flush()
    case.holder_answer = new.answer.value
    take_step(session, found.holder, case, Step.HOLDER_ANSWERED, f"opinion {opinion.id}: {new.answer}")
    payload = {"case_id": case.id, "opinion_id": opinion.id, "answer": new.answer.value}
    publish(session, case.tenant_id, "case.opinion_given", payload, case.organisation_id)
    return opinion


def on(session: Session, case: Case) -> Sequence[Opinion]:
    """Every opinion, oldest first."""
    return repository.opinions_on(session, case.tenant_id, case.id)


def get(session: Session, principal: Principal, opinion_id: str) -> Opinion:
    """
    Raises:
        NotFound: there is none, or its case is not for the principal to see.
    """
    refusal = NotFound(f"There is no opinion {opinion_id} that this key may see.")
    found = repository.opinion(session, principal.tenant_id, opinion_id)
    if found is None:
        raise refusal
    try:
        cases.get(session, principal, found.case_id)
    except NotFound:
        raise refusal from None
    return found


def _format(runtime: Runtime, name: str, data: bytes) -> str:
    if data.startswith(_PDF):
        return "pdf"
    try:
        runtime.pool.submit(decode, data, runtime.picture_limits, max_side=64).result()
        return sniff(data, frozenset(PictureFormat)).value
    except PictureError as error:
        raise EvidenceRefused(f"{name[:80]!r} is neither a PDF nor a picture that can be read.") from error
