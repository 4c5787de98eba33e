"""How often everyday pictures look like a mark: measured when it is registered."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).with_name("everyday.npz")
_RARE = 0.001
"""Share of everyday windows that are more like a view than what is usual for it."""
_STEPS = 127.0
"""Of a number of a descriptor, from 0 to 1, as it is kept."""

Floats = NDArray[np.float32]


def usual(descriptors: Floats) -> Floats:
    """The cosine that one everyday window in a thousand has with each (T, D) unit descriptor; shape (T,).

    Common shapes, discs and boxes, are like a good part of any room; a look at them has to be that much better.
    """
    return np.asarray(np.quantile(descriptors @ shipped().T, 1 - _RARE, axis=1), np.float32)


@cache
def shipped() -> Floats:
    """Unit descriptors of windows of everyday photos, shape (N, D)."""
    with np.load(SHIPPED, allow_pickle=False) as held:
        return np.asarray(held["windows"], np.float32) / np.float32(_STEPS)


def save(windows: Floats, path: Path = SHIPPED) -> None:
    """Args: windows: unit descriptors, shape (N, D)."""
    np.savez_compressed(path, windows=np.round(windows * _STEPS).astype(np.int8))
