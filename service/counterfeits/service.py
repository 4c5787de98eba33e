"""Rules of known counterfeits: photos from confirmed cases, none of them a genuine one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.products.service as products
import service.references.service as references
from index.base import Library
from service.audit.service import record
from service.brands.service import own_brand
from service.clock import now
from service.counterfeits import repository
from service.counterfeits.copies import OriginalSearch
from service.counterfeits.models import KnownCounterfeit
from service.counterfeits.schemas import CounterfeitChanges
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.references.pictures import Taken
from service.runtime import Runtime
from service.security.principals import Principal
from service.vectors.service import VectorSpaces
from service.vectors.serving import EnrolledFeatures, NewItem


@dataclass(frozen=True)
class CounterfeitFacts:
    """What a check says of a known counterfeit that it found."""

    counterfeit_id: str
    brand_id: str
    product_id: str | None
    case_reference: str
    sha256: str


class CounterfeitKnown(Conflict):
    slug = "counterfeit-known"
    title = "The brand has this very picture among its known counterfeits"
    help = "Use the one that the member `known_counterfeit_id` names."


class CopyOfGenuine(Conflict):
    slug = "copy-of-genuine-reference"
    title = "The picture is a copy of a genuine reference"
    help = "A stolen photo says nothing of the goods; send a photo of the seized article itself."


def search_original(
    runtime: Runtime, principal: Principal, taken: Taken, features: EnrolledFeatures
) -> OriginalSearch:
    """Outside any transaction that writes: it compares pictures.

    Raises:
        CopyOfGenuine: the picture is a copy of a reference; named only to one who may see it.
    """
    search = OriginalSearch(
        runtime.vectors,
        runtime.closeups,
        principal.tenant_id,
        taken.picture.sha256,
        features,
        lambda: taken.closeup,
    )
    with runtime.database.read() as session:
        check_not_genuine(session, principal, search)
    return search


@dataclass(frozen=True, eq=False)
class NewCounterfeit:
    """A described picture from a confirmed case; its blob is stored already."""

    brand_id: str
    product_id: str | None
    case_reference: str
    note: str
    taken: Taken
    features: EnrolledFeatures
    search: OriginalSearch
    """Asked once already, before the transaction."""


def own_counterfeit(session: Session, principal: Principal, counterfeit_id: str) -> KnownCounterfeit:
    """Raises: NotFound: there is none that the principal may see."""
    refusal = NotFound(f"There is no known counterfeit {counterfeit_id} that this key may see.")
    found = repository.counterfeit(session, principal.tenant_id, counterfeit_id)
    if found is None:
        raise refusal
    try:
        own_brand(session, principal, found.brand_id)
    except NotFound:
        raise refusal from None
    return found


def own_counterfeits(
    session: Session, principal: Principal, brand_id: str, limit: int, after: str | None
) -> Sequence[KnownCounterfeit]:
    brand = own_brand(session, principal, brand_id)
    return repository.page(session, principal.tenant_id, brand.id, limit, after)


def find_bytes(session: Session, principal: Principal, brand_id: str, sha256: str) -> KnownCounterfeit | None:
    return repository.of_bytes(session, principal.tenant_id, brand_id, sha256)


def check_place(session: Session, principal: Principal, brand_id: str, product_id: str | None) -> None:
    """Raises: NotFound: brand or product is none of the principal's, or the product is of another brand."""
    brand = own_brand(session, principal, brand_id)
    if product_id is not None:
        product = products.own_product(session, principal, product_id)
        if product.brand_id != brand.id:
            raise NotFound(f"The brand has no product {product_id}.")


def add(
    session: Session, vectors: VectorSpaces, principal: Principal, new: NewCounterfeit
) -> KnownCounterfeit:
    """Row and vectors in the caller's transaction.

    Raises:
        CounterfeitKnown: the brand has this picture.
        CopyOfGenuine: it is a copy of a reference; named only to one who may see it.
        FingerprintMismatch: the encoder was changed since the picture was described.
    """
    check_place(session, principal, new.brand_id, new.product_id)
    sha256 = new.taken.picture.sha256
    held = find_bytes(session, principal, new.brand_id, sha256)
    if held is not None:
        raise CounterfeitKnown(
            f"The brand has this known counterfeit already: {held.id}.", known_counterfeit_id=held.id
        )
    check_not_genuine(session, principal, new.search)
    row = _row(principal.tenant_id, new)
    session.add(row)
    session.flush()
    item = NewItem(row.id, row.tenant_id, Library.COUNTERFEIT, row.brand_id, row.blob, new.features)
    vectors.record(session, [item])
    record(
        session, principal, "known_counterfeit.create", row.id, {"brand_id": row.brand_id, "sha256": row.blob}
    )
    return row


def check_not_genuine(session: Session, principal: Principal, search: OriginalSearch) -> None:
    """Raises: CopyOfGenuine: it is a copy of a reference; named only to one who may see it."""
    original = search.original(session)
    if original is None:
        return
    try:
        references.own_reference(session, principal, original)
    except NotFound:
        raise CopyOfGenuine("The picture is a copy of a genuine reference of another owner.") from None
    raise CopyOfGenuine(f"The picture is a copy of the reference {original}.", reference_id=original)


def update(
    session: Session, principal: Principal, counterfeit_id: str, changes: CounterfeitChanges
) -> KnownCounterfeit:
    found = own_counterfeit(session, principal, counterfeit_id)
    given = changes.model_dump(exclude_none=True)
    for field, value in given.items():
        setattr(found, field, value)
    session.flush()
    record(session, principal, "known_counterfeit.update", found.id, given)
    return found


def remove(session: Session, vectors: VectorSpaces, principal: Principal, counterfeit_id: str) -> None:
    """Gone from every search when the transaction commits."""
    found = own_counterfeit(session, principal, counterfeit_id)
    found.removed_at = now()
    vectors.forget(session, [found.id])
    session.flush()
    record(session, principal, "known_counterfeit.delete", found.id, {"brand_id": found.brand_id})


def remove_of_brand(session: Session, vectors: VectorSpaces, tenant_id: str, brand_id: str) -> None:
    ids = repository.remove_of_brand(session, tenant_id, brand_id, now())
    if ids:
        vectors.forget(session, ids)


def confirmed(session: Session, tenant_id: str) -> Sequence[KnownCounterfeit]:
    """All that stand in the tenant, whoever owns them: for the exchange, whose administrator says who is told."""
    return repository.all_present(session, tenant_id)


def describe(session: Session, tenant_id: str, ids: Sequence[str]) -> dict[str, CounterfeitFacts]:
    """Facts by id in one query, removed ones too, whoever owns them: for checks alone."""
    return {
        row.id: CounterfeitFacts(row.id, row.brand_id, row.product_id, row.case_reference, row.blob)
        for row in repository.counterfeits(session, tenant_id, ids)
    }


def _row(tenant_id: str, new: NewCounterfeit) -> KnownCounterfeit:
    picture = new.taken.picture
    return KnownCounterfeit(
        id=new_id("cft"),
        tenant_id=tenant_id,
        brand_id=new.brand_id,
        product_id=new.product_id,
        blob=picture.sha256,
        case_reference=new.case_reference,
        note=new.note,
        width=picture.width,
        height=picture.height,
        format=picture.format.value,
        pdq=new.features.hash.hex,
        pdq_quality=new.features.hash.quality,
        warnings=list(new.taken.warnings),
        created_at=now(),
    )
