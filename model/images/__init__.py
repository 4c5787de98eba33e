"""Untrusted bytes → an upright RGB picture, or a named error."""

from model.images.decoding import decode
from model.images.errors import (
    DamagedPicture,
    DecompressionBomb,
    EmptyPicture,
    FormatNotAllowed,
    NotAPicture,
    PictureError,
    PictureTooLarge,
    PictureTooSlow,
    PictureTooSmall,
    TruncatedPicture,
)
from model.images.picture import Picture, PictureFormat, PictureLimits

__all__ = [
    "DamagedPicture",
    "DecompressionBomb",
    "EmptyPicture",
    "FormatNotAllowed",
    "NotAPicture",
    "Picture",
    "PictureError",
    "PictureFormat",
    "PictureLimits",
    "PictureTooLarge",
    "PictureTooSlow",
    "PictureTooSmall",
    "TruncatedPicture",
    "decode",
]
