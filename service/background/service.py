"""Rules of the background: everyday pictures in which nothing protected is seen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

from index.base import Library
from model.encoders.base import FingerprintMismatch
from model.images import Picture, PictureError, decode
from service.audit.service import record
from service.background import repository
from service.background.models import BackgroundPicture
from service.clock import now
from service.counterfeits.copies import OriginalSearch
from service.decoding import MAX_SIDE
from service.errors import NotFound
from service.ids import new_id
from service.references import pictures
from service.runtime import Runtime
from service.security.principals import Principal, Role
from service.vectors.service import VectorSpaces
from service.vectors.serving import EnrolledFeatures, NewItem

_SHOWS_REFERENCE = "It is a copy of a genuine reference; a background picture shows nothing protected."


@dataclass
class Added:
    """What became of the files of one request."""

    added: list[BackgroundPicture] = field(default_factory=list)
    known: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    """Place of the file to why it was refused."""


@dataclass(frozen=True, eq=False)
class _New:
    place: int
    data: bytes
    picture: Picture

    @property
    def sha256(self) -> str:
        return self.picture.sha256


def add(runtime: Runtime, principal: Principal, contents: Sequence[bytes]) -> Added:
    """Take in what is new; what is no picture, or copies a reference, is refused by its place."""
    result = Added()
    fresh = _decoded(runtime, _unknown(runtime, principal, contents, result), result)
    for each in fresh:
        runtime.blobs.put(each.data)
    try:
        return _stored(runtime, principal, fresh, result)
    except FingerprintMismatch:  # the encoder was changed in between
        return _stored(runtime, principal, fresh, result)


def page(
    session: Session, principal: Principal, limit: int, after: str | None
) -> tuple[Sequence[BackgroundPicture], int]:
    """One more than a page of them, and how many there are."""
    whose = _whose(principal)
    return (
        repository.page(session, principal.tenant_id, whose, limit, after),
        repository.count(session, principal.tenant_id, whose),
    )


def remove(session: Session, vectors: VectorSpaces, principal: Principal, picture_id: str) -> None:
    """Raises: NotFound: there is none that the principal may see."""
    found = repository.picture(session, principal.tenant_id, _whose(principal), picture_id)
    if found is None:
        raise NotFound(f"There is no background picture {picture_id} that this key may see.")
    session.delete(found)
    vectors.forget(session, [found.id])
    session.flush()
    record(session, principal, "background.delete", found.id, {"sha256": found.blob})


def _whose(principal: Principal) -> str | None:
    return None if principal.role is Role.ADMIN else principal.organisation_id


def _unknown(
    runtime: Runtime, principal: Principal, contents: Sequence[bytes], result: Added
) -> dict[int, bytes]:
    digests = [hashlib.sha256(data).hexdigest() for data in contents]
    with runtime.database.read() as session:
        held = repository.held(session, principal.tenant_id, principal.organisation_id, set(digests))
    first = {digest: place for place, digest in reversed(list(enumerate(digests))) if digest not in held}
    result.known = len(contents) - len(first)
    return {place: contents[place] for place in sorted(first.values())}


def _decoded(runtime: Runtime, contents: dict[int, bytes], result: Added) -> list[_New]:
    def one(item: tuple[int, bytes]) -> _New | tuple[int, str]:
        place, data = item
        try:
            return _New(place, data, decode(data, runtime.picture_limits, max_side=MAX_SIDE))
        except PictureError as refusal:
            return place, str(refusal)

    found = list(runtime.pool.map(one, contents.items()))
    result.refused = dict(each for each in found if isinstance(each, tuple))
    return [each for each in found if isinstance(each, _New)]


def _stored(runtime: Runtime, principal: Principal, fresh: Sequence[_New], result: Added) -> Added:
    features = pictures.described(runtime, [each.picture.pixels for each in fresh])
    searches = [_search(runtime, principal, *each) for each in zip(fresh, features, strict=True)]
    with runtime.database.read() as session:
        for search in searches:
            search.original(session)
    with runtime.database.write() as session:
        held = repository.held(
            session, principal.tenant_id, principal.organisation_id, {each.sha256 for each in fresh}
        )
        items = []
        for each, described, search in zip(fresh, features, searches, strict=True):
            if each.sha256 in held:
                result.known += 1
            elif search.original(session):
                result.refused[each.place] = _SHOWS_REFERENCE
            else:
                row = _row(principal, each)
                result.added.append(row)
                items.append(_item(row, described))
        session.add_all(result.added)
        session.flush()
        runtime.vectors.record(session, items)
        for row in result.added:
            record(session, principal, "background.create", row.id, {"sha256": row.blob})
    return result


def _search(runtime: Runtime, principal: Principal, new: _New, features: EnrolledFeatures) -> OriginalSearch:
    return OriginalSearch(
        runtime.vectors,
        runtime.closeups,
        principal.tenant_id,
        new.sha256,
        features,
        partial(runtime.closeups.asked, new.sha256, lambda: new.picture.pixels),
    )


def _row(principal: Principal, new: _New) -> BackgroundPicture:
    return BackgroundPicture(
        id=new_id("bkg"),
        tenant_id=principal.tenant_id,
        organisation_id=principal.organisation_id,
        blob=new.sha256,
        created_at=now(),
    )


def _item(row: BackgroundPicture, features: EnrolledFeatures) -> NewItem:
    return NewItem(row.id, row.tenant_id, Library.BACKGROUND, "", row.blob, features)
