"""Pictures with marks in them: printed on worn cloth, or on the kit's products; seeded, with the true box."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.encoders.base import RGB
from model.evaluation.kit import KitBrand
from model.evaluation.kit.brands import Colour
from model.evaluation.kit.fonts import Typeface, font
from model.evaluation.kit.marks import mark_layers

CAPITALS = frozenset({Typeface.BEBAS, Typeface.FJALLA, Typeface.RUSSO, Typeface.ABRIL})
_SIZE = 110
_PAD = 24
_TRIES = 40
_PLACES = 12
_APART = 45.0
_SHADING = 0.7
"""Exponent: a print hides some of the pattern of the cloth, and takes most of its folds."""


@dataclass(frozen=True, eq=False)
class Artwork:
    """A mark as masks, to be printed in any colours."""

    masks: NDArray[np.float32]
    """Shape (H, W, L), 0 to 1."""

    @property
    def aspect(self) -> float:
        return float(self.masks.shape[1] / self.masks.shape[0])

    def stretched(self, across: float, down: float) -> Artwork:
        height, width = self.masks.shape[:2]
        size = max(1, round(width * across)), max(1, round(height * down))
        drawn = cv2.resize(self.masks, size, interpolation=cv2.INTER_AREA)
        return Artwork(drawn.reshape(size[1], size[0], -1))


@dataclass(frozen=True, eq=False)
class MarkedPicture:
    pixels: RGB
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels: the corners of the mark."""


def figure(brand: KitBrand) -> Artwork:
    return _cut(Artwork(_shares(np.stack(mark_layers(brand), axis=-1))))


def word(brand: KitBrand, spelling: str | None = None, face: Typeface | None = None) -> Artwork:
    """The brand's name as it prints it, or in another spelling or face."""
    text = spelling or brand.name
    text = text.upper() if brand.typeface in CAPITALS else text
    set_in = font(face or brand.typeface, _SIZE)
    left, top, right, bottom = (int(edge) for edge in set_in.getbbox(text))
    canvas = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(canvas).text((-left, -top), text, fill=255, font=set_in)
    return _cut(Artwork(_shares(np.asarray(canvas)[..., None])))


def alone(artwork: Artwork, inks: tuple[Colour, ...], ground: Colour = (255, 255, 255)) -> RGB:
    """As a brand would send it to have it registered: flat, on a ground of one colour."""
    padded = np.pad(artwork.masks, ((_PAD, _PAD), (_PAD, _PAD), (0, 0)))
    picture = np.full((*padded.shape[:2], 3), ground, np.float32)
    for at, ink in zip(range(padded.shape[2]), inks, strict=False):
        share = padded[:, :, at : at + 1]
        picture = picture * (1 - share) + np.array(ink, np.float32) * share
    return np.asarray(picture.round(), np.uint8)


