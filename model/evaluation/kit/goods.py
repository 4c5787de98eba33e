"""Goods of nobody: plain packs, and packs of names that no brand of the kit bears."""

from __future__ import annotations

import numpy as np

from model.evaluation.kit.brands import Kit, build_kit
from model.evaluation.kit.defects import genuine
from model.evaluation.kit.solids import Solid, cuboid, solid
from model.evaluation.kit.surfaces import surface

_STRANGERS = 2**32 - 1
"""Seed of the kit that no kit in use shares; its brands are the strangers on background photos."""


def strangers() -> Kit:
    """Twenty brands that are never enrolled, so that retrieval must say no to packs, too."""
    return build_kit(_STRANGERS, 20, 2)


def plain_thing(rng: np.random.Generator) -> Solid:
    """A stranger's product, or an unprinted box."""
    if rng.random() < 0.65:
        products = _STRANGE_PRODUCTS
        product = products[int(rng.integers(len(products)))]
        return solid(product, genuine(product))
    width, height, depth = (float(rng.uniform(*bounds)) for bounds in ((7, 16), (6, 18), (3, 8)))
    skin = surface(rng)
    rows, columns = (int(320 * length / max(width, height)) for length in (height, width))
    front = skin[:rows, :columns]
    lid = front[: max(8, rows // 3)]
    return cuboid((width, height, depth), front, front[:, : max(8, columns // 2)], lid, lid)


_STRANGE_PRODUCTS = strangers().products
