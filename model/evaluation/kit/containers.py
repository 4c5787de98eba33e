"""Bottles, jars and tubs around a label: outline, cap, glass or plastic, and the label bent around them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.kit import products
from model.evaluation.kit.brands import KitProduct
from model.evaluation.kit.defects import Recipe
from model.evaluation.kit.paint import fill

_PIXELS_PER_CM = 70.0

Sprite = tuple[NDArray[np.uint8], float, float, float, NDArray[np.float64]]
"""RGBA texture, width, height and depth in centimetres, and the outline (N, 2) in shares of the texture."""


def bottle(product: KitProduct, recipe: Recipe) -> Sprite:
    """The container that the product's label is stuck on, seen from the front."""
    rng = np.random.default_rng([product.art_seed, 13])
    size = products.size_of(product)
    body_width, shoulder = size.width * 1.16, float(rng.uniform(0.8, 2.6))
    neck, cap = float(rng.uniform(0.42, 0.8)), float(rng.uniform(1.8, 3.2))
    margin = float(rng.uniform(0.5, 1.1))
    tall = cap + shoulder + size.height + 2 * margin
    width, height = round(body_width * _PIXELS_PER_CM), round(tall * _PIXELS_PER_CM)
    profile = _profile(neck, cap / tall, (cap + shoulder) / tall)
    alpha = np.zeros((height, width), np.uint8)
    fill(alpha, profile * (width - 1, height - 1), 255)
    rgb = np.empty((height, width, 3), np.float32)
    rgb[:] = _material(rng)
    rgb[: round(cap * _PIXELS_PER_CM)] = _cap_colour(rng, recipe)
    _ribs(rgb[: round(cap * _PIXELS_PER_CM)], rng)
    _stick(
        rgb,
        _bent(products.front(product, recipe)),
        round((cap + shoulder + margin) * _PIXELS_PER_CM),
        size.height,
    )
    shaded = np.clip(rgb * _roundness(width)[None, :, None] + _gloss(width)[None, :, None], 0, 255)
    return np.dstack([shaded.astype(np.uint8), alpha]), body_width, tall, body_width * 0.5, profile


def _profile(neck: float, cap: float, shoulder: float) -> NDArray[np.float64]:
    bend = np.linspace(0, np.pi / 2, 12)
    slope = np.column_stack(
        [0.5 + neck / 2 + (0.5 - neck / 2) * np.sin(bend), cap + (shoulder - cap) * (1 - np.cos(bend))]
    )
    foot = np.column_stack([0.94 + 0.06 * np.cos(bend), 0.985 + 0.015 * np.sin(bend)])
    lip = np.array([[0.5 + neck / 2 - 0.015, 0.0], [0.5 + neck / 2, 0.008]])
    right = np.vstack([lip, slope, foot])
    outline: NDArray[np.float64] = np.vstack([right, (np.array([1, 0]) + right * [-1, 1])[::-1]])
    return outline


def _material(rng: np.random.Generator) -> NDArray[np.float32]:
    kinds = ((238, 238, 234), (142, 84, 38), (60, 92, 66), (40, 42, 46), (214, 226, 230), (226, 214, 196))
    return np.array(kinds[int(rng.integers(len(kinds)))], np.float32)


def _cap_colour(rng: np.random.Generator, recipe: Recipe) -> NDArray[np.float32]:
    kinds = ((32, 32, 34), (236, 236, 232), (196, 160, 92), recipe.colours.ink)
    return np.array(kinds[int(rng.integers(len(kinds)))], np.float32)


def _ribs(cap: NDArray[np.float32], rng: np.random.Generator) -> None:
    if rng.random() < 0.6:
        angle = np.arcsin(np.linspace(-0.999, 0.999, cap.shape[1]))
        cap *= (1 - 0.16 * (np.sin(angle * 46) > 0.2))[None, :, None].astype(np.float32)
    cap[-5:] *= 0.6


def _bent(label: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle of a label as a cylinder shows it: narrower towards its edges."""
    height, width = label.shape[:2]
    reach = 0.86
    across = np.arcsin(np.linspace(-reach, reach, width)) / np.arcsin(reach)
    x = np.broadcast_to(((across + 1) / 2 * (width - 1)).astype(np.float32), (height, width))
    y = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], (height, width))
    return np.asarray(cv2.remap(label, x, y, cv2.INTER_LINEAR), np.uint8)


def _stick(rgb: NDArray[np.float32], label: NDArray[np.uint8], top: int, height: float) -> None:
    width = round(rgb.shape[1] * 0.9)
    tall = min(round(height * _PIXELS_PER_CM), rgb.shape[0] - top)
    left = (rgb.shape[1] - width) // 2
    rgb[top : top + tall, left : left + width] = cv2.resize(
        label, (width, tall), interpolation=cv2.INTER_AREA
    )
    for edge in (top - 1, top + tall):
        rgb[edge : edge + 1, left : left + width] *= 0.8


def _roundness(width: int) -> NDArray[np.float32]:
    across = np.linspace(-1, 1, width)
    return (0.62 + 0.42 * np.sqrt(np.clip(1 - (across * 0.92 + 0.15) ** 2, 0, 1))).astype(np.float32)


def _gloss(width: int) -> NDArray[np.float32]:
    across = np.linspace(-1, 1, width)
    stripe = np.exp(-(((across + 0.58) / 0.07) ** 2)) * 60 + np.exp(-(((across - 0.72) / 0.05) ** 2)) * 26
    return np.asarray(stripe.astype(np.float32), np.float32)
