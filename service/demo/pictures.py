"""Pictures as files, and as thumbnails inside a page."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from model.encoders.base import RGB
from service.evidence.drawing import Points, outlined

_QUALITY = 92
_THUMBNAIL = 320
_THUMBNAIL_QUALITY = 78


def as_jpeg(pixels: RGB) -> bytes:
    """The same pixels always give the same bytes."""
    return _jpeg(Image.fromarray(pixels), _QUALITY)


def thumbnail(data: bytes, side: int = _THUMBNAIL, region: Points = ()) -> str:
    """A data URI of the picture, its longer side at most `side` pixels, with a region outlined if one is given."""
    with Image.open(BytesIO(data)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((side, side))
    if region:
        small = Image.fromarray(outlined(np.asarray(small), region, small.height))
    return "data:image/jpeg;base64," + base64.b64encode(_jpeg(small, _THUMBNAIL_QUALITY)).decode()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
