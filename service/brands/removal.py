"""Removing a brand with all that hangs on it: gone from every search at once."""

from __future__ import annotations

from sqlalchemy.orm import Session

import service.counterfeits.service as counterfeits
import service.marks.service as marks
import service.products.service as products
import service.references.service as references
import service.rights.service as rights
import service.sellers.service as sellers
from service.audit.service import record
from service.brands.service import own_brand
from service.clock import now
from service.security.principals import Principal
from service.vectors.service import VectorSpaces


def remove(session: Session, vectors: VectorSpaces, principal: Principal, brand_id: str) -> None:
    """Raises: NoSuchBrand: there is none that the principal may see."""
    brand = own_brand(session, principal, brand_id)
    brand.removed_at = now()
    tenant_id = principal.tenant_id
    rights.remove_of_brand(session, tenant_id, brand_id)
    sellers.remove_of_brand(session, tenant_id, brand_id)
    products.remove_of_brand(session, tenant_id, brand_id)
    references.remove_where(session, vectors, tenant_id, brand_id=brand_id)
    counterfeits.remove_of_brand(session, vectors, tenant_id, brand_id)
    marks.remove_of_brand(session, tenant_id, brand_id)
    session.flush()
    record(session, principal, "brand.delete", brand_id, {"name": brand.name})
