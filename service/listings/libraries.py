"""The two libraries whose pictures a listing may have copied, told apart by nothing but where they are described."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

import service.counterfeits.service as counterfeits
import service.references.service as references
from index.base import Library
from service.listings.copies import Stored
from service.references.service import ReferenceFacts

Describe = Callable[[Session, str, Sequence[str]], Mapping[str, Stored]]
"""Session, tenant and ids to what is stored under them."""


def genuine(session: Session, tenant_id: str, ids: Sequence[str]) -> dict[str, Stored]:
    return described(references.describe(session, tenant_id, ids))


def described(facts: Mapping[str, ReferenceFacts]) -> dict[str, Stored]:
    return {key: Stored(key, each.brand_id, each.sha256, each.product_id) for key, each in facts.items()}


def confirmed(session: Session, tenant_id: str, ids: Sequence[str]) -> dict[str, Stored]:
    facts = counterfeits.describe(session, tenant_id, ids)
    return {key: Stored(key, each.brand_id, each.sha256) for key, each in facts.items()}


DESCRIBED: Mapping[Library, Describe] = {Library.GENUINE: genuine, Library.COUNTERFEIT: confirmed}
