"""Photos and captures of a form: those that wait on the tray, and those that were just sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.base import Modality
from model.images import PictureError
from service.errors import PayloadTooLarge, Unprocessable
from service.pages.inspector import tray
from service.pages.inspector.access import message_language
from service.pages.page import Page
from service.parcels.pictures import Sent
from service.parcels.quality import judge_photos
from service.parcels.schemas import PhotoView
from service.parcels.views import quality_out

_FIELDS = {"photos": Modality.PHOTO, "xrays": Modality.XRAY}


@dataclass(frozen=True)
class Waiting:
    """A picture on the tray, as the form names it."""

    sha256: str
    modality: Modality
    view: PhotoView

    @property
    def is_photo(self) -> bool:
        return self.modality is Modality.PHOTO


@dataclass(frozen=True)
class Judged:
    """A waiting picture with what is said of it; captures are not judged."""

    picture: Waiting
    usable: bool
    how: Sequence[str]


def waiting_pictures(page: Page) -> tuple[list[Waiting], int]:
    """What the form names and does not drop, and what it brings, which is put on the tray; how many were refused.

    Raises:
        Unprocessable: there are more than are inspected at once.
    """
    dropped = set(page.texts("drop"))
    kept = [_named(page, text) for text in page.texts("kept")]
    brought, refused = _brought(page)
    found = [each for each in kept if each.sha256 not in dropped] + brought
    alone = list({(each.sha256, each.modality): each for each in found}.values())
    most = page.runtime.settings.max_pictures_per_listing
    if len(alone) > most:
        raise Unprocessable(f"{len(alone)} pictures were sent; at most {most} are inspected.")
    return alone, refused


def sent(page: Page, pictures: Sequence[Waiting]) -> list[Sent]:
    """Their bytes, photos first, as the API takes them.

    Raises:
        NotOnTray: one waited too long.
    """
    ordered = sorted(pictures, key=lambda each: not each.is_photo)
    return [
        Sent(
            tray.take_up(page.runtime, page.principal, each.sha256),
            each.modality,
            each.view if each.is_photo else None,
        )
        for each in ordered
    ]


def judged(page: Page, pictures: Sequence[Waiting]) -> list[Judged]:
    """What can be better about each photo, in words."""
    photos = [each for each in pictures if each.is_photo]
    data = [tray.take_up(page.runtime, page.principal, each.sha256) for each in photos]
    language = message_language(page)
    told = [quality_out(each, language) for each in judge_photos(page.runtime, data)]
    found = {each: Judged(each, said.usable, said.how) for each, said in zip(photos, told, strict=True)}
    return [found.get(each) or Judged(each, True, ()) for each in pictures]


def read_file(page: Page, field: str) -> bytes | None:
    """The first file of a field.

    Raises:
        PayloadTooLarge: it is larger than a picture may be.
    """
    limit = page.runtime.picture_limits.max_bytes
    for file in page.files(field):
        if (file.size or 0) > limit:
            raise PayloadTooLarge(f"The picture has more than {limit:,} bytes; send a smaller one.")
        return file.file.read()
    return None


def _brought(page: Page) -> tuple[list[Waiting], int]:
    limit = page.runtime.picture_limits.max_bytes
    found, refused = [], 0
    for field, modality in _FIELDS.items():
        for file in page.files(field):
            if (file.size or 0) > limit:
                refused += 1
                continue
            try:
                digest = tray.keep(page.runtime, page.principal, file.file.read())
            except PictureError:
                refused += 1
            else:
                found.append(Waiting(digest, modality, PhotoView.GOODS))
    return found, refused


def _named(page: Page, text: str) -> Waiting:
    modality, _, digest = text.partition(":")
    view = page.text(f"view-{digest}") or PhotoView.GOODS.value
    try:
        return Waiting(digest, Modality(modality), PhotoView(view))
    except ValueError as error:
        raise Unprocessable("The form names a picture in a way that is not its own.") from error
