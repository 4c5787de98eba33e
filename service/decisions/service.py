"""Which decisions a principal may read, and in which view."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.products.service as products
from service.decisions import repository
from service.decisions.models import StoredDecision
from service.errors import NotFound
from service.screening.record import DecidedPicture, DecisionRecord
from service.screening.schemas import CandidateView
from service.security.principals import Principal, Role

_WHOLE_TENANT = (Role.ADMIN, Role.AUDITOR, Role.INSPECTOR)


def get(session: Session, principal: Principal, decision_id: str) -> StoredDecision:
    """
    Raises:
        NotFound: there is none, or it is not for the principal to see.
    """
    stored = repository.decision(session, principal.tenant_id, decision_id)
    if stored is None or not _sees(session, principal, stored):
        raise NotFound(f"There is no decision {decision_id} that this key may see.")
    return stored


def picture_of(stored: StoredDecision, sha256: str) -> DecidedPicture:
    """
    Raises:
        NotFound: the decision was made on no such picture.
    """
    pictures = DecisionRecord.model_validate(stored.record).pictures
    found = next((each for each in pictures if each.sha256 == sha256), None)
    if found is None:
        raise NotFound(f"Decision {stored.id} has no picture {sha256}.")
    return found


def page(
    session: Session, principal: Principal, kind: str | None, after: str | None, limit: int
) -> Sequence[StoredDecision]:
    organisation = principal.organisation_id if principal.role is Role.PLATFORM else None
    own = None
    if principal.role in (Role.BRAND_OWNER, Role.AGENT):
        own = sorted(own_brand_ids(session, principal))
    return repository.page(
        session,
        principal.tenant_id,
        organisation_id=organisation,
        brand_ids=own,
        kind=kind,
        after=after,
        limit=limit,
    )


def own_brand_ids(session: Session, principal: Principal) -> frozenset[str]:
    """Brands that the principal's own view of a decision may speak of."""
    return brands.ids_owned_by(session, principal.tenant_id, principal.owners)


def named(session: Session, principal: Principal, candidates: Sequence[CandidateView]) -> list[CandidateView]:
    """The candidates with the names of brand and product: an officer knows goods by name, not by id."""
    tenant = principal.tenant_id
    brand_names = {brand.id: brand.name for brand in brands.names_for_tenant(session, tenant)}
    known = products.facts(session, tenant, sorted({each.product_id for each in candidates}))
    return [
        each.model_copy(
            update={
                "brand_name": brand_names.get(each.brand_id),
                "product_name": known[each.product_id].name if each.product_id in known else None,
            }
        )
        for each in candidates
    ]


def _sees(session: Session, principal: Principal, stored: StoredDecision) -> bool:
    if principal.role in _WHOLE_TENANT:
        return True
    if principal.role is Role.PLATFORM:
        return stored.organisation_id == principal.organisation_id
    record = DecisionRecord.model_validate(stored.record)
    spoken_of = {stored.brand_id, *(signal.brand_id for signal in record.findings.signals if signal.strength)}
    return bool(spoken_of & own_brand_ids(session, principal))
