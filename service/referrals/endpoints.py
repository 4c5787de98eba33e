"""Referrals over HTTP: drafted, worded, exported."""

from __future__ import annotations

from fastapi import APIRouter, Response

import service.cases.service as cases
from service.cases.endpoints import Officer
from service.deps import ReadSession, RuntimeDep, WriteSession
from service.referrals import service
from service.referrals.document import referral_pdf
from service.referrals.schemas import NewReferral, ReferralLine, ReferralOut, Revision
from service.referrals.views import shown

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.post("/cases/{case_id}/referrals", status_code=201)
def write_draft(
    case_id: str,
    new: NewReferral,
    response: Response,
    principal: Officer,
    session: WriteSession,
    runtime: RuntimeDep,
) -> ReferralOut:
    """Have the machine draft the referral from what is on record; words of people in earlier versions are kept."""
    case = cases.get(session, principal, case_id, to_change=True)
    written = service.write_draft(session, principal, case, new.language)
    response.headers["Location"] = f"/v1/referrals/{written.id}"
    return shown(session, principal, runtime.settings.signing_key(), written)


@router.get("/cases/{case_id}/referrals")
def list_versions(case_id: str, principal: Officer, session: ReadSession) -> list[ReferralLine]:
    """Every version in every language, oldest first."""
    case = cases.get(session, principal, case_id)
    return [ReferralLine.model_validate(each) for each in service.versions(session, case)]


@router.get("/referrals/{referral_id}")
def read_referral(
    referral_id: str, principal: Officer, session: WriteSession, runtime: RuntimeDep
) -> ReferralOut:
    """One version: of each field the machine's words, the officer's, and what it says."""
    return shown(
        session, principal, runtime.settings.signing_key(), service.get(session, principal, referral_id)
    )


@router.post("/referrals/{referral_id}/revision", status_code=201)
def revise(
    referral_id: str,
    revision: Revision,
    response: Response,
    principal: Officer,
    session: WriteSession,
    runtime: RuntimeDep,
) -> ReferralOut:
    """Put your own words into the latest version; it becomes the next one, and this one stays as it is."""
    earlier = service.get(session, principal, referral_id)
    written = service.revise(session, principal, earlier, revision.own)
    response.headers["Location"] = f"/v1/referrals/{written.id}"
    return shown(session, principal, runtime.settings.signing_key(), written)


@router.get(
    "/referrals/{referral_id}/document",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The referral, to print"}},
)
def export_referral(
    referral_id: str, principal: Officer, session: WriteSession, runtime: RuntimeDep
) -> Response:
    """The version as PDF, with the addressee."""
    told = shown(
        session, principal, runtime.settings.signing_key(), service.get(session, principal, referral_id)
    )
    headers = {"Content-Disposition": f'attachment; filename="{told.id}.pdf"'}
    return Response(referral_pdf(told), media_type="application/pdf", headers=headers)
