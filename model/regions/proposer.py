"""Where in a picture is something that could be a product? One quick pass over the whole picture, small.

The first five stages of the bundled EfficientNet-Lite0, frozen, and a small head in the manner of FCOS (Tian et al.,
ICCV 2019). It knows nothing of any brand: what is in a box is for the encoder, the index and keypoints to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders import artifacts, bundled
from model.encoders.artifacts import Installed
from model.encoders.base import RGB, EncoderInfo
from model.encoders.session import open_session
from model.regions.boxes import Boxes, best_apart, overlap
from model.regions.head import SHIPPED, Head, shipped_head

PIXELS, BOXES, OBJECTNESS = "pixels", "boxes", "objectness"
STAGES = 5
"""Of the network's seven; their features have one cell for 16 × 16 pixels and see far beyond it."""

_SAME_BOX = 0.6
"""Overlap above which two boxes are averaged."""


class Shape(StrEnum):
    """What the picture is squeezed to: its name is the graph's file."""

    TALL = "tall"
    WIDE = "wide"

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return (256, 192) if self is Shape.TALL else (192, 256)

    @staticmethod
    def of(picture: RGB) -> Shape:
        return Shape.TALL if picture.shape[0] >= picture.shape[1] else Shape.WIDE


@dataclass(frozen=True, eq=False)
class Proposals:
    """Up to P things of one picture, the surest first."""

    boxes: Boxes
    """Shape (P, 4)."""
    objectness: NDArray[np.float64]
    """Shape (P,), in [0, 1]; no calibrated chance."""


class Proposer:
    """May be called from several threads; a picture's boxes do not depend on what shares its call."""

    def __init__(self, installed: Installed, threads: int) -> None:
        self._sessions = {shape: open_session(installed.file(graph_file(shape)), threads) for shape in Shape}

    def propose(self, pictures: Sequence[RGB], least: float, most: int) -> list[Proposals]:
        """Boxes with at least some objectness, at most some number a picture.

        Args:
            pictures: N arrays of shape (height, width, 3), uint8, any sizes.
        """
        return [self._proposed(picture, least, most) for picture in pictures]

    def _proposed(self, picture: RGB, least: float, most: int) -> Proposals:
        shape = Shape.of(picture)
        pixels = squeezed(picture, shape)[np.newaxis]
        boxes, objectness = self._sessions[shape].run([BOXES, OBJECTNESS], {PIXELS: pixels})
        sure = objectness[0] >= least
        return _apart(boxes[0][sure].astype(np.float64), objectness[0][sure].astype(np.float64), most)


def load_proposer(directory: Path, threads: int) -> Proposer:
    """Load the graphs, exporting them into the directory on the first call (about ten seconds).

    Raises:
        EncoderDamaged: what was exported earlier is no longer what it was.
    """
    folder = artifacts.folder_for(directory, PARTS, info())
    installed = artifacts.read(folder) if folder.exists() else artifacts.install(directory, PARTS, _export)
    return Proposer(installed, threads)


def info() -> EncoderInfo:
    """What the graphs depend on, in the form in which exported graphs are kept."""
    weights = hashlib.sha256(artifacts.sha256_of(bundled.checkpoint()).encode() + SHIPPED.read_bytes())
    return EncoderInfo(
        name=PARTS,
        architecture=f"{bundled.ARCHITECTURE}, {STAGES} stages, boxes",
        weights_sha256=weights.hexdigest(),
        preprocessing="; ".join(f"{shape} {shape.size}" for shape in Shape),
        precision="fp32",
        dimension=4,
    )


def squeezed(picture: RGB, shape: Shape) -> RGB:
    """The whole picture at the size of the shape; sides may be squeezed differently."""
    return np.asarray(cv2.resize(picture, shape.size[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def graph_file(shape: Shape) -> str:
    return f"{shape}.onnx"


def _apart(boxes: Boxes, objectness: NDArray[np.float64], most: int) -> Proposals:
    """One box a thing: the weighted mean of the surest and those nearly like it."""
    kept = best_apart(boxes, objectness, most)
    if not kept:
        return Proposals(np.empty((0, 4)), np.empty(0))
    weights = np.where(overlap(boxes[kept], boxes) > _SAME_BOX, objectness, 0.0)
    means = weights @ boxes / weights.sum(axis=1, keepdims=True)
    return Proposals(np.clip(means, 0.0, 1.0), objectness[kept])


PARTS = "proposer"
"""How the name of what proposes parts of pictures begins, beside which encoders are installed."""


def _export(folder: Path) -> Installed:
    from model.regions import proposer_export  # torch is imported for the export alone

    return proposer_export.export(folder, _head())


def _head() -> Head:
    return shipped_head()
