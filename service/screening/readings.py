"""What was read in the pictures of a listing, as the record of a decision keeps it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

Corners = tuple[tuple[float, float], ...]
"""From the top left in reading direction, in fractions of the picture's width and height."""


class NotRead(StrEnum):
    """Why a picture was not read, or not to its end, though something asked for it."""

    NO_TIME = "no_time"
    CANNOT_BE_JUDGED = "cannot_be_judged"


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadLine(_Kept):
    text: str
    confidence: float = Field(ge=0, le=1.001)
    corners: Corners


class ReadCode(_Kept):
    """A barcode or QR code."""

    text: str
    symbology: str
    corners: Corners


class ReadPicture(_Kept):
    picture: int = Field(ge=0)
    lines: tuple[ReadLine, ...] = ()
    """Largest first."""
    codes: tuple[ReadCode, ...] = ()
    not_read: NotRead | None = None
    """With lines beside it: the largest were read, and time ran out before the others."""
