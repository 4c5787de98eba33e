"""The contract of an encoder: N pictures in, an (N, D) array of unit vectors out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]
"""One upright picture: shape (height, width, 3), 8 bits a channel, sRGB."""

Vectors = NDArray[np.float32]
"""Shape (N, D); every row has Euclidean length 1."""


@dataclass(frozen=True)
class EncoderInfo:
    """Everything that a vector depends on.

    Two encoders with equal fingerprints give a picture the same vector (to cosine 0.999);
    vectors of different fingerprints must never be compared.
    """

    name: str
    """As settings and commands spell it: `bundled`, `open_clip:ViT-B-32/openai`."""
    architecture: str
    weights_sha256: str
    preprocessing: str
    """Canonical text: size, interpolation, crop, mean and standard deviation."""
    precision: str
    """`fp32`, `int8`, …"""
    dimension: int

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits of a SHA-256 over all fields but the name."""
        fields = {key: value for key, value in asdict(self).items() if key != "name"}
        canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@runtime_checkable
class Encoder(Protocol):
    """Turns pictures into unit vectors whose cosine says how alike they are."""

    @property
    def info(self) -> EncoderInfo: ...

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        """Give each picture its vector, independently of the others in the call.

        Args:
            pictures: N arrays of shape (height, width, 3), uint8, any sizes; N may be 0.

        Returns:
            An (N, D) float32 array of unit vectors. The same picture gives bit-equal rows
            whatever shares its batch.
        """
        ...


@runtime_checkable
class PatchEncoder(Encoder, Protocol):
    """An encoder that also says what is where in a picture."""

    def encode_patches(self, pictures: Sequence[RGB]) -> NDArray[np.float32]:
        """Local features on a grid over each picture as the encoder saw it.

        Returns:
            An (N, rows, columns, channels) float32 array, not normalised.
        """
        ...


class EncoderError(Exception):
    """An encoder cannot be installed, loaded or used; the message says what to do."""


class EncoderUnknown(EncoderError):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"There is no encoder {name!r}: {reason}. Names are `bundled` and "
            "`open_clip:ARCHITECTURE/TAG`; `mizugiwa encoder list` shows them."
        )


class EncoderNotInstalled(EncoderError):
    def __init__(self, name: str, directory: object) -> None:
        super().__init__(
            f"Encoder {name!r} is not installed in {directory}. Install it with "
            f"`mizugiwa encoder pull {name}`, or from a checkpoint with `mizugiwa encoder export`."
        )


class EncoderDamaged(EncoderError):
    """A file of an installed encoder is missing, unreadable or not the one that was installed."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}. Delete the folder it is in and install the encoder again.")


class ParityTooLow(EncoderError):
    """No allowed precision came near enough to torch fp32; nothing was installed."""

    def __init__(self, name: str, bar: float, measured: Mapping[str, float]) -> None:
        self.measured = measured
        numbers = ", ".join(f"{precision} {cosine:.6f}" for precision, cosine in measured.items())
        super().__init__(
            f"{name} was not installed: its cosine to torch fp32 must be at least {bar} on every picture, "
            f"but the worst was {numbers}. Allow another precision, or check the checkpoint."
        )


class EncoderBusy(EncoderError):
    """The queue of pictures is full: ask again after `retry_after` seconds."""

    def __init__(self, waiting: int, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"{waiting} pictures are waiting for the encoder. Retry in {retry_after} s.")


class EncoderTooSlow(EncoderError):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"The encoder did not come to these pictures within {seconds:g} s. Retry later.")


class EncoderClosed(EncoderError):
    def __init__(self) -> None:
        super().__init__("The encoder was closed; load it again.")


class FingerprintMismatch(ValueError):
    """Vectors of two encoders were about to meet."""

    def __init__(self, expected: str, got: str) -> None:
        self.expected, self.got = expected, got
        super().__init__(
            f"Vectors of encoder fingerprint {got} cannot be compared with stored vectors of {expected}. "
            "Run `mizugiwa reindex --encoder NAME` to re-embed the references with the encoder you want, "
            "or set MIZUGIWA_ENCODER back to the one that made the stored vectors."
        )
