"""Where a row is put: who enrols, into which transaction, and what a dry run has promised so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.products.service as products
from service.errors import Unprocessable
from service.runtime import Runtime
from service.security.principals import Principal
from service.vectors.serving import Features


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class RowRefused(Unprocessable):
    slug = "enrolment-row-refused"
    title = "A row of the enrolment cannot be used"
    help = "The message says what is wrong with the row; mend it and enrol the same folder again."


@dataclass(frozen=True)
class PromisedReference:
    path: str
    sha256: str
    features: Features


@dataclass
class Promised:
    """What a dry run would have made: keys of rows, and references that a counterfeit may copy."""

    keys: set[tuple[str, ...]] = field(default_factory=set)
    references: list[PromisedReference] = field(default_factory=list)


@dataclass(frozen=True)
class Enrolling:
    """One run for one owner."""

    runtime: Runtime
    principal: Principal
    owner_id: str
    dry_run: bool
    promised: Promised = field(default_factory=Promised)

    def brand_id(self, session: Session, name: str) -> str:
        """Raises: RowRefused: the owner has no such brand, nor has the dry run promised it."""
        found = brands.find_named(session, self.principal, self.owner_id, name)
        if found is not None:
            return found.id
        if ("brand", name) in self.promised.keys:
            return f"promised:{name}"
        raise RowRefused(f"brand: the owner has no brand {name!r}; add it to brands.csv")

    def product_id(self, session: Session, brand: str, sku: str) -> str:
        """Raises: RowRefused: the brand has no such product, nor has the dry run promised it."""
        brand_id = self.brand_id(session, brand)
        found = products.find_sku(session, self.principal, brand_id, sku)
        if found is not None:
            return found.id
        if ("product", brand_id, sku) in self.promised.keys:
            return f"promised:{brand_id}:{sku}"
        raise RowRefused(f"sku: the brand {brand!r} has no product {sku!r}; add it to products.csv")

    def settle(
        self,
        key: tuple[str, ...],
        found: Any | None,
        wanted: Mapping[str, Any],
        create: Callable[[], object],
        update: Callable[[], object],
    ) -> Outcome:
        """Make the thing, change it where it differs, or leave it; a dry run only says which."""
        if found is None and self.dry_run:
            return self.promise(key)
        if found is None:
            create()
            return Outcome.CREATED
        if all(getattr(found, name) == value for name, value in wanted.items()):
            return Outcome.UNCHANGED
        if not self.dry_run:
            update()
        return Outcome.UPDATED

    def promise(self, key: tuple[str, ...]) -> Outcome:
        if key in self.promised.keys:
            return Outcome.UNCHANGED
        self.promised.keys.add(key)
        return Outcome.CREATED
