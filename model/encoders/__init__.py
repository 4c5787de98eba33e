"""Pictures to vectors: the contract, the registry, the encoders."""

from model.encoders.base import (
    RGB,
    Encoder,
    EncoderDamaged,
    EncoderError,
    EncoderInfo,
    EncoderNotInstalled,
    EncoderUnknown,
    FingerprintMismatch,
    PatchEncoder,
    TextEncoder,
    Vectors,
)
from model.encoders.registry import load

__all__ = [
    "RGB",
    "Encoder",
    "EncoderDamaged",
    "EncoderError",
    "EncoderInfo",
    "EncoderNotInstalled",
    "EncoderUnknown",
    "FingerprintMismatch",
    "PatchEncoder",
    "TextEncoder",
    "Vectors",
    "load",
]
