"""Rules of brands: whose they are, and that nobody else learns of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.audit.service import record
from service.brands import repository
from service.brands.models import Brand
from service.brands.schemas import BrandChanges, NewBrand
from service.clock import now
from service.errors import Conflict, Forbidden, NotFound, Unprocessable
from service.ids import new_id
from service.security.principals import Principal, Role


@dataclass(frozen=True)
class BrandNames:
    """What reading a listing's text needs to know of a brand."""

    id: str
    name: str
    spellings: tuple[str, ...]
    gated: bool
    auto_block: bool


class NoSuchBrand(NotFound):
    def __init__(self, brand_id: str) -> None:
        super().__init__(f"There is no brand {brand_id} that this key may see.")


class BrandNameTaken(Conflict):
    slug = "brand-name-taken"
    title = "The owner has a brand of that name"
    help = "Use the brand that the member `brand_id` names, or another name."


def own_brand(session: Session, principal: Principal, brand_id: str) -> Brand:
    """The brand, if the principal may act for its owner.

    Raises:
        NoSuchBrand: in the same words whether it does not exist or belongs to somebody else.
    """
    brand = repository.brand(session, principal.tenant_id, brand_id)
    if brand is None or not principal.may_act_for(brand.owner_id):
        raise NoSuchBrand(brand_id)
    return brand


def own_brands(session: Session, principal: Principal, limit: int, after: str | None) -> Sequence[Brand]:
    owners = None if principal.role is Role.ADMIN else principal.owners
    return repository.page(session, principal.tenant_id, owners, limit, after)


def find_named(session: Session, principal: Principal, owner_id: str, name: str) -> Brand | None:
    """The owner's brand of that name, spelled exactly so."""
    if not principal.may_act_for(owner_id):
        return None
    return repository.named(session, principal.tenant_id, owner_id, name)


def ids_of_owner(session: Session, principal: Principal, owner_id: str) -> Sequence[str]:
    if not principal.may_act_for(owner_id):
        return []
    return repository.ids_of_owner(session, principal.tenant_id, owner_id)


def resolve_owner(session: Session, principal: Principal, owner_id: str | None) -> str:
    """The organisation that brands are registered for; a brand owner need not name itself.

    Raises:
        NotFound: the principal may not act for it, or it does not exist.
    """
    return _owner_of_new(session, principal, owner_id)


def create(session: Session, principal: Principal, new: NewBrand) -> Brand:
    """Raises: BrandNameTaken: the owner has one of that name. Forbidden: `gated` or `auto_block` by a non-admin."""
    _only_admin_sets(principal, {"gated": new.gated or None, "auto_block": new.auto_block or None})
    owner_id = _owner_of_new(session, principal, new.owner_id)
    _check_free(session, principal.tenant_id, owner_id, new.name)
    brand = Brand(
        id=new_id("brd"),
        tenant_id=principal.tenant_id,
        owner_id=owner_id,
        name=new.name,
        spellings=list(new.spellings),
        gated=new.gated,
        auto_block=new.auto_block,
        created_at=now(),
    )
    session.add(brand)
    session.flush()
    record(session, principal, "brand.create", brand.id, {"name": brand.name, "owner_id": owner_id})
    return brand


def update(session: Session, principal: Principal, brand_id: str, changes: BrandChanges) -> Brand:
    """Change what is given; the rest stays."""
    brand = own_brand(session, principal, brand_id)
    given = changes.model_dump(exclude_none=True)
    _only_admin_sets(principal, given)
    if given.get("name", brand.name) != brand.name:
        _check_free(session, principal.tenant_id, brand.owner_id, given["name"])
    for field, value in given.items():
        setattr(brand, field, value)
    session.flush()
    record(session, principal, "brand.update", brand.id, given)
    return brand


def ids_owned_by(session: Session, tenant_id: str, owners: frozenset[str]) -> frozenset[str]:
    """Ids of the brands of these owners."""
    return frozenset(
        brand_id for owner in owners for brand_id in repository.ids_of_owner(session, tenant_id, owner)
    )


def owner_of(session: Session, tenant_id: str, brand_id: str) -> str:
    """The organisation that owns the brand, whoever asks: for work that goes on in its name.

    Raises:
        NoSuchBrand: it was removed, or there never was one.
    """
    brand = repository.brand(session, tenant_id, brand_id)
    if brand is None:
        raise NoSuchBrand(brand_id)
    return brand.owner_id


def names_for_tenant(session: Session, tenant_id: str) -> list[BrandNames]:
    """Every brand of the tenant, whoever owns it: for checks alone, never for an answer."""
    return [
        BrandNames(brand.id, brand.name, tuple(brand.spellings), brand.gated, brand.auto_block)
        for brand in repository.all_of_tenant(session, tenant_id)
    ]


def names(session: Session, tenant_id: str, brand_ids: Collection[str]) -> dict[str, str]:
    """What these brands are called, removed ones too, whoever owns them: for people who may know that anyhow."""
    return repository.names(session, tenant_id, sorted(brand_ids)) if brand_ids else {}


def ids_named(session: Session, tenant_id: str, name: str) -> Sequence[str]:
    """The brands that are called so, whoever owns them: for people who may know that anyhow."""
    return repository.ids_named(session, tenant_id, name)


def _only_admin_sets(principal: Principal, given: dict[str, object]) -> None:
    asked = sorted(field for field in ("gated", "auto_block") if given.get(field) is not None)
    if asked and principal.role is not Role.ADMIN:
        raise Forbidden(f"Only an administrator sets {' and '.join(asked)}; leave it out.")


def _owner_of_new(session: Session, principal: Principal, asked: str | None) -> str:
    if asked is None:
        if principal.role is Role.BRAND_OWNER:
            return principal.organisation_id
        raise Unprocessable("Name the right holder's organisation in `owner_id`.")
    known = repository.has_organisation(session, principal.tenant_id, asked)
    if not known or not principal.may_act_for(asked):
        raise NotFound(f"There is no organisation {asked} that this key may act for.")
    return asked


def _check_free(session: Session, tenant_id: str, owner_id: str, name: str) -> None:
    held = repository.named(session, tenant_id, owner_id, name)
    if held is not None:
        raise BrandNameTaken(f"This owner has a brand {name!r} already: {held.id}.", brand_id=held.id)
