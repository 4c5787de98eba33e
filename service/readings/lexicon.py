"""The names that a tenant's texts and pictures are searched for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.marks.service as marks
from model.text.lexicon import BrandWords, Lexicon
from service.brands.service import BrandNames

_TENANTS = 16
"""Whose lexicons are held at once; one of a thousand brands takes some megabytes."""


def tenant_lexicon(session: Session, tenant_id: str, known: Sequence[BrandNames] | None = None) -> Lexicon:
    """Names and spellings of every brand of the tenant, and its word marks as product lines.

    Made anew only when one of them has changed since.

    Args:
        known: the tenant's brands, where the caller has them already.
    """
    named = brands.names_for_tenant(session, tenant_id) if known is None else known
    lines = [(mark.brand_id, mark.text) for mark in marks.all_marks(session, tenant_id) if mark.text]
    return _lexicon(
        tuple(
            (
                brand.id,
                BrandWords(
                    brand.name,
                    brand.spellings,
                    tuple(text for owner, text in lines if owner == brand.id),
                ),
            )
            for brand in named
        )
    )


@lru_cache(maxsize=_TENANTS)
def _lexicon(words: tuple[tuple[str, BrandWords], ...]) -> Lexicon:
    return Lexicon(dict(words))
