"""Lays a suspect's picture over a reference."""

from __future__ import annotations

from dataclasses import dataclass, replace

import service.points.service as points
import service.references.service as references
from model.anomaly import Comparison, compare
from model.anomaly.points import JudgedPoint, Region, judge
from model.images import decode
from service.decoding import MAX_SIDE, stored_pixels
from service.points.models import IdentificationPoint
from service.runtime import Runtime
from service.security.principals import Principal

_OTHERS = 3
"""More references of the view whose variation is tolerated; each takes as long as the first."""


@dataclass(frozen=True)
class Point:
    """An identification point, and what the suspect shows there; nothing where it could not be laid over."""

    id: str
    name: str
    genuine: str
    counterfeit: str
    region: Region
    judged: JudgedPoint | None = None


@dataclass(frozen=True)
class Compared:
    found: Comparison | None
    references: int
    points: tuple[Point, ...]


def compared(runtime: Runtime, principal: Principal, reference_id: str, suspect: bytes) -> Compared:
    """
    Raises:
        NotFound: there is no reference that the principal may compare with.
        PictureError: the suspect is not a picture that can be judged.
    """
    with runtime.database.read() as session:
        stored = references.comparable(session, principal, reference_id, _OTHERS)
        drawn = points.points_to_judge(session, principal, reference_id)
        asked = tuple(_point(each) for each in drawn)
    return runtime.pool.submit(_compare, runtime, suspect, stored, asked).result()


def _compare(runtime: Runtime, suspect: bytes, stored: list[str], asked: tuple[Point, ...]) -> Compared:
    genuine = [stored_pixels(runtime.blobs, each, runtime.picture_limits) for each in stored]
    found = compare(decode(suspect, runtime.picture_limits, max_side=MAX_SIDE).pixels, genuine)
    if found is not None:
        asked = tuple(replace(each, judged=judge(found, genuine[0], each.region)) for each in asked)
    return Compared(found, len(stored), asked)


def _point(row: IdentificationPoint) -> Point:
    region = Region(row.x0, row.y0, row.x1, row.y1)
    return Point(row.id, row.name, row.genuine, row.counterfeit, region)
