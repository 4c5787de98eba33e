"""From what an officer sent to what can be judged: photos of goods, photos of the outside, X-ray captures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from index.base import Modality
from model.images import Picture, PictureError, decode
from service.deadline import Deadline
from service.decoding import MAX_SIDE
from service.errors import Unprocessable
from service.listings.pictures import Seen, see
from service.parcels.record import InspectedPicture
from service.parcels.schemas import PhotoView
from service.parcels.xray import Capture
from service.problems import PictureRefused
from service.runtime import Runtime
from service.vectors.serving import Serving


class TooManyParcelPictures(Unprocessable):
    slug = "too-many-parcel-pictures"
    title = "The parcel has more pictures than are inspected at once"
    help = "Send the telling ones; the detail names the limit."


@dataclass(frozen=True, eq=False)
class Sent:
    """One picture as it arrived."""

    data: bytes
    modality: Modality
    view: PhotoView | None


@dataclass(frozen=True, eq=False)
class Looked:
    """All pictures of a parcel in the order of an inspection: goods, then the outside, then X-ray captures."""

    sent: Sequence[Sent]
    goods: Sequence[Seen]
    outside: Sequence[Seen]
    captures: Sequence[Capture]

    @property
    def photos(self) -> list[Seen]:
        return [*self.goods, *self.outside]

    def inspected(self) -> tuple[InspectedPicture, ...]:
        faults = [each.faults for each in self.photos] + [()] * len(self.captures)
        return tuple(
            InspectedPicture(
                index=at,
                sha256=hashlib.sha256(each.data).hexdigest(),
                modality=each.modality,
                view=each.view,
                faults=found,
            )
            for at, (each, found) in enumerate(zip(self.sent, faults, strict=True))
        )


def sent_pictures(photos: Sequence[bytes], xrays: Sequence[bytes], views: Sequence[PhotoView]) -> list[Sent]:
    """In the order of arrival; a photo of which nothing is said is of the goods."""
    said = [*views, *[PhotoView.GOODS] * len(photos)]
    return [
        *(Sent(data, Modality.PHOTO, view) for data, view in zip(photos, said, strict=False)),
        *(Sent(data, Modality.XRAY, None) for data in xrays),
    ]


def look(
    runtime: Runtime, serving: Serving, tenant_id: str, sent: Sequence[Sent], deadline: Deadline
) -> Looked:
    """Features and faults of every photo, and every capture decoded.

    Raises:
        TooManyParcelPictures: there are more than a listing may have.
        PictureRefused: with `picture`, the place of arrival of the first that cannot be read.
        OutOfTime: it took too long.
    """
    most = runtime.settings.max_pictures_per_listing
    if len(sent) > most:
        raise TooManyParcelPictures(
            f"The parcel would have {len(sent)} pictures; at most {most} are inspected."
        )
    order = sorted(range(len(sent)), key=lambda at: (_group(sent[at]), at))
    placed = [sent[at] for at in order]
    photos = [each for each in placed if each.modality is Modality.PHOTO]
    try:
        seen = see(runtime, serving, tenant_id, [each.data for each in photos], deadline)
        captures = _captures(runtime, placed, deadline)
    except PictureRefused as refused:
        refused.members["picture"] = order[refused.members["picture"]]
        raise
    goods = sum(_group(each) == 0 for each in photos)
    return Looked(placed, seen[:goods], seen[goods:], captures)


def _group(sent: Sent) -> int:
    if sent.modality is Modality.XRAY:
        return 2
    return 1 if sent.view is not None and sent.view.is_outside else 0


def _captures(runtime: Runtime, placed: Sequence[Sent], deadline: Deadline) -> list[Capture]:
    waiting = [
        (at, runtime.pool.submit(_decoded, runtime, each.data))
        for at, each in enumerate(placed)
        if each.modality is Modality.XRAY
    ]
    found = []
    for at, future in waiting:
        try:
            found.append(Capture(at, deadline.wait(future).pixels))
        except PictureError as error:
            raise PictureRefused(error, picture=at) from error
    return found


def _decoded(runtime: Runtime, data: bytes) -> Picture:
    return decode(data, runtime.picture_limits, max_side=MAX_SIDE)
