"""Rules of rights and recordations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from service.audit.service import record
from service.brands.service import own_brand
from service.clock import now
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.rights import repository
from service.rights.models import Disclosure, Recordation, Right
from service.rights.schemas import NewRecordation, NewRight
from service.security.principals import Principal

_MOST = 20


class RightKnown(Conflict):
    slug = "right-known"
    title = "The brand has this right or recordation already"
    help = "Use the one whose id the detail names, or remove it first."


def own_right(session: Session, principal: Principal, right_id: str) -> Right:
    """Raises: NotFound: there is none that the principal may see."""
    right = repository.right(session, principal.tenant_id, right_id)
    if right is None or not _sees(session, principal, right.brand_id):
        raise NotFound(f"There is no right {right_id} that this key may see.")
    return right


def own_rights(
    session: Session, principal: Principal, brand_id: str, limit: int, after: str | None
) -> Sequence[Right]:
    brand = own_brand(session, principal, brand_id)
    return repository.page(session, principal.tenant_id, brand.id, limit, after)


def find_right(session: Session, principal: Principal, brand_id: str, new: NewRight) -> Right | None:
    return repository.numbered(session, principal.tenant_id, brand_id, new.kind.value, new.office, new.number)


def rights_of_number(
    session: Session, principal: Principal, brand_ids: Sequence[str], office: str, number: str
) -> Sequence[Right]:
    """Rights of these brands under one number: a trademark and a design may share it."""
    return repository.of_number(session, principal.tenant_id, brand_ids, office, number)


def public_rights(session: Session, tenant_id: str) -> list[Right]:
    """Those that anybody may read, whoever owns them: for the exchange."""
    found = repository.all_present(session, tenant_id)
    return [right for right in found if right.disclosure == Disclosure.PUBLIC]


def brands_with_right(session: Session, tenant_id: str, kind: str, office: str, number: str) -> set[str]:
    """Ids of the brands that a right is registered for, whoever owns them: for checks alone."""
    found = repository.of_office(session, tenant_id, office, [number])
    return {right.brand_id for right in found if right.kind == kind}


def create_right(session: Session, principal: Principal, brand_id: str, new: NewRight) -> Right:
    """Raises: RightKnown: the brand has it already."""
    brand = own_brand(session, principal, brand_id)
    held = find_right(session, principal, brand.id, new)
    if held is not None:
        raise RightKnown(f"The {new.kind} {new.office} {new.number} is registered already: {held.id}.")
    right = Right(
        id=new_id("rgt"),
        tenant_id=principal.tenant_id,
        brand_id=brand.id,
        created_at=now(),
        **new.model_dump(),
    )
    session.add(right)
    session.flush()
    record(session, principal, "right.create", right.id, {"brand_id": brand.id, "number": right.number})
    return right


def replace_right(session: Session, principal: Principal, right_id: str, new: NewRight) -> Right:
    """Raises: RightKnown: the change would make it the same as another."""
    right = own_right(session, principal, right_id)
    held = find_right(session, principal, right.brand_id, new)
    if held is not None and held.id != right.id:
        raise RightKnown(f"The {new.kind} {new.office} {new.number} is registered already: {held.id}.")
    for field, value in new.model_dump().items():
        setattr(right, field, value)
    session.flush()
    record(session, principal, "right.update", right.id, new.model_dump(mode="json"))
    return right


def remove_right(session: Session, principal: Principal, right_id: str) -> None:
    """Its recordations go with it."""
    right = own_right(session, principal, right_id)
    right.removed_at = now()
    repository.remove_recordations(session, principal.tenant_id, right.id, right.removed_at)
    session.flush()
    record(session, principal, "right.delete", right.id, {"brand_id": right.brand_id})


def ending(
    session: Session, principal: Principal, brand_ids: Sequence[str], until: date
) -> tuple[Sequence[Right], Sequence[Recordation]]:
    """Rights and recordations whose last day is that one or an earlier one, the first to end first, up to `_MOST`."""
    own = [own_brand(session, principal, each).id for each in brand_ids]
    tenant_id = principal.tenant_id
    return (
        repository.ending_rights(session, tenant_id, own, until, _MOST),
        repository.ending_recordations(session, tenant_id, own, until, _MOST),
    )


def ending_by_brand(
    session: Session, principal: Principal, brand_ids: Sequence[str], until: date
) -> dict[str, int]:
    """How many of either end until then, by brand; brands are left out of which none does."""
    own = [own_brand(session, principal, each).id for each in brand_ids]
    return repository.count_ending(session, principal.tenant_id, own, until)


def remove_of_brand(session: Session, tenant_id: str, brand_id: str) -> None:
    repository.remove_of_brand(session, tenant_id, brand_id, now())


def own_recordation(session: Session, principal: Principal, recordation_id: str) -> Recordation:
    """Raises: NotFound: there is none that the principal may see."""
    found = repository.recordation(session, principal.tenant_id, recordation_id)
    if found is None or not _sees(session, principal, found.brand_id):
        raise NotFound(f"There is no recordation {recordation_id} that this key may see.")
    return found


def own_recordations(
    session: Session, principal: Principal, right_id: str, limit: int, after: str | None
) -> Sequence[Recordation]:
    right = own_right(session, principal, right_id)
    return repository.recordation_page(session, principal.tenant_id, right.id, limit, after)


def recordations_of(
    session: Session, principal: Principal, brand_id: str, rights: Sequence[Right]
) -> dict[str, list[Recordation]]:
    """Recordations of these rights of one brand, by right."""
    brand = own_brand(session, principal, brand_id)
    found: dict[str, list[Recordation]] = {each.id: [] for each in rights}
    for each in repository.recordations_of_rights(session, principal.tenant_id, brand.id, sorted(found)):
        found[each.right_id].append(each)
    return found


def find_recordation(
    session: Session, principal: Principal, right_id: str, new: NewRecordation
) -> Recordation | None:
    return repository.recordation_numbered(session, principal.tenant_id, right_id, new.authority, new.number)


def create_recordation(
    session: Session, principal: Principal, right_id: str, new: NewRecordation
) -> Recordation:
    """Raises: RightKnown: the right has it already."""
    right = own_right(session, principal, right_id)
    held = find_recordation(session, principal, right.id, new)
    if held is not None:
        raise RightKnown(f"The recordation {new.authority} {new.number} is known already: {held.id}.")
    recordation = Recordation(
        id=new_id("rec"),
        tenant_id=principal.tenant_id,
        brand_id=right.brand_id,
        right_id=right.id,
        created_at=now(),
        **new.model_dump(),
    )
    session.add(recordation)
    session.flush()
    record(session, principal, "recordation.create", recordation.id, {"right_id": right.id})
    return recordation


def replace_recordation(
    session: Session, principal: Principal, recordation_id: str, new: NewRecordation
) -> Recordation:
    """Raises: RightKnown: the change would make it the same as another."""
    found = own_recordation(session, principal, recordation_id)
    held = find_recordation(session, principal, found.right_id, new)
    if held is not None and held.id != found.id:
        raise RightKnown(f"The recordation {new.authority} {new.number} is known already: {held.id}.")
    for field, value in new.model_dump().items():
        setattr(found, field, value)
    session.flush()
    record(session, principal, "recordation.update", found.id, new.model_dump(mode="json"))
    return found


def remove_recordation(session: Session, principal: Principal, recordation_id: str) -> None:
    recordation = own_recordation(session, principal, recordation_id)
    recordation.removed_at = now()
    session.flush()
    record(session, principal, "recordation.delete", recordation.id, {"right_id": recordation.right_id})


def _sees(session: Session, principal: Principal, brand_id: str) -> bool:
    try:
        own_brand(session, principal, brand_id)
    except NotFound:
        return False
    return True
