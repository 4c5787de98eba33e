"""SQL of spaces, vectors and their changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from index.base import Item, Library, Modality
from service.vectors.models import Space, StoredVector, VectorChange
from service.vectors.views import view_id

_FIRST = view_id("", 0)


@dataclass(frozen=True)
class Entry:
    """An item and the SHA-256 of the picture that its vector was made from."""

    item: Item
    blob: str


@dataclass(frozen=True)
class Changes:
    """What happened in a space after some revision, up to `revision`."""

    upserted: list[Item]
    removed: list[str]
    revision: int


def spaces(session: Session) -> Sequence[Space]:
    return session.scalars(select(Space).order_by(Space.created_at)).all()


def active_spaces(session: Session) -> Sequence[Space]:
    return session.scalars(select(Space).where(Space.active)).all()


def space(session: Session, name: str) -> Space | None:
    return session.get(Space, name)


def lock(session: Session, name: str) -> Space | None:
    """The row, kept from other writers until the transaction ends."""
    return session.scalar(
        select(Space).where(Space.name == name).with_for_update().execution_options(populate_existing=True)
    )


def put(session: Session, name: str, entries: Sequence[Entry]) -> None:
    ids = [entry.item.id for entry in entries]
    session.execute(delete(StoredVector).where(StoredVector.space == name, StoredVector.item_id.in_(ids)))
    session.add_all(_stored(name, entry) for entry in entries)
    _note_changes(session, name, ids)


def drop(session: Session, name: str, item_ids: Sequence[str]) -> None:
    held = session.scalars(
        select(StoredVector.item_id).where(StoredVector.space == name, StoredVector.item_id.in_(item_ids))
    ).all()
    session.execute(delete(StoredVector).where(StoredVector.space == name, StoredVector.item_id.in_(held)))
    _note_changes(session, name, held)


def changes_after(session: Session, name: str, revision: int, limit: int) -> Changes:
    """The next `limit` changes; `revision` of the answer is the given one when there are none."""
    rows = session.execute(
        select(VectorChange.revision, VectorChange.item_id)
        .where(VectorChange.space == name, VectorChange.revision > revision)
        .order_by(VectorChange.revision)
        .limit(limit)
    ).all()
    if not rows:
        return Changes([], [], revision)
    ids = {item_id for _, item_id in rows}
    found = {row.item_id: row for row in _vectors(session, name, ids)}
    return Changes([_item(row) for row in found.values()], sorted(ids - found.keys()), rows[-1].revision)


def count(session: Session, name: str) -> int:
    return session.scalar(select(func.count()).where(StoredVector.space == name)) or 0


def missing_from(session: Session, name: str, source: str, limit: int | None = None) -> Sequence[str]:
    """Ids that the space `source` holds and `name` does not, sorted; up to `limit` of them.

    Not of vectors that came without their picture: they cannot be made anew, and stay with their encoder.
    """
    held = select(StoredVector.item_id).where(StoredVector.space == name)
    return session.scalars(
        select(StoredVector.item_id)
        .where(StoredVector.space == source, StoredVector.blob != "", StoredVector.item_id.not_in(held))
        .order_by(StoredVector.item_id)
        .limit(limit)
    ).all()


def missing_views(session: Session, copies: str, source: str, limit: int | None = None) -> Sequence[str]:
    """Ids of items that the space `source` holds and of which `copies` has no first view, sorted; pictures likewise."""
    held = select(StoredVector.item_id).where(StoredVector.space == copies)
    return session.scalars(
        select(StoredVector.item_id)
        .where(
            StoredVector.space == source,
            StoredVector.blob != "",
            StoredVector.item_id.concat(_FIRST).not_in(held),
        )
        .order_by(StoredVector.item_id)
        .limit(limit)
    ).all()


def views_of_none(session: Session, copies: str, source: str) -> Sequence[str]:
    """Ids of items of which `copies` has a first view and that the space `source` does not hold."""
    held = select(StoredVector.item_id).where(StoredVector.space == source)
    item = func.substr(StoredVector.item_id, 1, func.length(StoredVector.item_id) - len(_FIRST))
    first = StoredVector.item_id.endswith(_FIRST)
    return session.scalars(select(item).where(StoredVector.space == copies, first, item.not_in(held))).all()


def entries(session: Session, name: str, item_ids: Iterable[str]) -> list[Entry]:
    return [Entry(_item(row), row.blob) for row in _vectors(session, name, set(item_ids))]


def _vectors(session: Session, name: str, ids: set[str]) -> Sequence[StoredVector]:
    return session.scalars(
        select(StoredVector).where(StoredVector.space == name, StoredVector.item_id.in_(sorted(ids)))
    ).all()


def _note_changes(session: Session, name: str, item_ids: Sequence[str]) -> None:
    if not item_ids:
        return
    last = session.execute(
        update(Space)
        .where(Space.name == name)
        .values(revision=Space.revision + len(item_ids))
        .returning(Space.revision)
    ).scalar_one()
    first = last - len(item_ids) + 1
    session.add_all(
        VectorChange(space=name, revision=first + offset, item_id=item_id)
        for offset, item_id in enumerate(item_ids)
    )
    session.flush()


def _stored(name: str, entry: Entry) -> StoredVector:
    item = entry.item
    return StoredVector(
        space=name,
        item_id=item.id,
        tenant_id=item.tenant,
        library=item.library.value,
        modality=item.modality.value,
        brand_id=item.brand,
        blob=entry.blob,
        data=item.vector.astype("<f4").tobytes(),
    )


def _item(row: StoredVector) -> Item:
    return Item(
        id=row.item_id,
        tenant=row.tenant_id,
        library=Library(row.library),
        modality=Modality(row.modality),
        brand=row.brand_id,
        vector=np.frombuffer(row.data, dtype="<f4").astype(np.float32),
    )
