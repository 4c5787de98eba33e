"""Rows with a picture, many at a time: read and judged side by side, embedded together, stored in one transaction."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

import service.counterfeits.service as counterfeits
import service.references.service as references
from model.copies.hashes import MATCH_DISTANCE, distance
from model.copies.verification import verify
from model.encoders.base import RGB
from model.images import PictureError, decode
from service.counterfeits.copies import CLOSE_LOOKS, OriginalSearch
from service.counterfeits.service import CopyOfGenuine, NewCounterfeit
from service.decoding import MAX_SIDE
from service.enrolment.place import Enrolling, Outcome, PromisedReference
from service.enrolment.rows import CounterfeitRow, ReferenceRow
from service.enrolment.sources import Source
from service.enrolment.tables import Row
from service.errors import Problem
from service.references import pictures
from service.references.pictures import Taken, hash_means_something
from service.references.service import NewReference
from service.vectors.serving import EnrolledFeatures, Features

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

    @property
    def sure(self) -> Taken:
        """Once those that were refused have been dropped."""
        assert self.taken is not None  # noqa: S101
        return self.taken


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
    store = partial(_dry, run, source, batch) if run.dry_run else partial(_store, run, batch, rows, keep)
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
    described = _searched(run, batch, features, results)
    for each, _, _ in described:
        pictures.keep(run.runtime, each.sure)
    with run.runtime.database.write() as session:
        fresh: list[NewReference] = []
        for each, of_it, search in described:
            try:
                with session.begin_nested():
                    fresh.extend(_stored(run, session, each, of_it, search))
                results[each.place] = Outcome.CREATED
            except Problem as refusal:
                results[each.place] = refusal
        references.add(session, run.runtime.vectors, run.principal, fresh)
        settled = [each for each in results if each is not None]
        keep(session, settled)
    return settled


def _searched(
    run: Enrolling,
    batch: _Batch,
    features: Sequence[EnrolledFeatures],
    results: list[Outcome | Exception | None],
) -> list[tuple[_Waiting, EnrolledFeatures, OriginalSearch | None]]:
    """Counterfeits that copy a reference are refused here, outside the transaction: comparing takes its time."""
    found: list[tuple[_Waiting, EnrolledFeatures, OriginalSearch | None]] = []
    for each, described in zip(batch.waiting, features, strict=True):
        try:
            found.append((each, described, _search(run, each, described)))
        except CopyOfGenuine as refusal:
            results[each.place] = refusal
    return found


def _search(run: Enrolling, each: _Waiting, features: EnrolledFeatures) -> OriginalSearch | None:
    if isinstance(each.row, ReferenceRow):
        return None
    return counterfeits.search_original(run.runtime, run.principal, each.sure, features)


def _stored(
    run: Enrolling,
    session: Session,
    each: _Waiting,
    features: EnrolledFeatures,
    search: OriginalSearch | None,
) -> list[NewReference]:
    """References are gathered, so that they are stored together; a known counterfeit is stored at once."""
    if isinstance(each.row, ReferenceRow):
        sha256 = each.sure.picture.sha256
        product = references.check_new(session, run.principal, each.product_id or "", sha256)
        return [NewReference(product, each.row.view, each.sure, features)]
    assert search is not None  # noqa: S101 - every known counterfeit was searched for
    new = NewCounterfeit(
        each.brand_id, each.product_id, each.row.case_reference, each.row.note, each.sure, features, search
    )
    counterfeits.add(session, run.runtime.vectors, run.principal, new)
    return []


def _dry(
    run: Enrolling, source: Source, batch: _Batch, features: list[EnrolledFeatures]
) -> list[Outcome | Exception]:
    results = list(batch.results)
    for each, described in zip(batch.waiting, features, strict=True):
        try:
            _check_dry(run, source, each, described)
            results[each.place] = run.promise(_key(each))
        except (Problem, PictureError) as refusal:
            results[each.place] = refusal
    return [each for each in results if each is not None]


def _check_dry(run: Enrolling, source: Source, each: _Waiting, features: EnrolledFeatures) -> None:
    if isinstance(each.row, ReferenceRow):
        sha256 = each.sure.picture.sha256
        run.promised.references.append(PromisedReference(each.row.path, sha256, features))
        return
    counterfeits.search_original(run.runtime, run.principal, each.sure, features)
    for promised in _nearest(run.promised.references, features):
        if _is_copy(run, source, each.sure, promised):
            raise CopyOfGenuine(f"The picture is a copy of the reference in {promised.path}.")


def _nearest(promised: Sequence[PromisedReference], features: Features) -> list[PromisedReference]:
    def farness(each: PromisedReference) -> float:
        return -float(each.features.embedding @ features.embedding)

    hashed = [each for each in promised if _same_hash(each.features, features)]
    return [*hashed, *heapq.nsmallest(CLOSE_LOOKS, promised, key=farness)]


def _same_hash(one: Features, other: Features) -> bool:
    return distance(one.hash, other.hash) <= MATCH_DISTANCE and hash_means_something(other)


def _is_copy(run: Enrolling, source: Source, taken: Taken, promised: PromisedReference) -> bool:
    """As `OriginalSearch` judges; the promised picture is read again, for it is kept nowhere."""
    if promised.sha256 == taken.picture.sha256:
        return True
    limits = run.runtime.picture_limits

    def pixels() -> RGB:
        return decode(source.read(promised.path, limits.max_bytes), limits, max_side=MAX_SIDE).pixels

    return verify(taken.closeup, run.runtime.closeups.asked(promised.sha256, pixels)).is_copy
