"""From the bytes of one picture to its vector, as enrolment and checks would make it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.encoders import RGB, BatchingEncoder, Encoder, EncoderInfo
from model.images import decode
from service.decoding import MAX_SIDE
from service.runtime import Runtime


@dataclass(frozen=True, eq=False)
class Embedded:
    """`vector` has the shape (D,)."""

    info: EncoderInfo
    vector: NDArray[np.float32]


async def embed(runtime: Runtime, data: bytes) -> Embedded:
    """The vector by the encoder that serves now; the event loop only waits.

    Raises:
        PictureError: the bytes are not a picture.
        EncoderBusy: more pictures wait for the encoder than the settings allow.
        EncoderTooSlow: the encoder did not come to it in time.
        IndexNotReady: the service is still starting.
    """
    loop = asyncio.get_running_loop()
    encoder, pixels = await loop.run_in_executor(runtime.pool, _prepared, runtime, data)
    if isinstance(encoder, BatchingEncoder):
        vectors = await encoder.encode_async([pixels])
    else:
        vectors = await loop.run_in_executor(runtime.pool, encoder.encode, [pixels])
    return Embedded(encoder.info, vectors[0])


def _prepared(runtime: Runtime, data: bytes) -> tuple[Encoder, RGB]:
    picture = decode(data, runtime.picture_limits, max_side=MAX_SIDE)
    return runtime.vectors.serving().encoder, picture.pixels
