"""What a caller gets for a picture."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ShownEmbedding(BaseModel):
    """Compare it only with vectors of the same fingerprint."""

    encoder: str
    fingerprint: str = Field(description="What the vector depends on, in 16 hexadecimal digits.")
    dimension: int
    embedding: str = Field(
        description="Base64 of `dimension` little-endian 32-bit floats, of Euclidean length 1, bit by bit."
    )
