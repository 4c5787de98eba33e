"""What is found in a picture is the same each time, so it is looked for once in a process, not once in a test."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from hashlib import sha256
from typing import Any

import numpy as np

_PICTURES = 1000


def remembered(look: Callable[..., Any], at: int) -> Callable[..., Any]:
    """The same function, called once for each picture; the picture is its argument number `at`."""
    found: OrderedDict[Hashable, Any] = OrderedDict()

    @wraps(look)
    def call(*given: Any) -> Any:
        pixels = np.ascontiguousarray(given[at])
        key = (pixels.shape, sha256(pixels).digest(), *given[:at], *given[at + 1 :])
        if key not in found:
            found[key] = look(*given)
            if len(found) > _PICTURES:
                found.popitem(last=False)
        return found[key]

    return call
