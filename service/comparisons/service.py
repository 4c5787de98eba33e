"""Lays a suspect's picture over a reference."""

from __future__ import annotations

from dataclasses import dataclass

import service.references.service as references
from model.anomaly import Comparison, compare
from model.encoders.base import RGB
from model.images import decode
from service.decoding import MAX_SIDE
from service.runtime import Runtime
from service.security.principals import Principal

_OTHERS = 3
"""More references of the view whose variation is tolerated; each takes as long as the first."""


@dataclass(frozen=True)
class Compared:
    found: Comparison | None
    references: int


def compared(runtime: Runtime, principal: Principal, reference_id: str, suspect: bytes) -> Compared:
    """
    Raises:
        NotFound: there is no reference that the principal may compare with.
        PictureError: the suspect is not a picture that can be judged.
    """
    with runtime.database.read() as session:
        stored = references.comparable(session, principal, reference_id, _OTHERS)
    found = runtime.pool.submit(_compare, runtime, suspect, stored).result()
    return Compared(found, len(stored))


def _compare(runtime: Runtime, suspect: bytes, stored: list[str]) -> Comparison | None:
    shown = _pixels(runtime, suspect)
    return compare(shown, [_pixels(runtime, runtime.blobs.get(each)) for each in stored])


def _pixels(runtime: Runtime, data: bytes) -> RGB:
    return decode(data, runtime.picture_limits, max_side=MAX_SIDE).pixels
