"""Comparisons as they cross the border."""

from __future__ import annotations

import base64
from enum import StrEnum

from pydantic import BaseModel

from model.anomaly import Difference
from model.anomaly.points import PointFinding
from model.encoders.base import RGB
from service.comparisons.service import Compared, Point
from service.evidence.drawing import png


class Finding(StrEnum):
    DIFFERS = "differs"
    AGREES = "agrees"
    """Nothing differs beyond light, printing and a pixel's shift. It does not say that the goods are genuine."""
    NOT_ALIGNED = "not_aligned"
    """Too little of both pictures agrees to compare them: another view, other goods, or too poor a picture."""


class DifferenceOut(BaseModel):
    on_reference: tuple[float, float, float, float]
    """Left, top, right, bottom in fractions of the reference's width and height."""
    on_suspect: list[tuple[float, float]]
    """Corners in fractions of the suspect's width and height."""
    mass: float
    """How much differs, in pixels of full contrast."""

    @classmethod
    def of(cls, found: Difference) -> DifferenceOut:
        box = found.box
        return cls(
            on_reference=(box.x0, box.y0, box.x1, box.y1), on_suspect=list(found.on_suspect), mass=box.mass
        )


class PointOut(BaseModel):
    id: str
    name: str
    genuine: str
    """In the owner's words, what a genuine one looks like there."""
    counterfeit: str
    on_reference: tuple[float, float, float, float]
    finding: PointFinding
    genuine_crop: str | None
    """PNG of the region on the reference, in base64."""
    suspect_crop: str | None
    """The same region of the suspect, as it lies over the reference."""

    @classmethod
    def of(cls, point: Point) -> PointOut:
        judged, region = point.judged, point.region
        return cls(
            id=point.id,
            name=point.name,
            genuine=point.genuine,
            counterfeit=point.counterfeit,
            on_reference=(region.x0, region.y0, region.x1, region.y1),
            finding=judged.finding if judged else PointFinding.NOT_VISIBLE,
            genuine_crop=_encoded(judged.genuine) if judged else None,
            suspect_crop=_encoded(judged.suspect) if judged else None,
        )


class ComparisonOut(BaseModel):
    finding: Finding
    agreement: float | None
    """Share of textured blocks that were found again on the suspect, in [0, 1]."""
    score: float | None
    """Everything that differs, in pixels of full contrast."""
    differences: list[DifferenceOut]
    """Most different first."""
    points: list[PointOut]
    """The identification points that were drawn on the reference."""
    compared_with: int
    """Genuine pictures of the view, whose own variation is tolerated."""

    @classmethod
    def of(cls, compared: Compared) -> ComparisonOut:
        found, points = compared.found, [PointOut.of(each) for each in compared.points]
        if found is None:
            return cls(
                finding=Finding.NOT_ALIGNED,
                agreement=None,
                score=None,
                differences=[],
                points=points,
                compared_with=compared.references,
            )
        return cls(
            finding=Finding.DIFFERS if found.differences else Finding.AGREES,
            agreement=round(found.aligned.agreement, 4),
            score=found.score,
            differences=[DifferenceOut.of(each) for each in found.differences],
            points=points,
            compared_with=compared.references,
        )


def _encoded(pixels: RGB) -> str:
    return base64.b64encode(png(pixels)).decode()
