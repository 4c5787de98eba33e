"""SSCD as an optional descriptor: E. Pizzi et al., "A Self-Supervised Descriptor for Image Copy Detection", CVPR 2022.

Its weights are not shipped. A TorchScript file as its authors publish it, or an ONNX file of the same, is enough.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.encoders.artifacts import sha256_of
from model.encoders.base import RGB, EncoderError, EncoderInfo, Vectors
from model.encoders.preprocessing import Fit, Interpolation, Preprocessing
from model.encoders.session import open_session

PREPROCESSING = Preprocessing(
    size=320,
    fit=Fit.SQUASH,
    interpolation=Interpolation.BILINEAR,
    mean=(0.485, 0.456, 0.406),
    std=(0.229, 0.224, 0.225),
)
TORCHSCRIPT, ONNX = (".pt", ".pth", ".torchscript"), (".onnx",)

_Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""(1, 3, size, size) standardised pixels to (1, D)."""


class SscdUnusable(EncoderError):
    """The weights file cannot serve; the message names it and says what to give instead."""


class SscdMissing(SscdUnusable):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no SSCD weights file {path}. Give the path of a TorchScript or ONNX file."
        )


class SscdUnknownKind(SscdUnusable):
    def __init__(self, path: Path) -> None:
        known = ", ".join((*TORCHSCRIPT, *ONNX))
        super().__init__(f"{path}: a weights file ends in one of {known}.")


class SscdDamaged(SscdUnusable):
    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(f"{path} cannot be read as a model ({reason}). Fetch it again.")


class SscdShape(SscdUnusable):
    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        super().__init__(
            f"{path} gives an array of shape {shape} for one picture of 320 × 320; a descriptor gives (1, D)."
        )


class SscdEncoder:
    """Any descriptor that reads standardised pixels in SSCD's form. Made by `load_sscd`."""

    def __init__(self, info: EncoderInfo, run: _Run) -> None:
        self.info = info
        self._run = run

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        """One picture a run, so that no picture can change another one's vector."""
        rows = [self._run(_standardised(picture)) for picture in pictures]
        if not rows:
            return np.empty((0, self.info.dimension), np.float32)
        vectors = np.concatenate(rows)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def load_sscd(path: Path, threads: int = 1) -> SscdEncoder:
    """Open a weights file and try it on one picture.

    Raises:
        SscdUnusable: one of its kinds says what is wrong with the file.
    """
    if not path.is_file():
        raise SscdMissing(path)
    if path.suffix not in (*TORCHSCRIPT, *ONNX):
        raise SscdUnknownKind(path)
    run = _torchscript(path, threads) if path.suffix in TORCHSCRIPT else _onnx(path, threads)
    info = EncoderInfo(
        name="sscd",
        architecture="sscd",
        weights_sha256=sha256_of(path),
        preprocessing=PREPROCESSING.canonical(),
        precision="fp32",
        dimension=_dimension(path, run),
    )
    return SscdEncoder(info, run)


def _torchscript(path: Path, threads: int) -> _Run:
    import torch  # only where such a file is used

    try:
        with warnings.catch_warnings():
            # The published file is of a form that torch calls outdated; who loads it cannot change that.
            warnings.filterwarnings("ignore", "`torch.jit", FutureWarning)
            module = torch.jit.load(str(path), map_location="cpu").eval()
    except (RuntimeError, ValueError) as error:
        raise SscdDamaged(path, str(error).splitlines()[0]) from error
    torch.set_num_threads(threads)

    def run(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return np.asarray(module(torch.from_numpy(pixels)).numpy(), np.float32)

    return run


def _onnx(path: Path, threads: int) -> _Run:
    try:
        session = open_session(path, threads)
    except EncoderError as error:
        raise SscdDamaged(path, error) from error
    name = session.get_inputs()[0].name

    def run(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {name: pixels})[0], np.float32)

    return run


def _dimension(path: Path, run: _Run) -> int:
    grey = np.full((32, 32, 3), 127, np.uint8)
    try:
        shape = run(_standardised(grey)).shape
    except Exception as error:  # torch and onnxruntime raise what they like for a model of another form
        raise SscdDamaged(path, f"it does not run: {str(error).splitlines()[0]}") from error
    if len(shape) != 2 or shape[0] != 1:
        raise SscdShape(path, shape)
    return int(shape[1])


def _standardised(picture: RGB) -> NDArray[np.float32]:
    """Shape (1, 3, size, size)."""
    pixels = PREPROCESSING.apply(picture).astype(np.float32) / 255
    scaled = (pixels - np.array(PREPROCESSING.mean, np.float32)) / np.array(PREPROCESSING.std, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[np.newaxis])
