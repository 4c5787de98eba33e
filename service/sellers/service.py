"""Rules of authorised sellers: brand × category × territory × days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.audit.service import record
from service.brands.service import own_brand
from service.clock import now
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.security.principals import Principal
from service.sellers import repository
from service.sellers.models import AuthorisedSeller
from service.sellers.schemas import NewAuthorisedSeller
from service.text import fold


@dataclass(frozen=True)
class AuthorisationRecord:
    """That a brand's owner authorised a seller; None stands for all categories, all territories, an open side."""

    id: str
    brand_id: str
    category: str | None
    territory: str | None
    valid_from: date | None
    valid_until: date | None

    def covers(self, category: str | None, territory: str | None, on: date) -> bool:
        """Whether it holds for an article of that category, sold there, on that day.

        A record that is narrowed to a category or territory does not cover what is not known to be of it.
        """
        started = self.valid_from is None or self.valid_from <= on
        ended = self.valid_until is not None and self.valid_until < on
        fits = self.category is None or (category is not None and fold(category) == self.category)
        there = self.territory is None or (territory is not None and territory.upper() == self.territory)
        return started and not ended and fits and there


class SellerKnown(Conflict):
    slug = "seller-known"
    title = "The seller is authorised for that already"
    help = "Change or remove the record that the member `authorised_seller_id` names."


def normalise_seller(account: str) -> str:
    """The form in which account ids are compared: width and case of letters do not matter.

    Raises:
        ValueError: it holds control characters.
    """
    return fold(account)


def own_record(session: Session, principal: Principal, record_id: str) -> AuthorisedSeller:
    """Raises: NotFound: there is none that the principal may see."""
    refusal = NotFound(f"There is no authorised seller {record_id} that this key may see.")
    found = repository.record_of(session, principal.tenant_id, record_id)
    if found is None:
        raise refusal
    try:
        own_brand(session, principal, found.brand_id)
    except NotFound:
        raise refusal from None
    return found


def own_records(
    session: Session, principal: Principal, brand_id: str, limit: int, after: str | None
) -> Sequence[AuthorisedSeller]:
    brand = own_brand(session, principal, brand_id)
    return repository.page(session, principal.tenant_id, brand.id, limit, after)


def find(
    session: Session, principal: Principal, brand_id: str, new: NewAuthorisedSeller
) -> AuthorisedSeller | None:
    return repository.same(session, principal.tenant_id, brand_id, new)


def create(
    session: Session, principal: Principal, brand_id: str, new: NewAuthorisedSeller
) -> AuthorisedSeller:
    """Raises: SellerKnown: there is such a record."""
    brand = own_brand(session, principal, brand_id)
    _check_free(session, principal, brand.id, new, None)
    seller = AuthorisedSeller(
        id=new_id("sel"),
        tenant_id=principal.tenant_id,
        brand_id=brand.id,
        created_at=now(),
        **new.model_dump(),
    )
    session.add(seller)
    session.flush()
    record(session, principal, "authorised_seller.create", seller.id, new.model_dump(mode="json"))
    return seller


def replace(
    session: Session, principal: Principal, record_id: str, new: NewAuthorisedSeller
) -> AuthorisedSeller:
    """Raises: SellerKnown: the change would make it the same as another."""
    found = own_record(session, principal, record_id)
    _check_free(session, principal, found.brand_id, new, found.id)
    for field, value in new.model_dump().items():
        setattr(found, field, value)
    session.flush()
    record(session, principal, "authorised_seller.update", found.id, new.model_dump(mode="json"))
    return found


def remove(session: Session, principal: Principal, record_id: str) -> None:
    found = own_record(session, principal, record_id)
    found.removed_at = now()
    session.flush()
    record(session, principal, "authorised_seller.delete", found.id, {"seller": found.seller})


def remove_of_brand(session: Session, tenant_id: str, brand_id: str) -> None:
    repository.remove_of_brand(session, tenant_id, brand_id, now())


def records_for(
    session: Session, tenant_id: str, seller: str, brand_ids: Sequence[str]
) -> list[AuthorisationRecord]:
    """What the seller was ever authorised for among these brands, in one query: for checks alone.

    Those in force are for the caller to tell, by `AuthorisationRecord.covers`.
    """
    found = repository.of_seller(session, tenant_id, normalise_seller(seller), brand_ids)
    return [
        AuthorisationRecord(
            each.id, each.brand_id, each.category, each.territory, each.valid_from, each.valid_until
        )
        for each in found
    ]


def licensees(
    session: Session, tenant_id: str, brand_ids: Sequence[str], on: date, limit: int
) -> Sequence[AuthorisedSeller]:
    """Whom the owners of these brands have authorised on that day: for an officer's eyes alone."""
    return repository.of_brands(session, tenant_id, brand_ids, on, limit) if brand_ids else []


def _check_free(
    session: Session, principal: Principal, brand_id: str, new: NewAuthorisedSeller, own_id: str | None
) -> None:
    held = find(session, principal, brand_id, new)
    if held is not None and held.id != own_id:
        raise SellerKnown(
            f"The seller {new.seller!r} is authorised for that already: {held.id}.",
            authorised_seller_id=held.id,
        )
