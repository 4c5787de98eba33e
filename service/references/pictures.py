"""From bytes that somebody enrols to what is stored of them: decoded, judged, described.

None of it touches the database, so that no write lock is held meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from model.copies.hashes import MIN_QUALITY
from model.encoders.base import RGB, FingerprintMismatch
from model.images import Picture, PictureError, PictureTooSmall, decode
from model.keypoints import LocalPicture, look_closely
from model.quality import QualityFault, assess
from service.decoding import MAX_SIDE
from service.errors import Unprocessable
from service.runtime import Runtime
from service.vectors.serving import EnrolledFeatures, Features

SMALLEST_SIDE = 64
"""Pixels; under it a product cannot be told from another (catalogue thumbnails have about 198)."""
BLANK = 0.02
"""Contrast (0 to 1) under which there is nothing to see."""
_ADVICE = {
    QualityFault.TOO_SMALL: "small: a larger photo is found better",
    QualityFault.BLURRED: "blurred: a sharp photo is found better",
    QualityFault.TOO_DARK: "dark: a brighter photo is found better",
    QualityFault.TOO_BRIGHT: "bright: a photo with less light, or that fills more of the frame, is found better",
    QualityFault.FLAT: "flat: a photo with more contrast is found better",
    QualityFault.OBJECT_TOO_SMALL: "empty: a photo in which the product fills the frame is found better",
}

T = TypeVar("T")


class NothingToSee(Unprocessable):
    slug = "picture-blank"
    title = "The picture shows nothing that could be matched"
    help = "Send a sharp photo of the product that fills most of the frame."


@dataclass(frozen=True, eq=False)
class Taken:
    """A picture that may be enrolled. `warnings` say why it will be found less well than it could."""

    data: bytes
    picture: Picture
    warnings: tuple[str, ...]
    closeup: LocalPicture


def take(runtime: Runtime, data: bytes) -> Taken:
    """Decode and judge one picture on the pool.

    Raises:
        PictureError: the bytes are not a picture that can be judged.
        NothingToSee: it is blank.
    """
    return runtime.pool.submit(_take, runtime, data).result()


def take_all(runtime: Runtime, many: Sequence[Callable[[], bytes]]) -> list[Taken | Exception]:
    """Read, decode and judge pictures side by side; a refusal stands in its picture's place."""

    def one(read: Callable[[], bytes]) -> Taken | Exception:
        try:
            return _take(runtime, read())
        except (PictureError, Unprocessable) as refusal:
            return refusal

    return list(runtime.pool.map(one, many))


def keep(runtime: Runtime, taken: Taken) -> None:
    """The bytes, and what is seen in them closely: before the transaction that names them."""
    runtime.blobs.put(taken.data)
    runtime.closeups.keep(taken.picture.sha256, taken.closeup)


def describe(runtime: Runtime, taken: Sequence[Taken]) -> list[EnrolledFeatures]:
    """Features by the encoder that serves now."""
    return described(runtime, [each.picture.pixels for each in taken])


def described(runtime: Runtime, pictures: Sequence[RGB]) -> list[EnrolledFeatures]:
    """Views on the pool, while the encoder's own workers make the embeddings."""
    serving = runtime.vectors.serving()
    views = [runtime.pool.submit(serving.views, pixels) for pixels in pictures]
    features = serving.describe(pictures)
    return [
        EnrolledFeatures.of(each, found.result(), serving.copy_fingerprint)
        for each, found in zip(features, views, strict=True)
    ]


def described_and_stored(
    runtime: Runtime, taken: Sequence[Taken], store: Callable[[list[EnrolledFeatures]], T]
) -> T:
    """Describe, then store; once more if the encoder was changed between the two.

    Raises:
        FingerprintMismatch: it was changed twice.
    """
    try:
        return store(describe(runtime, taken))
    except FingerprintMismatch:
        return store(describe(runtime, taken))


def _take(runtime: Runtime, data: bytes) -> Taken:
    picture = decode(data, runtime.picture_limits, max_side=MAX_SIDE)
    if min(picture.width, picture.height) < SMALLEST_SIDE:
        raise PictureTooSmall(picture.width, picture.height, SMALLEST_SIDE)
    return Taken(data, picture, _warnings(picture), look_closely(picture.pixels))


def _warnings(picture: Picture) -> tuple[str, ...]:
    quality = assess(picture)
    if quality.contrast < BLANK:
        raise NothingToSee("The picture is of one colour. Send a photo of the product.")
    return tuple(_ADVICE[fault] for fault in quality.faults)


def hash_means_something(features: Features) -> bool:
    """Whether its perceptual hash may be compared at all."""
    return features.hash.quality >= MIN_QUALITY
