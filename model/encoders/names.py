"""How encoders are named: `bundled`, `open_clip:ARCHITECTURE/TAG`, `open_clip:ARCHITECTURE/CHECKPOINT`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from model.encoders.base import EncoderUnknown

PREFIX = "open_clip:"
_CHECKPOINT_SUFFIXES = {".pt", ".pth", ".bin", ".ckpt", ".safetensors"}


@dataclass(frozen=True)
class ClipName:
    architecture: str
    weights: str
    """A pretrained tag of open_clip, or the path of a checkpoint file."""

    @property
    def text(self) -> str:
        return f"{PREFIX}{self.architecture}/{self.weights}"

    @property
    def checkpoint(self) -> Path | None:
        """The file that the name spells, existing or not; None for a tag."""
        path = Path(self.weights)
        is_file_name = path.suffix in _CHECKPOINT_SUFFIXES or "/" in self.weights
        return path if is_file_name else None

    @property
    def slug(self) -> str:
        """For folder names: letters, digits, dots, hyphens."""
        weights = self.checkpoint.stem if self.checkpoint else self.weights
        return re.sub(r"[^A-Za-z0-9.-]+", "-", f"open_clip-{self.architecture}-{weights}")[:100]


def parse_name(text: str) -> ClipName:
    """Read a name of the form `open_clip:ARCHITECTURE/WEIGHTS`.

    Raises:
        EncoderUnknown: it has another form.
    """
    architecture, slash, weights = text.removeprefix(PREFIX).partition("/")
    if not (text.startswith(PREFIX) and slash and architecture and weights):
        raise EncoderUnknown(text, "the name has another form")
    return ClipName(architecture, weights)
