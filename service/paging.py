"""Lists in pages: sorted by id, the cursor being the last id of the page before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
After = Annotated[str | None, Query(max_length=40, description="The last id of the page before")]


T = TypeVar("T")
R = TypeVar("R")


class Page(BaseModel, Generic[T]):
    items: list[T]
    next_after: str | None
    """Give it as `after` for the next page; null on the last one."""


def page_of(found: Sequence[Any], limit: int, shown: Callable[[Any], T]) -> Page[T]:
    """A page of at most `limit` out of one row more than that, as `one_more` reads them."""
    items = found[:limit]
    return Page(
        items=[shown(each) for each in items], next_after=items[-1].id if len(found) > limit else None
    )


def one_more(
    session: Session, query: Select[R], key: InstrumentedAttribute[str], limit: int, after: str | None
) -> Sequence[R]:
    """The rows after the cursor, and one more where there is one, so that the last page is known as such."""
    if after is not None:
        query = query.where(key > after)
    return session.scalars(query.order_by(key).limit(limit + 1)).all()
