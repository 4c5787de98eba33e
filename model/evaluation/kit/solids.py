"""Products as things: printed faces in space, for cartons, bottles with a label, swing tags and shoe boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.kit import products
from model.evaluation.kit.brands import KitProduct, ProductKind
from model.evaluation.kit.camera import turned
from model.evaluation.kit.containers import bottle
from model.evaluation.kit.defects import Recipe
from model.evaluation.kit.tags import swing_tag


@dataclass(frozen=True, eq=False)
class Face:
    texture: NDArray[np.uint8]
    """RGBA, colours multiplied by alpha, shape (height, width, 4)."""
    corners: NDArray[np.float64]
    """(4, 3) centimetres: top left, top right, bottom right, bottom left of the texture."""


@dataclass(frozen=True, eq=False)
class Solid:
    """A thing on the stage, its middle at the origin, its front at the largest z."""

    faces: tuple[Face, ...]
    """Back to front is not kept; each is seen only from outside."""
    outline: NDArray[np.float64]
    """(N, 3) points whose convex hull holds the thing: for shadows and for the quad around it."""
    front: NDArray[np.float64]
    """(4, 3) corners of the printed front."""

    def placed(self, move: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Solid:
        """The same thing elsewhere."""
        faces = tuple(replace(face, corners=move(face.corners)) for face in self.faces)
        return Solid(faces, move(self.outline), move(self.front))

    def swung(self, axis: int, angle: float, offset: NDArray[np.float64]) -> Solid:
        """Turned about an axis of the stage, then shifted."""
        return self.placed(lambda points: turned(points, axis, angle) + offset)


@lru_cache(maxsize=128)
def solid(product: KitProduct, recipe: Recipe) -> Solid:
    """The product, printed by the recipe."""
    if product.kind is ProductKind.LABEL:
        return _flat(*bottle(product, recipe))
    if product.kind is ProductKind.TAG:
        return _flat(*swing_tag(product, recipe))
    size = products.size_of(product)
    drawn = (products.front, products.side, products.top, products.bottom)
    return cuboid((size.width, size.height, size.depth), *(draw(product, recipe) for draw in drawn))


def cuboid(
    size: tuple[float, float, float],
    front: NDArray[np.uint8],
    side: NDArray[np.uint8],
    top: NDArray[np.uint8],
    bottom: NDArray[np.uint8],
) -> Solid:
    """A box with its front, both sides, its top and its underside printed in RGB; its back is never seen."""
    x, y, z = (length / 2 for length in size)
    corner = np.array([[[[-x, -y, -z], [-x, -y, z]], [[-x, y, -z], [-x, y, z]]],
                       [[[x, -y, -z], [x, -y, z]], [[x, y, -z], [x, y, z]]]])  # fmt: skip
    faces = (
        Face(opaque(top), np.array([corner[0, 1, 0], corner[1, 1, 0], corner[1, 1, 1], corner[0, 1, 1]])),
        Face(opaque(bottom), np.array([corner[0, 0, 1], corner[1, 0, 1], corner[1, 0, 0], corner[0, 0, 0]])),
        Face(opaque(side), np.array([corner[1, 1, 1], corner[1, 1, 0], corner[1, 0, 0], corner[1, 0, 1]])),
        Face(opaque(side), np.array([corner[0, 1, 0], corner[0, 1, 1], corner[0, 0, 1], corner[0, 0, 0]])),
        Face(opaque(front), np.array([corner[0, 1, 1], corner[1, 1, 1], corner[1, 0, 1], corner[0, 0, 1]])),
    )
    return Solid(faces, corner.reshape(-1, 3), faces[-1].corners)


def opaque(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2RGBA), np.uint8)


def _flat(
    texture: NDArray[np.uint8], width: float, height: float, depth: float, hull: NDArray[np.float64]
) -> Solid:
    """A thing without printed sides: one picture of it, standing in for it.

    Args:
        depth: how far its face stands off the table; gives the shadow its length.
        hull: (N, 2) outline in shares of the texture.
    """
    x, y, z = width / 2, height / 2, depth / 2
    alpha = cv2.merge([cv2.extractChannel(texture, 3)] * 3)
    shown = cv2.multiply(cv2.cvtColor(texture, cv2.COLOR_RGBA2RGB), alpha, scale=1 / 255)
    texture = np.dstack([shown, texture[..., 3]])
    corners = np.array([[-x, y, z], [x, y, z], [x, -y, z], [-x, -y, z]])
    rim = np.column_stack([(hull[:, 0] - 0.5) * width, (0.5 - hull[:, 1]) * height, np.full(len(hull), z)])
    return Solid((Face(texture, corners),), rim, corners)
