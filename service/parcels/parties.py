"""Reading the sealed names: by officers alone, and never without an entry in the audit log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from service.audit.service import record as audit
from service.clock import now
from service.errors import NotFound
from service.parcels import repository
from service.parcels.sealing import Parties, PartySeal
from service.parcels.service import get
from service.security.principals import Principal


class PartiesErased(NotFound):
    slug = "parties-erased"
    title = "The names of the parcel's parties are not kept"
    help = "They were not given, or their time of keeping has passed; what was found stays."


def read_parties(
    session: Session, principal: Principal, signing_key: bytes, parcel_id: str
) -> tuple[Parties, datetime]:
    """The names, and until when they are kept. The entry in the audit log is of the same transaction.

    Raises:
        NotFound: the tenant has no such parcel.
        PartiesErased: there are no names, or not any more.
    """
    parcel = get(session, principal, parcel_id)
    row = repository.parties(session, principal.tenant_id, parcel.id)
    if row is None or row.expires_at <= now():
        raise PartiesErased(f"No names are kept with parcel {parcel_id}.")
    parties = PartySeal(signing_key).open(parcel.id, row.sealed)
    audit(session, principal, "parcel.parties.read", parcel.id)
    return parties, row.expires_at
