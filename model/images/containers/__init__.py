"""One reader a format: it checks the structure, reads what surrounds the pixels and drops the rest."""

from model.images.containers import gif, isobmff, jpeg, png, tiff, webp
from model.images.containers.container import Container
from model.images.picture import PictureFormat

__all__ = ["Container", "read_container"]

_READERS = {
    PictureFormat.JPEG: jpeg.read,
    PictureFormat.PNG: png.read,
    PictureFormat.WEBP: webp.read,
    PictureFormat.GIF: gif.read,
    PictureFormat.TIFF: tiff.read,
    PictureFormat.AVIF: isobmff.read_avif,
    PictureFormat.HEIC: isobmff.read_heic,
}


def read_container(data: bytes, found: PictureFormat) -> Container:
    """Check a file's structure before any decoder sees it, and read what surrounds its pixels.

    Raises:
        TruncatedPicture: the structure goes on past the end of the data.
        DamagedPicture: it breaks the format's rules.
        DecompressionBomb: it has far more parts than any camera or program writes.
        FormatNotAllowed: it uses a variant of the format that is not accepted.
    """
    return _READERS[found](data)
