"""Reads what is written on a picture, and looks for the names of the house's brands in it."""

from __future__ import annotations

from model.encoders.base import RGB
from model.images import decode
from model.text.barcodes import Barcode, find_barcodes
from model.text.lexicon import Lexicon
from model.text.replicas import replica_words
from model.text.seeing import foremost_brand, lookalikes_seen, names_seen
from service.decoding import MAX_SIDE
from service.readings.lexicon import tenant_lexicon
from service.readings.reader import reader
from service.readings.schemas import BarcodeOut, LineOut, NameOut, ReadingOut, ReplicaWordOut
from service.runtime import Runtime
from service.security.principals import Principal

_SECONDS = 8.0
"""After which no further line is begun; a picture full of small print is not read to its end."""


def read(runtime: Runtime, principal: Principal, data: bytes) -> ReadingOut:
    """
    Raises:
        PictureError: the bytes are not a picture that can be judged.
        ReadingUnavailable: the networks that read are not installed.
    """
    with runtime.database.read() as session:
        lexicon = tenant_lexicon(session, principal.tenant_id)
    return runtime.pool.submit(_read, runtime, lexicon, data).result()


def barcodes(runtime: Runtime, data: bytes) -> list[Barcode]:
    """The bars of a picture alone, without reading its lines.

    Raises:
        PictureError: the bytes are not a picture that can be judged.
    """
    return runtime.pool.submit(_barcodes, runtime, data).result()


def _barcodes(runtime: Runtime, data: bytes) -> list[Barcode]:
    return find_barcodes(decode(data, runtime.picture_limits, max_side=MAX_SIDE).pixels)


def _read(runtime: Runtime, lexicon: Lexicon, data: bytes) -> ReadingOut:
    return reading_of(decode(data, runtime.picture_limits, max_side=MAX_SIDE).pixels, lexicon)


def reading_of(pixels: RGB, lexicon: Lexicon) -> ReadingOut:
    """Lines, names of brands, words for replicas, and barcodes of one picture."""
    extent = pixels.shape[1], pixels.shape[0]
    reading = reader().read(pixels, seconds=_SECONDS)
    seen = names_seen(reading.lines, extent, lexicon)
    telling = lookalikes_seen(seen)
    return ReadingOut(
        lines=[LineOut.of(line, extent) for line in reading.lines],
        complete=reading.complete,
        names=[NameOut.of(each, each in telling, extent) for each in seen],
        foremost_brand_id=foremost_brand(seen),
        replica_words=[
            ReplicaWordOut(written=word.written, language=word.language, plainness=word.plainness)
            for line in reading.lines
            for word in replica_words(line.text)
        ],
        barcodes=[BarcodeOut.of(code, extent) for code in find_barcodes(pixels)],
    )
