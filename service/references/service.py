"""Rules of references: a row, its blob and its vectors come together, and go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.products.service as products
from index.base import Library
from service.audit.service import record
from service.clock import now
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.products.models import Product
from service.references import repository
from service.references.models import Reference
from service.references.pictures import Taken
from service.security.principals import Principal, Role
from service.vectors.service import VectorSpaces
from service.vectors.serving import EnrolledFeatures, NewItem

_AT_ONCE = 500


_MOST_LOOKED_AT = 100
"""References of one product among which a check chooses."""


@dataclass(frozen=True)
class ReferenceFacts:
    """What a check says of a reference that it found."""

    reference_id: str
    product_id: str
    brand_id: str
    sku: str
    product_name: str
    category: str
    sha256: str


class ReferenceKnown(Conflict):
    slug = "reference-known"
    title = "The product has this very picture already"
    help = "Use the reference that the member `reference_id` names."


@dataclass(frozen=True, eq=False)
class NewReference:
    """A described picture of a product; its blob is stored already."""

    product: Product
    view: str
    taken: Taken
    features: EnrolledFeatures


def own_reference(session: Session, principal: Principal, reference_id: str) -> Reference:
    """Raises: NotFound: there is none that the principal may see."""
    found = repository.reference(session, principal.tenant_id, reference_id)
    if found is None or not _sees(session, principal, found.product_id):
        raise NotFound(f"There is no reference {reference_id} that this key may see.")
    return found


def comparable(session: Session, principal: Principal, reference_id: str, others: int) -> list[str]:
    """SHA-256 of the reference's picture, then of up to `others` more of the same product and view.

    Officers compare with every owner's references; owners with their own.

    Raises:
        NotFound: there is none that the principal may compare with.
    """
    found = repository.reference(session, principal.tenant_id, reference_id)
    officer = principal.role is Role.INSPECTOR
    if found is None or not (officer or _sees(session, principal, found.product_id)):
        raise NotFound(f"There is no reference {reference_id} that this key may see.")
    return [
        found.blob,
        *(each.blob for each in repository.of_view(session, principal.tenant_id, found, others)),
    ]


def of_product(
    session: Session, tenant_id: str, product_id: str, first: Sequence[str], limit: int
) -> list[Reference]:
    """The product's references, those named first before others, whoever owns them: for checks alone."""
    named = {reference_id: at for at, reference_id in reversed(list(enumerate(first)))}
    rows = repository.page(session, tenant_id, product_id, _MOST_LOOKED_AT, None)
    return sorted(rows, key=lambda each: (named.get(each.id, len(first)), each.id))[:limit]


def own_references(
    session: Session, principal: Principal, product_id: str, limit: int, after: str | None
) -> Sequence[Reference]:
    product = products.own_product(session, principal, product_id)
    return repository.page(session, principal.tenant_id, product.id, limit, after)


def find_bytes(session: Session, tenant_id: str, product_id: str, sha256: str) -> Reference | None:
    return repository.of_bytes(session, tenant_id, product_id, sha256)


def any_of_bytes(session: Session, tenant_id: str, sha256: str) -> Reference | None:
    """Some reference of the tenant with these bytes, whoever owns it: for checks alone."""
    return repository.any_of_bytes(session, tenant_id, sha256)


def check_new(session: Session, principal: Principal, product_id: str, sha256: str) -> Product:
    """The product, if the picture is new to it.

    Raises:
        NoSuchProduct: there is none that the principal may see.
        ReferenceKnown: it has this picture.
    """
    product = products.own_product(session, principal, product_id)
    held = find_bytes(session, principal.tenant_id, product.id, sha256)
    if held is not None:
        raise ReferenceKnown(f"The product has this picture already: {held.id}.", reference_id=held.id)
    return product


def add(
    session: Session, vectors: VectorSpaces, principal: Principal, new: Sequence[NewReference]
) -> list[Reference]:
    """Rows and vectors in the caller's transaction; `check_new` was passed in it for each.

    Raises:
        FingerprintMismatch: the encoder was changed since the pictures were described.
    """
    rows = [_row(principal.tenant_id, each) for each in new]
    session.add_all(rows)
    session.flush()
    vectors.record(session, [_item(row, each.features) for row, each in zip(rows, new, strict=True)])
    for row in rows:
        detail = {"product_id": row.product_id, "sha256": row.blob}
        record(session, principal, "reference.create", row.id, detail)
    return rows


def change_view(session: Session, principal: Principal, reference_id: str, view: str) -> Reference:
    reference = own_reference(session, principal, reference_id)
    reference.view = view
    session.flush()
    record(session, principal, "reference.update", reference.id, {"view": view})
    return reference


def remove(session: Session, vectors: VectorSpaces, principal: Principal, reference_id: str) -> None:
    """Gone from every search when the transaction commits."""
    reference = own_reference(session, principal, reference_id)
    reference.removed_at = now()
    vectors.forget(session, [reference.id])
    session.flush()
    record(session, principal, "reference.delete", reference.id, {"product_id": reference.product_id})


def remove_where(session: Session, vectors: VectorSpaces, tenant_id: str, **only: str) -> None:
    """Remove all of a `brand_id` or a `product_id`."""
    ids = repository.remove_where(session, tenant_id, now(), **only)
    if ids:
        vectors.forget(session, ids)


def describe(session: Session, tenant_id: str, reference_ids: Sequence[str]) -> dict[str, ReferenceFacts]:
    """Facts by id in two queries, removed references too, whoever owns them: for checks alone."""
    rows = repository.references(session, tenant_id, reference_ids)
    of = products.facts(session, tenant_id, sorted({row.product_id for row in rows}))
    return {row.id: _facts(row, of[row.product_id]) for row in rows}


def describe_all(session: Session, tenant_id: str) -> dict[str, ReferenceFacts]:
    """Facts of every reference that is there now, by id, whoever owns it: for looking again at what was decided."""
    found: dict[str, ReferenceFacts] = {}
    ids = repository.ids_of_tenant(session, tenant_id)
    for start in range(0, len(ids), _AT_ONCE):
        found |= describe(session, tenant_id, ids[start : start + _AT_ONCE])
    return found


def _facts(row: Reference, product: Product) -> ReferenceFacts:
    return ReferenceFacts(
        row.id, product.id, row.brand_id, product.sku, product.name, product.category, row.blob
    )


def _row(tenant_id: str, new: NewReference) -> Reference:
    picture = new.taken.picture
    return Reference(
        id=new_id("ref"),
        tenant_id=tenant_id,
        brand_id=new.product.brand_id,
        product_id=new.product.id,
        blob=picture.sha256,
        view=new.view,
        width=picture.width,
        height=picture.height,
        format=picture.format.value,
        pdq=new.features.hash.hex,
        pdq_quality=new.features.hash.quality,
        warnings=list(new.taken.warnings),
        created_at=now(),
    )


def _item(row: Reference, features: EnrolledFeatures) -> NewItem:
    return NewItem(row.id, row.tenant_id, Library.GENUINE, row.brand_id, row.blob, features)


def _sees(session: Session, principal: Principal, product_id: str) -> bool:
    try:
        products.own_product(session, principal, product_id)
    except NotFound:
        return False
    return True
