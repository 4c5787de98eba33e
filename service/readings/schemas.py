"""What is written on a picture, as it crosses the border."""

from __future__ import annotations

from pydantic import BaseModel

from model.text.barcodes import Barcode, NumberKind, TradeNumberInvalid, trade_number
from model.text.lexicon import MatchKind
from model.text.lines import Polygon, TextLine
from model.text.replicas import Plainness
from model.text.seeing import SeenMatch

Corners = list[tuple[float, float]]
_DIGITS = 4


class LineOut(BaseModel):
    text: str
    confidence: float
    corners: Corners
    """In fractions of the picture's width and height."""

    @classmethod
    def of(cls, line: TextLine, extent: tuple[int, int]) -> LineOut:
        return cls(
            text=line.text,
            confidence=round(line.confidence, _DIGITS),
            corners=_fractions(line.polygon, extent),
        )


class NameOut(BaseModel):
    """A name of a protected brand, or what may pass for one."""

    kind: MatchKind
    brand_id: str
    name: str
    """As it is registered."""
    written: str
    """As the picture has it."""
    corners: Corners
    is_telling: bool
    """A false spelling that is large and surely read, with the right name nowhere in the picture."""

    @classmethod
    def of(cls, seen: SeenMatch, is_telling: bool, extent: tuple[int, int]) -> NameOut:
        match = seen.match
        return cls(
            kind=match.kind,
            brand_id=match.brand,
            name=match.name,
            written=match.written,
            corners=_fractions(seen.polygon, extent),
            is_telling=is_telling,
        )


class ReplicaWordOut(BaseModel):
    written: str
    language: str
    plainness: Plainness


class BarcodeOut(BaseModel):
    text: str
    symbology: str
    corners: Corners
    gtin: str | None
    """14 digits, where it is a trade number whose check digit is right."""
    kind: NumberKind | None
    issuer: str | None
    """The GS1 member organisation that gave the prefix out; not the country of origin."""
    fault: str | None
    """Why it is no trade number."""

    @classmethod
    def of(cls, code: Barcode, extent: tuple[int, int]) -> BarcodeOut:
        corners = _fractions(code.polygon, extent)
        try:
            number = trade_number(code.text)
        except TradeNumberInvalid as error:
            return cls(
                text=code.text,
                symbology=code.symbology,
                corners=corners,
                gtin=None,
                kind=None,
                issuer=None,
                fault=str(error),
            )
        return cls(
            text=code.text,
            symbology=code.symbology,
            corners=corners,
            gtin=number.gtin,
            kind=number.kind,
            issuer=number.issuer,
            fault=None,
        )


class ReadingOut(BaseModel):
    lines: list[LineOut]
    """Largest first."""
    complete: bool
    """False when time ran out before every line was read."""
    names: list[NameOut]
    foremost_brand_id: str | None
    """The brand that the picture is about, by size and place of its names; null where none is named, or two are."""
    replica_words: list[ReplicaWordOut]
    barcodes: list[BarcodeOut]


def _fractions(polygon: Polygon, extent: tuple[int, int]) -> Corners:
    width, height = extent
    return [(round(x / width, _DIGITS), round(y / height, _DIGITS)) for x, y in polygon]
