"""Swing tags: rounded card, eyelet and string around the tag's print."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.kit import products
from model.evaluation.kit.brands import KitProduct
from model.evaluation.kit.containers import Sprite
from model.evaluation.kit.defects import Recipe

_HEAD = 0.34
"""Room above the card for its string, in shares of the card's height."""


def swing_tag(product: KitProduct, recipe: Recipe) -> Sprite:
    """The tag with its string, lying flat."""
    rng = np.random.default_rng([product.art_seed, 17])
    size, print_ = products.size_of(product), products.front(product, recipe)
    height, width = print_.shape[:2]
    head = round(height * _HEAD)
    rgb = np.full((height + head, width, 3), 120, np.uint8)
    rgb[head:] = print_
    alpha = np.zeros((height + head, width), np.uint8)
    alpha[head:] = _card(width, height)
    eyelet = (width // 2, head + round(height * 0.055))
    _eyelet(rgb, eyelet, width // 20)
    _string(rgb, alpha, eyelet, rng)
    texture = np.dstack([rgb, alpha])
    hull = np.array([[0, _HEAD / (1 + _HEAD)], [1, _HEAD / (1 + _HEAD)], [1, 1], [0, 1]])
    return texture, size.width, size.height * (1 + _HEAD), 0.3, hull


def _card(width: int, height: int) -> NDArray[np.uint8]:
    mask = np.zeros((height, width), np.uint8)
    radius = width // 14
    cv2.rectangle(mask, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    for x in (radius, width - 1 - radius):
        for y in (radius, height - 1 - radius):
            cv2.circle(mask, (x, y), radius, 255, -1, cv2.LINE_AA)
    return mask


def _eyelet(rgb: NDArray[np.uint8], at: tuple[int, int], radius: int) -> None:
    cv2.circle(rgb, at, round(radius * 1.7), (186, 150, 86), -1, cv2.LINE_AA)
    cv2.circle(rgb, at, round(radius * 1.25), (222, 192, 132), -1, cv2.LINE_AA)
    cv2.circle(rgb, at, radius, (52, 46, 40), -1, cv2.LINE_AA)


def _string(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], at: tuple[int, int], rng: np.random.Generator
) -> None:
    colours = ((232, 224, 206), (40, 40, 44), (156, 108, 62), (178, 40, 48))
    colour = colours[int(rng.integers(len(colours)))]
    turns = np.linspace(-np.pi / 2, 1.5 * np.pi, 60)
    reach, lean = at[1] * 0.46, float(rng.uniform(-0.3, 0.3))
    x = at[0] + np.cos(turns) * reach * 0.5 + (at[1] - (at[1] - reach + np.sin(turns) * -reach)) * lean
    y = at[1] - reach + np.sin(turns) * -reach
    loop = np.round(np.column_stack([x, y])).astype(np.int32)
    thick = max(3, rgb.shape[1] // 75)
    cv2.polylines(rgb, [loop], True, colour, thick, cv2.LINE_AA)
    cv2.polylines(alpha, [loop], True, 255, thick, cv2.LINE_AA)
