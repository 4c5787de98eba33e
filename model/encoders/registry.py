"""Encoders by name: what is installed, which one start-up takes, and how each is loaded."""

from __future__ import annotations

from pathlib import Path

from model.encoders import artifacts, bundled
from model.encoders.artifacts import Installed
from model.encoders.base import Encoder, EncoderNotInstalled
from model.encoders.names import PREFIX, parse_name
from model.encoders.serving import OnnxEncoder


def installed(directory: Path) -> list[Installed]:
    """What the directory holds, newest first; `.info` of each is its `EncoderInfo`.

    Raises:
        EncoderDamaged: a manifest cannot be read.
    """
    return artifacts.read_all(directory)


def select(wanted: str, directory: Path) -> str:
    """The name to load: what settings name, else the newest installed CLIP, else `bundled`."""
    if wanted:
        return wanted
    clips = (one.info.name for one in installed(directory) if one.info.name.startswith(PREFIX))
    return next(clips, bundled.NAME)


def load(name: str, directory: Path, threads: int = 2) -> Encoder:
    """Load the encoder of that name from the directory of installed encoders.

    Args:
        threads: of the one pool that computes a picture; fixed, whatever the load.

    Raises:
        EncoderUnknown: no encoder has such a name.
        EncoderNotInstalled: it must be pulled or exported first.
        EncoderDamaged: its files are not what was installed.
    """
    if name == bundled.NAME:
        return bundled.load(directory, threads)
    return OnnxEncoder(find(name, directory), threads)


def find(name: str, directory: Path) -> Installed:
    """The newest installation of a CLIP under that name."""
    text = parse_name(name).text
    for one in installed(directory):
        if one.info.name == text:
            return one
    raise EncoderNotInstalled(text, directory)
