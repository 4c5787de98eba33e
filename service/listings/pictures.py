"""From what a caller sent to what can be searched: bytes, features and faults of every picture."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from model.copies.hashes import PerceptualHash
from model.encoders.base import RGB
from model.images import Picture, PictureError, decode
from model.quality import assess
from service.deadline import Deadline
from service.decoding import MAX_SIDE
from service.errors import Unprocessable
from service.fetching.errors import FetchError
from service.fetching.pictures import FetchLimits, fetch_many
from service.listings import repository
from service.listings.models import PictureFeatures
from service.listings.schemas import PictureIn
from service.problems import PictureRefused
from service.runtime import Runtime
from service.security.principals import Principal
from service.vectors.serving import Features, Serving


class PictureUnknown(Unprocessable):
    slug = "picture-unknown"
    title = "No picture of that digest was sent before"
    help = "Send the picture's bytes or address; a digest names only what your organisation has sent already."


class NoPicture(Unprocessable):
    slug = "no-picture"
    title = "The listing has no picture"
    help = "Send at least one picture as a file, an address, or the digest of one sent before."


class TooManyPictures(Unprocessable):
    slug = "too-many-pictures"
    title = "The listing has more pictures than are checked at once"
    help = "Send the first ones; the detail names the limit."


@dataclass(frozen=True, eq=False)
class Seen:
    """One picture of a listing, ready to be searched with."""

    sha256: str
    features: Features
    faults: tuple[str, ...]
    fresh: bool
    """Computed now, and not known from an earlier check."""
    pixels: Callable[[], RGB]
    """Decodes again what is known from an earlier check; few pictures are looked at so closely."""


def collect(
    runtime: Runtime, principal: Principal, pictures: Sequence[PictureIn], deadline: Deadline
) -> list[bytes]:
    """The bytes of every picture, in order.

    Raises:
        NoPicture, TooManyPictures, PictureUnknown: with `picture`, the index of the first at fault.
        Problem: an address may not be or could not be fetched; likewise.
        OutOfTime: fetching took too long.
    """
    if not pictures:
        raise NoPicture("`pictures` is empty and no file was sent.")
    most = runtime.settings.max_pictures_per_listing
    if len(pictures) > most:
        raise TooManyPictures(f"{len(pictures)} pictures were sent; at most {most} are checked.")
    fetched = _fetched(runtime, pictures, deadline)
    known = _known(runtime, principal, pictures)
    return [
        picture.data if picture.data is not None else fetched.get(at) or runtime.blobs.get(known[at])
        for at, picture in enumerate(pictures)
    ]


def see(
    runtime: Runtime, serving: Serving, tenant_id: str, contents: Sequence[bytes], deadline: Deadline
) -> list[Seen]:
    """Features and faults of every picture; what an earlier check computed is used again.

    Raises:
        PictureRefused: with `picture`, the index of the first that cannot be judged.
        OutOfTime: it took too long.
    """
    digests = [hashlib.sha256(data).hexdigest() for data in contents]
    with runtime.database.read() as session:
        known = repository.features(session, tenant_id, serving.fingerprint, digests)
    missing = {digest: at for at, digest in reversed(list(enumerate(digests))) if digest not in known}
    found = _computed(runtime, serving, {at: contents[at] for at in sorted(missing.values())}, deadline)
    return [
        _recalled(runtime, known[digest], data) if digest in known else found[missing[digest]]
        for digest, data in zip(digests, contents, strict=True)
    ]


def _computed(
    runtime: Runtime, serving: Serving, contents: Mapping[int, bytes], deadline: Deadline
) -> dict[int, Seen]:
    waiting = {at: runtime.pool.submit(_decoded, runtime, data) for at, data in contents.items()}
    decoded: dict[int, tuple[Picture, tuple[str, ...]]] = {}
    for at, future in waiting.items():
        try:
            decoded[at] = deadline.wait(future)
        except PictureError as error:
            raise PictureRefused(error, picture=at) from error
    if not decoded:
        return {}
    described = deadline.wait(
        runtime.waiters.submit(serving.describe, [picture.pixels for picture, _ in decoded.values()])
    )
    return {
        at: Seen(picture.sha256, features, faults, fresh=True, pixels=partial(_held, picture.pixels))
        for (at, (picture, faults)), features in zip(decoded.items(), described, strict=True)
    }


def _held(pixels: RGB) -> RGB:
    return pixels


def _decoded(runtime: Runtime, data: bytes) -> tuple[Picture, tuple[str, ...]]:
    picture = decode(data, runtime.picture_limits, max_side=MAX_SIDE)
    return picture, tuple(fault.value for fault in assess(picture).faults)


def _fetched(runtime: Runtime, pictures: Sequence[PictureIn], deadline: Deadline) -> dict[int, bytes]:
    places = [at for at, picture in enumerate(pictures) if picture.url is not None]
    if not places:
        return {}
    answers = fetch_many(
        [pictures[at].url or "" for at in places], deadline.remaining, FetchLimits.of(runtime.settings)
    )
    return dict(zip(places, _all_fetched(places, answers, deadline), strict=True))


def _all_fetched(
    places: Sequence[int], answers: Sequence[bytes | FetchError], deadline: Deadline
) -> list[bytes]:
    deadline.check()
    found: list[bytes] = []
    for at, answer in zip(places, answers, strict=True):
        if isinstance(answer, FetchError):
            answer.members["picture"] = at
            raise answer
        found.append(answer)
    return found


def _known(runtime: Runtime, principal: Principal, pictures: Sequence[PictureIn]) -> dict[int, str]:
    named = {at: picture.sha256 for at, picture in enumerate(pictures) if picture.sha256 is not None}
    if not named:
        return {}
    with runtime.database.read() as session:
        received = repository.received(
            session, principal.tenant_id, principal.organisation_id, named.values()
        )
    for at, digest in named.items():
        if digest not in received:
            raise PictureUnknown(f"No picture with SHA-256 {digest} was sent before.", picture=at)
    return named


def _recalled(runtime: Runtime, row: PictureFeatures, data: bytes) -> Seen:
    features = Features(
        row.fingerprint,
        np.frombuffer(row.embedding, dtype="<f4").astype(np.float32),
        PerceptualHash(bytes.fromhex(row.hash), row.hash_quality),
    )
    return Seen(row.sha256, features, tuple(row.faults), fresh=False, pixels=partial(_again, runtime, data))


def _again(runtime: Runtime, data: bytes) -> RGB:
    return decode(data, runtime.picture_limits, max_side=MAX_SIDE).pixels
