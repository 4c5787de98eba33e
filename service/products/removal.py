"""Removing a product with its pictures: gone from every search at once."""

from __future__ import annotations

from sqlalchemy.orm import Session

import service.references.service as references
from service.audit.service import record
from service.products.service import mark_removed
from service.security.principals import Principal
from service.vectors.service import VectorSpaces


def remove(session: Session, vectors: VectorSpaces, principal: Principal, product_id: str) -> None:
    """Known counterfeits of the product stay with its brand.

    Raises:
        NoSuchProduct: there is none that the principal may see.
    """
    product = mark_removed(session, principal, product_id)
    references.remove_where(session, vectors, principal.tenant_id, product_id=product.id)
    record(session, principal, "product.delete", product.id, {"sku": product.sku})
