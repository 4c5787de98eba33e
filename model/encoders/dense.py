"""Feature maps of pictures at any size, from the graph that an encoder of one size was installed with.

A convolution does not mind how large a picture is; only the graph's declared shapes do. So what is served here is the
installed graph up to its feature map, with those shapes left open: the same weights, nothing exported anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.encoders.base import RGB, Encoder, EncoderDamaged
from model.encoders.batching import BatchingEncoder
from model.encoders.serving import PATCHES, PIXELS
from model.encoders.session import open_session_of

_REDUCING_GAP = 3.0
_FEWEST_CELLS = 2


@runtime_checkable
class DenseEncoder(Encoder, Protocol):
    """An encoder whose feature map may be as large as one likes."""

    def encode_dense(self, pictures: Sequence[RGB], side: int) -> list[NDArray[np.float32]]:
        """Local features over each whole picture, its longer side resized to about `side` pixels.

        Returns:
            For each picture an array of shape (rows, columns, channels), not normalised.
        """
        ...


def dense_of(encoder: Encoder) -> DenseEncoder | None:
    """The encoder, or the one behind its queue, where it is dense. Calls of it are not queued: keep to one pool."""
    inner = encoder.encoder if isinstance(encoder, BatchingEncoder) else encoder
    return inner if isinstance(inner, DenseEncoder) else None


class DenseGraph:
    """Runs one picture at a time, so that none can change another one's map."""

    def __init__(self, path: Path, threads: int, stride: int) -> None:
        """Args:
        path: a graph of `PIXELS` and `PATCHES` whose checksum the caller has verified.
        stride: pixels for each cell of the map; sides are rounded to whole cells.
        """
        self._sized = _Sized(stride)
        self._session = open_session_of(_opened(path), path, threads)

    def run(self, picture: RGB, side: int) -> NDArray[np.float32]:
        pixels = self._sized.apply(picture, side)
        found: NDArray[np.float32] = self._session.run([PATCHES], {PIXELS: pixels})[0][0]
        return found


class MiddleGraph:
    """The maps that a graph makes on its way: finer, and of textures and edges where the last one is of things."""

    def __init__(self, path: Path, threads: int, stride: int, weights: Sequence[str]) -> None:
        """Args:
        path: as of `DenseGraph`.
        stride: of the coarsest map of the whole graph, to whose cells sides are rounded.
        weights: of the convolutions whose input is asked for, the finest map first.
        """
        self._sized = _Sized(stride)
        data, self._names = _cut_before(path, weights)
        self._session = open_session_of(data, path, threads)

    def run(self, picture: RGB, side: int) -> list[NDArray[np.float32]]:
        """A map of shape (rows, columns, channels) for each of the weights."""
        found = self._session.run(self._names, {PIXELS: self._sized.apply(picture, side)})
        return [np.ascontiguousarray(np.moveaxis(each[0], 0, -1)) for each in found]


class _Sized:
    """Resizes pictures to whole cells."""

    def __init__(self, stride: int) -> None:
        self._stride = stride

    def apply(self, picture: RGB, side: int) -> NDArray[np.uint8]:
        width, height = self._size(picture, side)
        pixels = Image.fromarray(picture).resize(
            (width, height), Image.Resampling.BICUBIC, reducing_gap=_REDUCING_GAP
        )
        return np.asarray(pixels)[np.newaxis]

    def _size(self, picture: RGB, side: int) -> tuple[int, int]:
        height, width = picture.shape[:2]
        scale = side / max(height, width) / self._stride
        return (
            max(_FEWEST_CELLS, round(width * scale)) * self._stride,
            max(_FEWEST_CELLS, round(height * scale)) * self._stride,
        )


def _opened(path: Path) -> bytes:
    """The graph up to its feature map, its sizes named instead of numbered."""
    import onnx  # takes a fifth of a second; most processes that import encoders never need it

    model = onnx.load(path)
    output = next(each for each in model.graph.output if each.name == PATCHES)
    _keep(model.graph, [output])
    _name_sizes(model.graph.input[0], ("height", "width"))
    _name_sizes(model.graph.output[0], ("rows", "columns"))
    data: bytes = model.SerializeToString()
    return data


def _cut_before(path: Path, weights: Sequence[str]) -> tuple[bytes, list[str]]:
    """The graph up to the inputs of the convolutions with those weights, and what these are called."""
    import onnx

    model = onnx.load(path)
    inputs = {node.input[1]: node.input[0] for node in model.graph.node if node.op_type == "Conv"}
    missing = [each for each in weights if each not in inputs]
    if missing:
        raise EncoderDamaged(path, f"no convolution has the weights {', '.join(missing)}")
    names = [inputs[each] for each in weights]
    unsized = [1, None, None, None]
    _keep(
        model.graph,
        [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, unsized) for name in names],
    )
    _name_sizes(model.graph.input[0], ("height", "width"))
    return model.SerializeToString(), names


def _keep(graph: Any, outputs: Sequence[Any]) -> None:
    """Leave only what these outputs need."""
    wanted, nodes = {each.name for each in outputs}, []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            nodes.append(node)
            wanted.update(node.input)
    constants = [each for each in graph.initializer if each.name in wanted]
    for part in (graph.node, graph.output, graph.value_info, graph.initializer):
        del part[:]
    graph.node.extend(reversed(nodes))
    graph.output.extend(outputs)
    graph.initializer.extend(constants)


def _name_sizes(value: object, names: tuple[str, str]) -> None:
    dimensions = value.type.tensor_type.shape.dim  # type: ignore[attr-defined]  # a protobuf message
    for dimension, name in zip(dimensions[1:3], names, strict=True):
        dimension.dim_param = name
