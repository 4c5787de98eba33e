"""What every format's reader gives."""

from __future__ import annotations

from dataclasses import dataclass

from model.images.exif import UPRIGHT


@dataclass(frozen=True)
class Container:
    """The first picture of a file, reduced to what its decoder needs.

    Metadata, further pages and frames, and whatever follows the picture are not in `body`, so that no decoder
    spends time on them, warns about them or can be attacked through them.
    """

    body: bytes
    size: tuple[int, int] | None = None
    """Width and height as stored; None where only the decoder's own header parser can tell."""
    orientation: int = UPRIGHT
    profile: bytes | None = None
    """The ICC profile."""
    coded_pixels: int = 0
    """Of all frames inside together, where that may be more than the picture's size tells."""
