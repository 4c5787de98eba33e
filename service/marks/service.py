"""Rules of marks: registered by a brand's owner, looked for in every listing of the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import service.rights.service as rights
from model.encoders.base import RGB
from model.images import Picture, decode
from model.keypoints import LocalPicture
from model.marks import Box, MarkTemplate, MarkUnusable, ReadLine, find_marks, register
from service.audit.service import record
from service.brands.service import own_brand
from service.clock import now
from service.decoding import MAX_SIDE
from service.errors import Conflict, NotFound, Unprocessable
from service.ids import new_id
from service.marks import repository
from service.marks.library import MarkFacts, MarkLibrary
from service.marks.models import Mark, MarkKind
from service.rights.models import RightKind
from service.runtime import Runtime
from service.security.principals import Principal


class MarkKnown(Conflict):
    slug = "mark-known"
    title = "The brand has this very mark already"
    help = "Use the mark that the member `mark_id` names."


class NoMarkToSee(Unprocessable):
    slug = "mark-unusable"
    title = "The picture shows no mark that could be found again"
    help = "Send the mark alone, flat and upright, on a ground of one colour."


@dataclass(frozen=True)
class NewMark:
    """What an owner says of a mark."""

    kind: MarkKind
    text: str = ""
    right_id: str | None = None


@dataclass(frozen=True, eq=False)
class TakenMark:
    """A picture that may be registered as a mark, and what is derived from it."""

    data: bytes
    picture: Picture
    template: MarkTemplate


@dataclass(frozen=True, eq=False)
class Shown:
    """One picture of a listing, as far as it was looked at already."""

    pixels: RGB
    closeup: LocalPicture | None = None
    lines: Sequence[ReadLine] = ()
    """Text that was read in it, in its pixels."""


@dataclass(frozen=True)
class MarkFinding:
    """A registered mark in a picture of a listing."""

    brand_id: str
    mark_id: str
    kind: MarkKind
    picture: int
    box: Box
    """Left, top, right, bottom, as fractions of the picture's width and height."""
    altered: bool
    score: float
    """Chance that it is this mark, altered or not, 0 to 1."""
    differences: tuple[Box, ...]
    """Where an altered mark differs; none where its shape as a whole does."""
    stretch: float
    """How much wider than registered it looks against its height, 1 if not at all."""
    means: str


def check_words(new: NewMark) -> None:
    """Raises: Unprocessable: a word says nothing, or a figure something."""
    if (new.kind is MarkKind.WORD) != bool(new.text):
        raise Unprocessable("A word mark needs `text`, what it reads; a figure has none.")


def take(runtime: Runtime, data: bytes, text: str) -> TakenMark:
    """Decode a mark and derive what it is searched by, on the pool and before any write lock.

    Raises:
        PictureError: the bytes are not a picture that can be judged.
        NoMarkToSee: it shows nothing but ground.
    """
    return runtime.pool.submit(_take, runtime, data, text).result()


def keep(runtime: Runtime, taken: TakenMark) -> str:
    """Both blobs, before the transaction that names them; gives the template's key."""
    runtime.blobs.put(taken.data)
    return runtime.blobs.put(taken.template.to_bytes())


def check_new(session: Session, principal: Principal, brand_id: str, new: NewMark) -> None:
    """Before the picture is looked at: may the principal register this?

    Raises:
        NotFound: there is no such brand or right that the principal may see.
        Unprocessable: the right is another brand's, or no trademark.
    """
    brand = own_brand(session, principal, brand_id)
    if new.right_id is None:
        return
    right = rights.own_right(session, principal, new.right_id)
    if right.brand_id != brand.id or right.kind != RightKind.TRADEMARK.value:
        raise Unprocessable(f"The right {right.id} is no trademark of this brand; leave `right_id` out.")


def create(
    session: Session, principal: Principal, brand_id: str, new: NewMark, taken: TakenMark, template: str
) -> Mark:
    """Raises: MarkKnown: the brand has this picture as a mark; and what `check_new` raises."""
    check_new(session, principal, brand_id, new)
    held = repository.of_bytes(session, principal.tenant_id, brand_id, taken.picture.sha256)
    if held is not None:
        raise MarkKnown(f"The brand has this mark already: {held.id}.", mark_id=held.id)
    mark = _row(principal.tenant_id, brand_id, new, taken.picture, template)
    session.add(mark)
    session.flush()
    record(session, principal, "mark.create", mark.id, {"brand_id": brand_id, "sha256": mark.blob})
    return mark


def own_mark(session: Session, principal: Principal, mark_id: str) -> Mark:
    """Raises: NotFound: there is none that the principal may see."""
    found = repository.mark(session, principal.tenant_id, mark_id)
    if found is None or not _sees(session, principal, found.brand_id):
        raise NotFound(f"There is no mark {mark_id} that this key may see.")
    return found


def own_marks(
    session: Session, principal: Principal, brand_id: str, limit: int, after: str | None
) -> Sequence[Mark]:
    brand = own_brand(session, principal, brand_id)
    return repository.page(session, principal.tenant_id, brand.id, limit, after)


def remove(session: Session, principal: Principal, mark_id: str) -> None:
    """Looked for no more when the transaction commits."""
    mark = own_mark(session, principal, mark_id)
    mark.removed_at = now()
    session.flush()
    record(session, principal, "mark.delete", mark.id, {"brand_id": mark.brand_id})


def remove_of_brand(session: Session, tenant_id: str, brand_id: str) -> None:
    repository.remove_of_brand(session, tenant_id, brand_id, now())


def all_marks(session: Session, tenant_id: str) -> list[MarkFacts]:
    """Every mark of the tenant, whoever owns it: for checks alone."""
    return [
        MarkFacts(each.id, each.brand_id, each.kind, each.text, each.right_id, each.blob, each.template)
        for each in repository.all_of_tenant(session, tenant_id)
    ]


def find(library: MarkLibrary, marks: Sequence[MarkFacts], pictures: Sequence[Shown]) -> list[MarkFinding]:
    """Marks in the pictures of a listing, picture by picture, surest first.

    Needs no session, and takes tens of milliseconds a picture: call it with `all_marks` before, or beside, the search.
    """
    if not marks:
        return []
    index, facts = library.index(marks), {mark.id: mark for mark in marks}
    return [
        MarkFinding(
            facts[seen.name].brand_id,
            seen.name,
            MarkKind(facts[seen.name].kind),
            at,
            seen.box,
            seen.altered,
            seen.score,
            seen.differences,
            seen.stretch,
            seen.means.value,
        )
        for at, shown in enumerate(pictures)
        for seen in find_marks(shown.pixels, index, closeup=shown.closeup, lines=shown.lines)
    ]


def _take(runtime: Runtime, data: bytes, text: str) -> TakenMark:
    picture = decode(data, runtime.picture_limits, max_side=MAX_SIDE)
    try:
        return TakenMark(data, picture, register(picture.pixels, text))
    except MarkUnusable as unusable:
        raise NoMarkToSee(str(unusable)) from unusable


def _row(tenant_id: str, brand_id: str, new: NewMark, picture: Picture, template: str) -> Mark:
    return Mark(
        id=new_id("mrk"),
        tenant_id=tenant_id,
        brand_id=brand_id,
        right_id=new.right_id,
        kind=new.kind.value,
        text=new.text,
        blob=picture.sha256,
        template=template,
        width=picture.width,
        height=picture.height,
        format=picture.format.value,
        created_at=now(),
    )


def _sees(session: Session, principal: Principal, brand_id: str) -> bool:
    try:
        own_brand(session, principal, brand_id)
    except NotFound:
        return False
    return True