def on_cloth(photo: RGB, artwork: Artwork, size: float, rng: np.random.Generator) -> MarkedPicture:
    """Print a mark on the cloth in the middle of a photo of somebody's clothes.

    Turned by up to 12°, in a slight perspective, bent by a few per cent as cloth bends, in inks that take the shading
    and the weave of the cloth.

    Args:
        size: the mark's longer side as a share of the picture's longer side.
    """
    height, width = photo.shape[:2]
    quad = _quad(photo, artwork, size * max(height, width), rng)
    masks = _laid(artwork, quad, (height, width), rng)
    body = masks[:, :, 0] > 0.5
    cloth = photo.astype(np.float32)
    ground = cloth[body].mean(axis=0) if body.any() else cloth.mean(axis=(0, 1))
    shade = cv2.GaussianBlur(cloth.mean(axis=2), (0, 0), 1.0) / max(20.0, float(ground.mean()))
    for at, ink in zip(range(masks.shape[2]), _inks(ground, masks.shape[2], rng), strict=True):
        printed = np.clip(ink * np.clip(shade, 0.45, 1.6)[..., None] ** _SHADING, 0, 255)
        share = masks[:, :, at : at + 1] * 0.94
        cloth = cloth * (1 - share) + printed * share
    grain = rng.normal(0, 2.0, (height, width, 1))
    quality = int(rng.integers(70, 93))
    coded = cv2.imencode(
        ".jpg", np.clip(cloth + grain, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return MarkedPicture(np.asarray(cv2.imdecode(coded[1], cv2.IMREAD_COLOR), np.uint8), quad)


def _shares(masks: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(masks / 255, np.float32)


def _cut(artwork: Artwork) -> Artwork:
    covered = artwork.masks.max(axis=2) > 0.5
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    return Artwork(artwork.masks[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _quad(photo: RGB, artwork: Artwork, longer: float, rng: np.random.Generator) -> NDArray[np.float64]:
    height, width = photo.shape[:2]
    across = longer if artwork.aspect >= 1 else longer * artwork.aspect
    down = across / artwork.aspect
    corners = np.array([[-across, -down], [across, -down], [across, down], [-across, down]]) / 2
    corners = corners + rng.uniform(-0.035, 0.035, (4, 2)) * min(across, down)
    angle = np.deg2rad(rng.uniform(-12, 12))
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    reach = np.abs(turned).max(axis=0) + 2
    low, high = np.array([0.3, 0.25]) * (width, height), np.array([0.7, 0.75]) * (width, height)
    places = np.clip(rng.uniform(low, high, (_PLACES, 2)), np.minimum(reach, [width / 2, height / 2]),
                     np.maximum([width, height] - reach, [width / 2, height / 2]))  # fmt: skip
    unevenness = [_unevenness(photo, middle, reach) for middle in places]
    return np.asarray(turned + places[int(np.argmin(unevenness))], np.float64)


def _unevenness(photo: RGB, middle: NDArray[np.float64], reach: NDArray[np.float64]) -> float:
    """Of what lies around a place: nobody prints across the edge of a garment."""
    left, top = np.maximum(middle - reach, 0).astype(int)
    right, bottom = np.ceil(middle + reach).astype(int)
    part = cv2.resize(photo[top:bottom, left:right], (8, 8), interpolation=cv2.INTER_AREA)
    return float(part.reshape(-1, 3).std(axis=0).mean())


def _laid(
    artwork: Artwork, quad: NDArray[np.float64], shape: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.float32]:
    """The masks where the quad is, bent along a slow wave; shape (H, W, L)."""
    down, across = artwork.masks.shape[:2]
    factor = min(1.0, 2.0 * np.linalg.norm(quad[1] - quad[0]) / across)
    small = artwork.stretched(factor, factor).masks if factor < 1 else artwork.masks
    down, across = small.shape[:2]
    flat = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    back = np.linalg.inv(cv2.getPerspectiveTransform(flat, quad.astype(np.float32)))
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float64)
    places = np.stack([columns, rows, np.ones(shape)], axis=-1) @ back.T
    x, y = places[..., 0] / places[..., 2], places[..., 1] / places[..., 2]
    depth, phase = rng.uniform(0, 0.025) * min(across, down), rng.uniform(0, 2 * np.pi, 2)
    x = x + depth * np.sin(y / down * 2 * np.pi * rng.uniform(0.5, 1.3) + phase[0])
    y = y + depth * np.sin(x / across * 2 * np.pi * rng.uniform(0.5, 1.3) + phase[1])
    drawn = cv2.remap(small, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    return np.asarray(drawn.reshape(*shape, -1), np.float32)


def _inks(ground: NDArray[np.floating], count: int, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """The first stands out from the cloth, each other from the one under it."""
    inks: list[NDArray[np.float64]] = []
    under = np.asarray(ground, np.float64)
    for _ in range(count):
        drawn = rng.uniform(10, 250, (_TRIES, 3))
        apart = np.abs(drawn.mean(axis=1) - under.mean())
        inks.append(
            drawn[int(np.argmax(apart >= _APART)) if (apart >= _APART).any() else int(apart.argmax())]
        )
        under = inks[-1]
    return inks
