"""The few weights that turn the bundled network's middle features into boxes, and where they were fitted."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).parent / "proposer.json"
OUTPUTS = 5
"""For each cell: objectness, and the distances to the left, top, right and bottom of the box, all before their
sigmoid or exponential (Tian et al., "FCOS", ICCV 2019)."""


@dataclass(frozen=True, eq=False)
class Head:
    """A 3 × 3 convolution to H channels, ReLU6, and a 1 × 1 convolution, over C standardised channels."""

    mean: NDArray[np.float16]
    """Shape (C,)."""
    deviation: NDArray[np.float16]
    """Shape (C,)."""
    inner: NDArray[np.float16]
    """Shape (H, C, 3, 3)."""
    inner_bias: NDArray[np.float16]
    outer: NDArray[np.float16]
    """Shape (5, H, 1, 1)."""
    outer_bias: NDArray[np.float16]
    source: str
    """The command, data and seed that it came from."""

    def save(self, path: Path) -> None:
        arrays = {name: _text(value) for name, value in vars(self).items() if name != "source"}
        path.write_text(json.dumps({"source": self.source} | arrays, indent=1) + "\n")


@cache
def shipped_head() -> Head:
    """What comes with the product."""
    return load_head(SHIPPED)


def load_head(path: Path) -> Head:
    """Raises: ValueError: the file is not what `save` wrote."""
    try:
        document = json.loads(path.read_text())
        source = str(document.pop("source"))
        return Head(**{name: _array(value) for name, value in document.items()}, source=source)
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(
            f"{path} holds no weights ({error}); fit them anew with `mizugiwa fit-regions`."
        ) from None


def _text(array: NDArray[np.float16]) -> dict[str, Any]:
    return {
        "shape": list(array.shape),
        "float16": base64.b64encode(array.astype("<f2").tobytes()).decode(),
    }


def _array(document: dict[str, Any]) -> NDArray[np.float16]:
    flat = np.frombuffer(base64.b64decode(document["float16"], validate=True), "<f2")
    return flat.reshape(document["shape"]).astype(np.float16)
