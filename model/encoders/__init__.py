"""Pictures to vectors: the contract, the registry, the encoders. Importing this does not import torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.encoders.artifacts import Installed
from model.encoders.base import (
    RGB,
    Encoder,
    EncoderBusy,
    EncoderClosed,
    EncoderDamaged,
    EncoderError,
    EncoderInfo,
    EncoderNotInstalled,
    EncoderTooSlow,
    EncoderUnknown,
    FingerprintMismatch,
    ParityTooLow,
    PatchEncoder,
    Vectors,
)
from model.encoders.batching import BatchingEncoder
from model.encoders.dense import DenseEncoder, dense_of
from model.encoders.registry import installed, load, select

if TYPE_CHECKING:
    from model.encoders.clip_export import export_open_clip

__all__ = [
    "RGB",
    "BatchingEncoder",
    "DenseEncoder",
    "Encoder",
    "EncoderBusy",
    "EncoderClosed",
    "EncoderDamaged",
    "EncoderError",
    "EncoderInfo",
    "EncoderNotInstalled",
    "EncoderTooSlow",
    "EncoderUnknown",
    "FingerprintMismatch",
    "Installed",
    "ParityTooLow",
    "PatchEncoder",
    "Vectors",
    "dense_of",
    "export_open_clip",
    "installed",
    "load",
    "select",
]


def __getattr__(name: str) -> Any:
    if name == "export_open_clip":  # needs torch, which the serving path must not import
        from model.encoders.clip_export import export_open_clip

        return export_open_clip
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
