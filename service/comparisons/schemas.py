"""Comparisons as they cross the border."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel

from model.anomaly import Comparison, Difference


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


class ComparisonOut(BaseModel):
    finding: Finding
    agreement: float | None
    """Share of textured blocks that were found again on the suspect, in [0, 1]."""
    score: float | None
    """Everything that differs, in pixels of full contrast."""
    differences: list[DifferenceOut]
    """Most different first."""
    compared_with: int
    """Genuine pictures of the view, whose own variation is tolerated."""

    @classmethod
    def of(cls, found: Comparison | None, compared_with: int) -> ComparisonOut:
        if found is None:
            return cls(
                finding=Finding.NOT_ALIGNED,
                agreement=None,
                score=None,
                differences=[],
                compared_with=compared_with,
            )
        return cls(
            finding=Finding.DIFFERS if found.differences else Finding.AGREES,
            agreement=round(found.aligned.agreement, 4),
            score=found.score,
            differences=[DifferenceOut.of(each) for each in found.differences],
            compared_with=compared_with,
        )
