"""Which format bytes are in, by their content; names and declared types are never asked."""

from __future__ import annotations

from model.images.errors import FormatNotAllowed, NotAPicture
from model.images.picture import PictureFormat

_MAGIC = (
    (b"\xff\xd8\xff", PictureFormat.JPEG),
    (b"\x89PNG\r\n\x1a\n", PictureFormat.PNG),
    (b"GIF87a", PictureFormat.GIF),
    (b"GIF89a", PictureFormat.GIF),
    (b"II*\x00", PictureFormat.TIFF),
    (b"MM\x00*", PictureFormat.TIFF),
)

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})

_OTHER_MAGIC = (
    (b"BM", "a BMP picture"),
    (b"II+\x00", "a BigTIFF picture"),
    (b"MM\x00+", "a BigTIFF picture"),
    (b"\x00\x00\x01\x00", "a Windows icon"),
    (b"8BPS", "a Photoshop document"),
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document"),
)


def sniff(data: bytes, allowed: frozenset[PictureFormat]) -> PictureFormat:
    """Tell the format by magic numbers and, for ISO base media files, by brands.

    Raises:
        FormatNotAllowed: another kind of picture or document, or one outside `allowed`.
        NotAPicture: nothing known.
    """
    found = _find(data)
    names = ", ".join(sorted(each.upper() for each in allowed))
    if found is None:
        for magic, name in _OTHER_MAGIC:
            if data.startswith(magic):
                raise FormatNotAllowed(name, names)
        raise NotAPicture
    if found not in allowed:
        raise FormatNotAllowed(f"a picture in {found.upper()} format", names)
    return found


def _find(data: bytes) -> PictureFormat | None:
    for magic, found in _MAGIC:
        if data.startswith(magic):
            return found
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return PictureFormat.WEBP
    if data[4:8] == b"ftyp":
        return _find_by_brand(data)
    return None


def _find_by_brand(data: bytes) -> PictureFormat | None:
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length, 4))]
    for brand in brands:
        if brand in _AVIF_BRANDS:
            return PictureFormat.AVIF
        if brand in _HEIC_BRANDS:
            return PictureFormat.HEIC
    return None
