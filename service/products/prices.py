"""Rules of price bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.products import repository
from service.products.models import PriceBand, Product
from service.products.schemas import NewPriceBand
from service.security.principals import Principal


@dataclass(frozen=True)
class PriceFacts:
    """What a genuine new piece costs. `valid_until` is the last day; None leaves a side open."""

    product_id: str
    currency: str
    low: Decimal
    median: Decimal
    high: Decimal
    territory: str | None
    valid_from: date | None
    valid_until: date | None

    def covers(self, territory: str | None, on: date) -> bool:
        """Whether it holds on that day in that territory; None on either side stands for any."""
        started = self.valid_from is None or self.valid_from <= on
        ended = self.valid_until is not None and self.valid_until < on
        return started and not ended and (None in (self.territory, territory) or self.territory == territory)


class PriceBandKnown(Conflict):
    slug = "price-band-known"
    title = "The product has a price band for that currency, territory and day"
    help = "Change or remove the band that the member `price_band_id` names."


def find(session: Session, principal: Principal, product_id: str, new: NewPriceBand) -> PriceBand | None:
    return repository.band_for(
        session, principal.tenant_id, product_id, new.currency, new.territory, new.valid_from
    )


def create(session: Session, principal: Principal, product: Product, new: NewPriceBand) -> PriceBand:
    """Raises: PriceBandKnown: there is one for the same currency, territory and first day."""
    _check_free(session, principal, product.id, new, None)
    band = PriceBand(
        id=new_id("prb"),
        tenant_id=principal.tenant_id,
        brand_id=product.brand_id,
        product_id=product.id,
        created_at=now(),
        **new.model_dump(),
    )
    session.add(band)
    session.flush()
    record(session, principal, "price_band.create", band.id, new.model_dump(mode="json"))
    return band


def replace(session: Session, principal: Principal, band: PriceBand, new: NewPriceBand) -> PriceBand:
    """Raises: PriceBandKnown: the change would make it the same as another."""
    _check_free(session, principal, band.product_id, new, band.id)
    for field, value in new.model_dump().items():
        setattr(band, field, value)
    session.flush()
    record(session, principal, "price_band.update", band.id, new.model_dump(mode="json"))
    return band


def remove(session: Session, principal: Principal, band: PriceBand) -> None:
    band.removed_at = now()
    session.flush()
    record(session, principal, "price_band.delete", band.id, {"product_id": band.product_id})


def band(session: Session, tenant_id: str, band_id: str) -> PriceBand:
    """Raises: NotFound: the tenant has none of that id."""
    found = repository.band(session, tenant_id, band_id)
    if found is None:
        raise NotFound(f"There is no price band {band_id} that this key may see.")
    return found


def page(
    session: Session, tenant_id: str, product_id: str, limit: int, after: str | None
) -> Sequence[PriceBand]:
    return repository.band_page(session, tenant_id, product_id, limit, after)


def facts(session: Session, tenant_id: str, product_ids: Sequence[str], currency: str) -> list[PriceFacts]:
    return [
        PriceFacts(
            each.product_id,
            each.currency,
            each.low,
            each.median,
            each.high,
            each.territory,
            each.valid_from,
            each.valid_until,
        )
        for each in repository.bands_of(session, tenant_id, product_ids, currency)
    ]


def _check_free(
    session: Session, principal: Principal, product_id: str, new: NewPriceBand, own_id: str | None
) -> None:
    held = find(session, principal, product_id, new)
    if held is not None and held.id != own_id:
        raise PriceBandKnown(
            f"The product has a {new.currency} price band from that day already: {held.id}.",
            price_band_id=held.id,
        )
