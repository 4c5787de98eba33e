"""Encoders by name: what is installed, and how each is loaded."""

from __future__ import annotations

from pathlib import Path

from model.encoders import bundled
from model.encoders.base import Encoder, EncoderUnknown


def load(name: str, directory: Path, threads: int = 2) -> Encoder:
    """Load the encoder of that name from the directory of installed encoders.

    Args:
        threads: of the one pool that computes; fixed, whatever the load.

    Raises:
        EncoderUnknown: no encoder has such a name.
        EncoderNotInstalled: it must be pulled or exported first.
        EncoderDamaged: its files are not what was installed.
    """
    if name == bundled.NAME:
        return bundled.load(directory, threads)
    raise EncoderUnknown(name, "only `bundled` is built so far")
