"""The kit's typefaces: open fonts from wheels, because a fresh machine has none that could be relied on."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from PIL import ImageFont


class Typeface(StrEnum):
    """Display faces, in pairs that a hurried printer might confuse; see `sibling`."""

    BEBAS = "bebas"
    FJALLA = "fjalla"
    ABRIL = "abril"
    DM_SERIF = "dm_serif"
    PACIFICO = "pacifico"
    LOBSTER = "lobster"
    TITAN = "titan"
    LILITA = "lilita"
    RUSSO = "russo"
    RIGHTEOUS = "righteous"


class TextFace(StrEnum):
    """Faces for small print."""

    REGULAR = "regular"
    BOLD = "bold"
    BLACK = "black"
    JAPANESE = "japanese"


_FILES: dict[Typeface | TextFace, tuple[str, str]] = {
    Typeface.BEBAS: ("fontpkg_bebas_neue", "BebasNeue-Regular.ttf"),
    Typeface.FJALLA: ("fontpkg_fjalla_one", "FjallaOne-Regular.ttf"),
    Typeface.ABRIL: ("fontpkg_abril_fatface", "AbrilFatface-Regular.ttf"),
    Typeface.DM_SERIF: ("fontpkg_dm_serif_display", "DMSerifDisplay-Regular.ttf"),
    Typeface.PACIFICO: ("fontpkg_pacifico", "Pacifico-Regular.ttf"),
    Typeface.LOBSTER: ("fontpkg_lobster", "Lobster-Regular.ttf"),
    Typeface.TITAN: ("fontpkg_titan_one", "TitanOne-Regular.ttf"),
    Typeface.LILITA: ("fontpkg_lilita_one", "LilitaOne-Regular.ttf"),
    Typeface.RUSSO: ("fontpkg_russo_one", "RussoOne-Regular.ttf"),
    Typeface.RIGHTEOUS: ("fontpkg_righteous", "Righteous-Regular.ttf"),
    TextFace.REGULAR: ("fontpkg_lato", "Lato-Regular.ttf"),
    TextFace.BOLD: ("fontpkg_lato", "Lato-Bold.ttf"),
    TextFace.BLACK: ("fontpkg_lato", "Lato-Black.ttf"),
    TextFace.JAPANESE: ("pylopdf_fonts_jp", "NotoSansJP-Regular.otf"),
}

_PAIRS = (
    (Typeface.BEBAS, Typeface.FJALLA),
    (Typeface.ABRIL, Typeface.DM_SERIF),
    (Typeface.PACIFICO, Typeface.LOBSTER),
    (Typeface.TITAN, Typeface.LILITA),
    (Typeface.RUSSO, Typeface.RIGHTEOUS),
)


def sibling(typeface: Typeface) -> Typeface:
    """The face that looks most like this one without being it: what a copy that is nearly right uses."""
    for one, other in _PAIRS:
        if typeface in (one, other):
            return other if typeface is one else one
    raise KeyError(typeface)


@lru_cache(maxsize=512)
def font(face: Typeface | TextFace, size: int) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels. Basic layout, so that pictures do not depend on whether Raqm is there."""
    package, name = _FILES[face]
    root = files(package)
    path = root / "files" / name if package.startswith("fontpkg") else root / name
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
