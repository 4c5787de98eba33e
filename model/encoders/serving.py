"""Serves an exported encoder through ONNX Runtime. Nothing here imports torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.encoders.artifacts import Installed
from model.encoders.base import RGB, EncoderDamaged, Vectors
from model.encoders.preprocessing import Preprocessing
from model.encoders.session import open_session

GRAPH = "encoder.onnx"
PIXELS, VECTOR, PATCHES = "pixels", "vector", "patches"


class OnnxEncoder:
    """Runs a graph of fixed shape (1, size, size, 3), one picture at a time.

    So no picture can change another one's vector, whatever quantisation the graph holds: dynamic
    int8 takes its scale from the picture alone. Calls from several threads may run side by side.
    """

    def __init__(self, installed: Installed, threads: int) -> None:
        self.info = installed.info
        self.preprocessing = Preprocessing.parse(installed.info.preprocessing)
        self._session = open_session(installed.file(GRAPH), threads)
        shape = self._session.get_inputs()[0].shape
        if shape != [1, self.preprocessing.size, self.preprocessing.size, 3]:
            raise EncoderDamaged(installed.folder / GRAPH, f"it reads pixels of shape {shape}")

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        rows = [self.run(VECTOR, picture) for picture in pictures]
        return np.concatenate(rows) if rows else np.empty((0, self.info.dimension), np.float32)

    def encode_pixels(self, pixels: NDArray[np.uint8]) -> Vectors:
        """`encode` for pictures that `preprocessing` has seen: (N, size, size, 3), N at least 1."""
        return np.concatenate([self._run(VECTOR, pixels[n : n + 1]) for n in range(len(pixels))])

    def run(self, output: str, picture: RGB) -> NDArray[np.float32]:
        """One output of the graph for one picture, with a leading dimension of 1."""
        return self._run(output, self.preprocessing.apply(picture)[np.newaxis])

    def _run(self, output: str, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._session.run([output], {PIXELS: pixels})[0]
        return found
