"""Links for one recipient, one case, one purpose: `mzl_<prefix>_<secret>`, hashed at rest, logged at every use."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

import service.cases.service as cases
from service.audit.service import record
from service.cases.models import Case, CaseDeadline
from service.cases.transitions import ANSWERABLE, StepRefused
from service.cases.views import local
from service.clock import now
from service.clocks.profiles import CaseState, Moment, Party
from service.errors import NotFound, Problem, Unauthenticated, Unprocessable
from service.ids import new_id
from service.messages import Language
from service.opinions import repository
from service.opinions.models import LinkPurpose, LinkViewing, OpinionLink
from service.opinions.schemas import NewLink
from service.security.principals import Principal, Role

DEFAULT_LIFE = timedelta(days=10)
_OWN_END = {
    Language.EN: "the link's own expiry, set by whoever sent it",
    Language.JA: "依頼者が定めた期限",
}
_REFUSED = "The link is missing, wrong or revoked."


class LinkRefused(Unauthenticated):
    slug = "link-refused"
    title = "This link opens nothing"
    help = "Check that it was copied whole; if it was, ask whoever sent it for a new one."


class TimeOver(Problem):
    status = 410
    slug = "time-over"
    title = "The time to look and to answer is over"
    help = "The detail names the clock and where it comes from; ask the authority whether it still hears you."


@dataclass(frozen=True)
class OpenLink:
    """A link whose token was good, with its case, and when it ends by which clock."""

    link: OpinionLink
    case: Case
    ends_at: datetime
    clock: str
    reader: Principal | None = None
    """Who is signed in; None where the token alone was shown."""

    @property
    def holder(self) -> Principal:
        """Who acts through it, as the audit log has it."""
        return self.reader or Principal(self.link.id, self.link.tenant_id, "", Role.BRAND_OWNER)


def create(
    session: Session, principal: Principal, pepper: bytes, case: Case, new: NewLink
) -> tuple[OpinionLink, str]:
    """A link and its token, which is shown this once.

    Raises:
        StepRefused: nobody is heard in the state that the case is in, or the right holder's time is over.
        Unprocessable: it would end in the past, or after the right holder's clock.
    """
    if CaseState(case.state) not in ANSWERABLE:
        raise StepRefused(f"The case is {case.state}; right holders are asked from `notified` to `opinions`.")
    clock = _holders_clock(session, case)
    ends = _checked_end(case, clock, new.expires_at)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    link = OpinionLink(
        id=new_id("opl"),
        tenant_id=case.tenant_id,
        case_id=case.id,
        purpose=LinkPurpose.OPINION.value,
        recipient=new.recipient,
        prefix=prefix,
        secret_hash=_hash(pepper, LinkPurpose.OPINION, case.id, secret),
        deadline_key=clock.key if clock is not None and new.expires_at is None else None,
        expires_at=ends,
        created_by=principal.key_id,
        created_at=now(),
    )
    session.add(link)
    session.flush()
    detail = {"link": link.id, "recipient": link.recipient, "expires_at": ends.isoformat()}
    record(session, principal, "opinion_link.create", case.id, detail)
    return link, f"mzl_{prefix}_{secret}"


def get(session: Session, principal: Principal, link_id: str) -> OpinionLink:
    """
    Raises:
        NotFound: there is none, or its case is not for the principal to see.
    """
    refusal = NotFound(f"There is no link {link_id} that this key may see.")
    found = repository.link(session, principal.tenant_id, link_id)
    if found is None:
        raise refusal
    try:
        cases.get(session, principal, found.case_id)
    except NotFound:
        raise refusal from None
    return found


def revoke(session: Session, principal: Principal, link_id: str) -> None:
    """The very next request with it is refused."""
    link = get(session, principal, link_id)
    if link.revoked_at is None:
        link.revoked_at = now()
        session.flush()
        record(session, principal, "opinion_link.revoke", link.case_id, {"link": link.id})


def opened(session: Session, pepper: bytes, authorization: str | None) -> OpenLink:
    """The link of an `Authorization: Bearer` header.

    Raises:
        LinkRefused: always in the same words, so that they tell nothing.
        TimeOver: it was good; the detail names the clock that ended it.
    """
    prefix, secret = _split(authorization)
    link = repository.link_by_prefix(session, prefix)
    expected = link.secret_hash if link else ""
    purpose, case_id = (LinkPurpose(link.purpose), link.case_id) if link else (LinkPurpose.OPINION, "")
    matches = hmac.compare_digest(expected, _hash(pepper, purpose, case_id, secret))
    if link is None or not matches or link.revoked_at is not None:
        raise LinkRefused(_REFUSED)
    return _in_time(session, link)


def still_open(session: Session, found: OpenLink) -> OpenLink:
    """The same link as it is in this transaction: it may have ended while an answer was on its way.

    Raises:
        LinkRefused: it was revoked meanwhile.
        TimeOver: its clock ran out meanwhile.
    """
    link = repository.link(session, found.link.tenant_id, found.link.id)
    if link is None or link.revoked_at is not None:
        raise LinkRefused(_REFUSED)
    return replace(_in_time(session, link, to_change=True), reader=found.reader)


def opened_by(
    session: Session, reader: Principal, link: OpinionLink, language: Language = Language.EN
) -> OpenLink:
    """A link that somebody who is signed in may use; whether it is theirs was asked before.

    Raises:
        TimeOver: the detail names the clock that ended it.
    """
    found = _in_time(session, link)
    return replace(found, reader=reader, clock=_end(session, link, found.case, language)[1])


def end_of(session: Session, link: OpinionLink, case: Case, language: Language) -> tuple[datetime, str]:
    """When it ends, and by which clock."""
    return _end(session, link, case, language)


def note_viewing(session: Session, found: OpenLink, what: str, address: str) -> None:
    """Put down that something was looked at, here and in the audit log."""
    link = found.link
    session.add(
        LinkViewing(
            id=new_id("opv"),
            tenant_id=link.tenant_id,
            link_id=link.id,
            what=what,
            at=now(),
            address=address[:64],
        )
    )
    session.flush()
    record(session, found.holder, "opinion_link.viewed", link.case_id, {"link": link.id, "what": what})


def _in_time(session: Session, link: OpinionLink, *, to_change: bool = False) -> OpenLink:
    case = cases.for_link(session, link.tenant_id, link.case_id, to_change=to_change)
    ends, clock = _end(session, link, case)
    if CaseState(case.state) not in ANSWERABLE:
        raise TimeOver(f"The case is {case.state}; nobody is heard any more. The clock was: {clock}.")
    if now() >= ends:
        raise TimeOver(f"It ended at {local(case, ends)}: {clock}.", ended_at=ends.isoformat())
    return OpenLink(link, case, ends, clock)


def _checked_end(case: Case, clock: CaseDeadline | None, asked: datetime | None) -> datetime:
    latest = clock.due_at if clock is not None else now() + DEFAULT_LIFE
    ends = asked or latest
    if ends <= now():
        raise Unprocessable(f"The link would have ended already, at {local(case, ends)}.")
    if clock is not None and ends > latest:
        raise Unprocessable(f"The right holder's clock ends at {local(case, latest)}; no link lasts longer.")
    return ends


def _holders_clock(session: Session, case: Case) -> CaseDeadline | None:
    """The deadline that an opinion meets, once it runs."""
    procedure = cases.profile_of(case)
    keys = {
        rule.key
        for rule in procedure.deadlines
        if rule.party is Party.RIGHT_HOLDER and Moment.HOLDER_ANSWERED in rule.met_by
    }
    running = [each for each in cases.deadlines_of(session, case) if each.key in keys]
    return running[0] if running else None


def _end(
    session: Session, link: OpinionLink, case: Case, language: Language = Language.EN
) -> tuple[datetime, str]:
    """The earlier of the link's own end and the right holder's clock; a link that follows a clock moves with it."""
    clock = _holders_clock(session, case)
    if clock is not None and (link.deadline_key == clock.key or clock.due_at <= link.expires_at):
        rule = cases.profile_of(case).rule(clock.key)
        title = rule.title.ja if language is Language.JA else rule.title.en
        return clock.due_at, f"{title}; {rule.source}"
    return link.expires_at, _OWN_END[Language.JA if language is Language.JA else Language.EN]


def _split(authorization: str | None) -> tuple[str, str]:
    scheme, _, token = (authorization or "").partition(" ")
    parts = token.strip().split("_", 2)
    if scheme.lower() != "bearer" or len(parts) != 3 or parts[0] != "mzl":
        raise LinkRefused(_REFUSED)
    return parts[1], parts[2]


def _hash(pepper: bytes, purpose: LinkPurpose, case_id: str, secret: str) -> str:
    """Over case and purpose too: a row that is moved to another case opens nothing."""
    return hmac.new(pepper, "\0".join((purpose, case_id, secret)).encode(), hashlib.sha256).hexdigest()
