"""Rows without a picture: each is made, changed or left, by the rules of its feature."""

from __future__ import annotations

from functools import singledispatch

from pydantic import BaseModel
from sqlalchemy.orm import Session

import service.brands.service as brands
import service.products.prices as prices
import service.products.service as products
import service.rights.service as rights
import service.sellers.service as sellers
from service.brands.schemas import BrandChanges, NewBrand
from service.enrolment.place import Enrolling, Outcome, RowRefused
from service.enrolment.rows import (
    AuthorisedSellerRow,
    BrandRow,
    PriceBandRow,
    ProductRow,
    RecordationRow,
    RightRow,
)
from service.products.schemas import NewPriceBand, NewProduct, ProductChanges
from service.rights.schemas import NewRecordation, NewRight
from service.sellers.schemas import NewAuthorisedSeller


@singledispatch
def settle(row: BaseModel, run: Enrolling, session: Session) -> Outcome:
    """Within the session's transaction.

    Raises:
        Problem: why the row cannot be used.
    """
    raise TypeError(f"No rule settles a {type(row).__name__}.")


@settle.register
def _brand(row: BrandRow, run: Enrolling, session: Session) -> Outcome:
    given = row.model_dump(exclude_unset=True)
    found = brands.find_named(session, run.principal, run.owner_id, row.name)
    new = NewBrand(name=row.name, spellings=row.spellings, owner_id=run.owner_id)
    return run.settle(
        ("brand", row.name),
        found,
        given,
        create=lambda: brands.create(session, run.principal, new),
        update=lambda: brands.update(
            session, run.principal, found.id if found else "", BrandChanges(**given)
        ),
    )


@settle.register
def _right(row: RightRow, run: Enrolling, session: Session) -> Outcome:
    new = NewRight(**row.model_dump(exclude={"brand"}))
    brand_id = run.brand_id(session, row.brand)
    found = rights.find_right(session, run.principal, brand_id, new)
    return run.settle(
        ("right", brand_id, new.kind, new.office, new.number),
        found,
        new.model_dump(),
        create=lambda: rights.create_right(session, run.principal, brand_id, new),
        update=lambda: rights.replace_right(session, run.principal, found.id if found else "", new),
    )


@settle.register
def _recordation(row: RecordationRow, run: Enrolling, session: Session) -> Outcome:
    new = NewRecordation(**row.model_dump(exclude={"right_number", "office"}))
    right_id = _right_id(row, run, session)
    found = rights.find_recordation(session, run.principal, right_id, new)
    return run.settle(
        ("recordation", right_id, new.authority, new.number),
        found,
        new.model_dump(),
        create=lambda: rights.create_recordation(session, run.principal, right_id, new),
        update=lambda: rights.replace_recordation(session, run.principal, found.id if found else "", new),
    )


@settle.register
def _product(row: ProductRow, run: Enrolling, session: Session) -> Outcome:
    given = row.model_dump(exclude={"brand"}, exclude_unset=True)
    brand_id = run.brand_id(session, row.brand)
    found = products.find_sku(session, run.principal, brand_id, row.sku)
    new, changes = NewProduct(**given), ProductChanges(**given)
    return run.settle(
        ("product", brand_id, row.sku),
        found,
        given,
        create=lambda: products.create(session, run.principal, brand_id, new),
        update=lambda: products.update(session, run.principal, found.id if found else "", changes),
    )


@settle.register
def _price_band(row: PriceBandRow, run: Enrolling, session: Session) -> Outcome:
    new = NewPriceBand(**row.model_dump(exclude={"brand", "sku"}))
    product_id = run.product_id(session, row.brand, row.sku)
    found = prices.find(session, run.principal, product_id, new)

    def create() -> None:
        product = products.own_product(session, run.principal, product_id)
        prices.create(session, run.principal, product, new)

    def update() -> None:
        if found is not None:
            prices.replace(session, run.principal, found, new)

    key = ("price_band", product_id, new.currency, new.territory or "", str(new.valid_from))
    return run.settle(key, found, new.model_dump(), create, update)


@settle.register
def _seller(row: AuthorisedSellerRow, run: Enrolling, session: Session) -> Outcome:
    new = NewAuthorisedSeller(**row.model_dump(exclude={"brand"}))
    brand_id = run.brand_id(session, row.brand)
    found = sellers.find(session, run.principal, brand_id, new)
    return run.settle(
        ("seller", brand_id, new.seller, new.category or "", new.territory or "", str(new.valid_from)),
        found,
        new.model_dump(),
        create=lambda: sellers.create(session, run.principal, brand_id, new),
        update=lambda: sellers.replace(session, run.principal, found.id if found else "", new),
    )


def _right_id(row: RecordationRow, run: Enrolling, session: Session) -> str:
    brand_ids = brands.ids_of_owner(session, run.principal, run.owner_id)
    found = rights.rights_of_number(session, run.principal, brand_ids, row.office, row.right_number)
    promised = [
        key for key in run.promised.keys if key[0] == "right" and key[3:] == (row.office, row.right_number)
    ]
    ids = [*(right.id for right in found), *("promised:" + ":".join(key) for key in promised)]
    if len(ids) != 1:
        count = "no right" if not ids else f"{len(ids)} rights"
        raise RowRefused(f"right_number: the owner has {count} {row.office} {row.right_number}; needs one")
    return ids[0]
