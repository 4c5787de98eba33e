"""Rows with a picture, many at a time: read and judged side by side, embedded together, stored in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

import service.counterfeits.service as counterfeits
import service.references.service as references
from model.copies.hashes import MATCH_DISTANCE, distance
from model.images import PictureError
from service.counterfeits.copies import copy_threshold
from service.counterfeits.service import CopyOfGenuine, NewCounterfeit
from service.enrolment.place import Enrolling, Outcome
from service.enrolment.rows import CounterfeitRow, ReferenceRow
from service.enrolment.sources import Source
from service.enrolment.tables import Row
from service.errors import Problem
from service.references import pictures
from service.references.pictures import Taken, hash_means_something
from service.references.service import NewReference
from service.vectors.serving import EnrolledFeatures

Checkpoint = Callable[[Session, "list[Outcome | Exception]"], None]


@dataclass
class _Waiting:
    """A picture that is new; `place` is its row's place in the batch."""

    place: int
    row: ReferenceRow | CounterfeitRow
    brand_id: str
    product_id: str | None
    data: bytes
    taken: Taken | None = None


@dataclass
class _Batch:
    results: list[Outcome | Exception | None]
    waiting: list[_Waiting] = field(default_factory=list)


def settle_pictures(
    run: Enrolling, source: Source, rows: Sequence[Row], keep: Checkpoint
) -> list[Outcome | Exception]:
    """One outcome or refusal for each row, in order.

    Args:
        keep: called within the transaction that stores them, with what became of the rows.
    """
    batch = _Batch([None] * len(rows))
    data = _read(run, source, rows)
    with run.runtime.database.read() as session:
        for place, (row, content) in enumerate(zip(rows, data, strict=True)):
            _sort(run, session, batch, place, row, content)
    _judge(run, batch)
    taken = [each.taken for each in batch.waiting if each.taken is not None]
    store = partial(_dry, run, batch) if run.dry_run else partial(_store, run, batch, rows, keep)
    return pictures.described_and_stored(run.runtime, taken, store)


def _read(run: Enrolling, source: Source, rows: Sequence[Row]) -> list[bytes | Exception]:
    limit = run.runtime.picture_limits.max_bytes

    def one(row: Row) -> bytes | Exception:
        try:
            return source.read(row.content.path, limit)  # type: ignore[attr-defined]  # both kinds have it
        except Problem as refusal:
            return refusal

    return [one(row) for row in rows]


def _sort(
    run: Enrolling, session: Session, batch: _Batch, place: int, row: Row, data: bytes | Exception
) -> None:
    """Known pictures and refusals are settled; the rest waits."""
    content = row.content
    assert isinstance(content, ReferenceRow | CounterfeitRow)  # noqa: S101 - the importer sends no other
    if isinstance(data, Exception):
        batch.results[place] = data
        return
    try:
        brand_id = run.brand_id(session, content.brand)
        product_id = run.product_id(session, content.brand, content.sku) if content.sku else None
    except Problem as refusal:
        batch.results[place] = refusal
        return
    sha256 = hashlib.sha256(data).hexdigest()
    twin = any(_key(each) == _key_of(content, brand_id, product_id, sha256) for each in batch.waiting)
    if twin or _known(run, session, content, brand_id, product_id, sha256):
        batch.results[place] = Outcome.UNCHANGED
    else:
        batch.waiting.append(_Waiting(place, content, brand_id, product_id, data))


def _key(waiting: _Waiting) -> tuple[str, ...]:
    sha256 = hashlib.sha256(waiting.data).hexdigest()
    return _key_of(waiting.row, waiting.brand_id, waiting.product_id, sha256)


def _key_of(
    row: ReferenceRow | CounterfeitRow, brand_id: str, product_id: str | None, sha256: str
) -> tuple[str, ...]:
    if isinstance(row, ReferenceRow):
        return ("reference", product_id or "", sha256)
    return ("counterfeit", brand_id, sha256)


def _known(
    run: Enrolling,
    session: Session,
    row: ReferenceRow | CounterfeitRow,
    brand_id: str,
    product_id: str | None,
    sha256: str,
) -> bool:
    if _key_of(row, brand_id, product_id, sha256) in run.promised.keys:
        return True
    if isinstance(row, ReferenceRow):
        tenant_id = run.principal.tenant_id
        return references.find_bytes(session, tenant_id, product_id or "", sha256) is not None
    return counterfeits.find_bytes(session, run.principal, brand_id, sha256) is not None


def _judge(run: Enrolling, batch: _Batch) -> None:
    judged = pictures.take_all(run.runtime, [partial(_same, each.data) for each in batch.waiting])
    for each, taken in zip(batch.waiting, judged, strict=True):
        if isinstance(taken, Exception):
            batch.results[each.place] = taken
        else:
            each.taken = taken
    batch.waiting = [each for each in batch.waiting if each.taken is not None]


def _same(data: bytes) -> bytes:
    return data


def _store(
    run: Enrolling, batch: _Batch, rows: Sequence[Row], keep: Checkpoint, features: list[EnrolledFeatures]
) -> list[Outcome | Exception]:
    results = list(batch.results)
    for each in batch.waiting:
        if each.taken is not None:
            pictures.keep(run.runtime, each.taken)
    with run.runtime.database.write() as session:
        fresh: list[NewReference] = []
        for each, described in zip(batch.waiting, features, strict=True):
            try:
                with session.begin_nested():
                    fresh.extend(_stored(run, session, each, described))
                results[each.place] = Outcome.CREATED
            except Problem as refusal:
                results[each.place] = refusal
        references.add(session, run.runtime.vectors, run.principal, fresh)
        settled = [each for each in results if each is not None]
        keep(session, settled)
    return settled


def _stored(
    run: Enrolling, session: Session, each: _Waiting, features: EnrolledFeatures
) -> list[NewReference]:
    """References are gathered, so that they are stored together; a known counterfeit is stored at once."""
    assert each.taken is not None  # noqa: S101 - those refused were dropped
    if isinstance(each.row, ReferenceRow):
        sha256 = each.taken.picture.sha256
        product = references.check_new(session, run.principal, each.product_id or "", sha256)
        return [NewReference(product, each.row.view, each.taken, features)]
    new = NewCounterfeit(
        each.brand_id, each.product_id, each.row.case_reference, each.row.note, each.taken, features
    )
    counterfeits.add(session, run.runtime.vectors, run.principal, new)
    return []


def _dry(run: Enrolling, batch: _Batch, features: list[EnrolledFeatures]) -> list[Outcome | Exception]:
    results = list(batch.results)
    with run.runtime.database.read() as session:
        for each, described in zip(batch.waiting, features, strict=True):
            try:
                _check_dry(run, session, each, described)
                results[each.place] = run.promise(_key(each))
            except (Problem, PictureError) as refusal:
                results[each.place] = refusal
    return [each for each in results if each is not None]


def _check_dry(run: Enrolling, session: Session, each: _Waiting, features: EnrolledFeatures) -> None:
    if isinstance(each.row, ReferenceRow):
        run.promised.references.append((each.row.path, features))
        return
    sha256 = hashlib.sha256(each.data).hexdigest()
    counterfeits.check_not_genuine(session, run.runtime.vectors, run.principal, sha256, features)
    least = copy_threshold(run.runtime.vectors.serving().encoder.info.name)
    for path, promised in run.promised.references:
        near = distance(promised.hash, features.hash) <= MATCH_DISTANCE and hash_means_something(features)
        if near or float(promised.embedding @ features.embedding) >= least:
            raise CopyOfGenuine(f"The picture is a copy of the reference in {path}.")
