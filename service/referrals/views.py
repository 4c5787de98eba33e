"""A referral as it is told: of each field the machine's words, the officer's, and what it says."""

from __future__ import annotations

from sqlalchemy.orm import Session

import service.cases.service as cases
from service.referrals import service
from service.referrals.drafting import ReferralField
from service.referrals.models import Referral
from service.referrals.schemas import FieldOut, ReferralLine, ReferralOut
from service.referrals.wording import Language, words
from service.security.principals import Principal


def shown(session: Session, principal: Principal, signing_key: bytes, row: Referral) -> ReferralOut:
    """One version with its addressee, whose reading is on record."""
    case = cases.get(session, principal, row.case_id)
    word = words(Language(row.language))
    return ReferralOut(
        **ReferralLine.model_validate(row).model_dump(),
        title=word["title"],
        fields=[_field(row, field, word[field]) for field in ReferralField],
        addressee=service.addressee(session, principal, signing_key, case),
    )


def _field(row: Referral, field: ReferralField, label: str) -> FieldOut:
    machine, own = row.machine.get(field, ""), row.own.get(field)
    return FieldOut(field=field, label=label, machine=machine, own=own, text=own or machine)
