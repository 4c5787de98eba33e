"""What somebody is asked through a link, how it is looked at and answered: by its token, or by signing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.cases.service as cases
from model.images import decode
from service.cases.models import Case
from service.cases.transitions import ANSWERABLE
from service.cases.views import local
from service.clock import now
from service.clocks.profiles import CaseState
from service.decoding import MAX_SIDE
from service.errors import NotFound
from service.messages import Language
from service.opinions import links, repository, service
from service.opinions.links import OpenLink
from service.opinions.models import Answer, LinkPurpose, Opinion, OpinionLink
from service.opinions.schemas import NewOpinion, Request, RequestLine, RequestStanding
from service.opinions.watermark import watermarked
from service.runtime import Runtime
from service.security import repository as organisations
from service.security.principals import Principal

NOTICE = (
    "For this opinion only. Whoever looks is on record, and the pictures carry the recipient's name. "
    "この意見のためにのみ利用できます。閲覧は記録され、画像には受領者名が表示されます。"
)


class Sent(Protocol):
    """A file of a form."""

    filename: str | None
    size: int | None

    @property
    def file(self) -> _Readable: ...


class _Readable(Protocol):
    def read(self) -> bytes: ...


def page(
    session: Session,
    principal: Principal,
    *,
    waiting: bool,
    limit: int,
    after: str | None,
    language: Language = Language.EN,
) -> list[RequestLine]:
    """Requests about the brands that the principal acts for, by id, one more than the limit where there is one."""
    names = _own_names(session, principal)
    found = repository.links_to_brands(
        session,
        principal.tenant_id,
        sorted(names),
        waiting_at=now() if waiting else None,
        limit=limit,
        after=after,
    )
    return [_line(session, link, case, names[case.brand_id or ""], language) for link, case in found]


def own(session: Session, principal: Principal, link_id: str, language: Language = Language.EN) -> OpenLink:
    """The request, if it is about a brand that the principal acts for.

    Raises:
        NotFound: there is none that the principal may see, or it was taken back.
        TimeOver: the detail names the clock that ended it.
    """
    refusal = NotFound(f"There is no request {link_id} that this key may see.")
    link = repository.link(session, principal.tenant_id, link_id)
    if link is None or link.revoked_at is not None:
        raise refusal
    case = cases.for_link(session, link.tenant_id, link.case_id)
    if case.brand_id not in _own_names(session, principal):
        raise refusal
    return links.opened_by(session, principal, link, language)


def shown(session: Session, found: OpenLink) -> Request:
    """What is asked, by when; nothing of any party."""
    case, link = found.case, found.link
    names = {each.id: each.name for each in brands.names_for_tenant(session, case.tenant_id)}
    earlier = [each for each in service.on(session, case) if each.link_id == link.id]
    return Request(
        case_id=case.id,
        recipient=link.recipient,
        purpose=LinkPurpose(link.purpose),
        brand=names.get(case.brand_id or "", ""),
        article=case.goods.get("article", ""),
        quantity=case.goods.get("quantity", ""),
        pictures=cases.picture_numbers(session, case),
        answer_by=found.ends_at,
        answer_by_local=local(case, found.ends_at),
        clock=found.clock,
        notice=NOTICE,
        answered=[Answer(each.answer) for each in earlier],
    )


def picture(runtime: Runtime, found: OpenLink, number: int, reader: str) -> bytes:
    """JPEG with reader, case and day written across it.

    Raises:
        NotFound: the case has no such picture.
    """
    with runtime.database.read() as session:
        sha256 = cases.picture_of(session, found.case, number)
    words = f"{reader} · {found.case.id[-12:]} · {now():%Y-%m-%d}"
    return runtime.pool.submit(_marked, runtime, sha256, words).result()


def reader_name(session: Session, principal: Principal) -> str:
    """What is written across pictures that somebody sees who is signed in."""
    found = organisations.organisation(session, principal.tenant_id, principal.organisation_id)
    return found.name if found else principal.key_id


def answered(runtime: Runtime, found: OpenLink, new: NewOpinion, files: Sequence[Sent]) -> Opinion:
    """Judge and keep what was sent along, then the answer.

    Raises:
        EvidenceRefused: a file is neither picture nor PDF, or there are too many.
        TimeOver: its clock ran out meanwhile.
    """
    sent = [(each.filename or "file", each.file.read()) for each in files if each.size]
    evidence = service.keep_evidence(runtime, sent)
    with runtime.database.write() as session:
        return service.give(session, links.still_open(session, found), new, evidence)


def _own_names(session: Session, principal: Principal) -> dict[str, str]:
    """Names by id of the brands that the principal acts for."""
    own_ids = brands.ids_owned_by(session, principal.tenant_id, principal.owners)
    return {
        each.id: each.name
        for each in brands.names_for_tenant(session, principal.tenant_id)
        if each.id in own_ids
    }


def _line(session: Session, link: OpinionLink, case: Case, brand: str, language: Language) -> RequestLine:
    ends, clock = links.end_of(session, link, case, language)
    is_open = CaseState(case.state) in ANSWERABLE and now() < ends
    unanswered = RequestStanding.WAITING if is_open else RequestStanding.OVER
    return RequestLine(
        id=link.id,
        case_id=case.id,
        brand_id=case.brand_id or "",
        brand=brand,
        article=case.goods.get("article", ""),
        asked_at=link.created_at,
        answer_by=ends,
        answer_by_local=local(case, ends),
        clock=clock,
        standing=RequestStanding.ANSWERED if case.holder_answer else unanswered,
        open=is_open,
        answer=Answer(case.holder_answer) if case.holder_answer else None,
    )


def _marked(runtime: Runtime, sha256: str, words: str) -> bytes:
    seen = decode(runtime.blobs.get(sha256), runtime.picture_limits, max_side=MAX_SIDE)
    return watermarked(seen.pixels, words)
