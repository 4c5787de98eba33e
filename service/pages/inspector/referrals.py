"""The draft of a referral: what the machine wrote and what people wrote, kept apart."""

from __future__ import annotations

from fastapi import Response

import service.cases.service as cases
from service.pages.forms import Form, FormRefused, read, refused
from service.pages.inspector.access import CasePage
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.page import Page
from service.pages.routing import page_router
from service.referrals import service as referrals
from service.referrals.drafting import ReferralField
from service.referrals.schemas import Revision
from service.referrals.service import NotTheLatest
from service.referrals.views import shown
from service.referrals.wording import Language

router = page_router()

_LATER = N_(
    "Somebody saved a later version meanwhile. Copy your words, open that version, and put them in there."
)
_TOO_LONG = N_("One of the texts is too long or holds signs that cannot be kept.")


@router.post("/cases/{case_id}/referral")
def draft(page: CasePage, case_id: str) -> Response:
    """Drafted from what is on record now; words of people are taken over."""
    wanted = page.text("language")
    language = Language(wanted) if wanted in set(Language) else Language(page.language)
    with page.runtime.database.write() as session:
        case = cases.get(session, page.principal, case_id, to_change=True)
        written = referrals.write_draft(session, page.principal, case, language)
    return page.go(f"/cases/{case_id}/referrals/{written.id}", Notice.SAVED)


@router.get("/cases/{case_id}/referrals/{referral_id}")
def show(page: CasePage, case_id: str, referral_id: str) -> Response:
    return _referral(page, case_id, referral_id, Form())


@router.post("/cases/{case_id}/referrals/{referral_id}")
def revise(page: CasePage, case_id: str, referral_id: str) -> Response:
    """Own words become the next version; an emptied field gives the machine's back."""
    own = {each.value: page.text(each.value) for each in ReferralField}
    try:
        revision = read(page, Revision, own=own)
        with page.runtime.database.write() as session:
            earlier = referrals.get(session, page.principal, referral_id)
            written = referrals.revise(session, page.principal, earlier, revision.own)
    except FormRefused as wrong:
        return _referral(page, case_id, referral_id, Form(wrong.form.values, {"": _TOO_LONG}), 422)
    except NotTheLatest as late:
        return _referral(page, case_id, referral_id, refused(page, _LATER), late.status)
    return page.go(f"/cases/{case_id}/referrals/{written.id}", Notice.SAVED)


def _referral(page: Page, case_id: str, referral_id: str, form: Form, status: int = 200) -> Response:
    """Its addressee is read from the parties, which is on record: hence in a transaction that writes."""
    with page.runtime.database.write() as session:
        row = referrals.get(session, page.principal, referral_id)
        case = cases.get(session, page.principal, row.case_id)
        told = shown(session, page.principal, page.runtime.settings.signing_key(), row)
        versions = [each for each in referrals.versions(session, case) if each.language == row.language]
        return page.show(
            "inspector/referral.html",
            status,
            form=form,
            told=told,
            latest=versions[-1].id,
            languages_known=[each.value for each in Language],
            case_id=case_id,
        )
