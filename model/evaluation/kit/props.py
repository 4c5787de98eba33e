"""What gets between camera and product: fingers, price stickers, tape, receipts."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.evaluation.kit.brands import Colour
from model.evaluation.kit.fonts import TextFace
from model.evaluation.kit.paint import fill, mixed, rectangle, text

Picture = NDArray[np.float32]
Quad = NDArray[np.float64]

_SKINS: tuple[Colour, ...] = (
    (236, 196, 168),
    (214, 164, 130),
    (176, 124, 90),
    (122, 82, 58),
    (246, 214, 190),
)


def occlude(picture: Picture, quad: Quad, rng: np.random.Generator, hardness: float) -> None:
    """Lay up to two things over the product's edge; the harder, the more likely and the larger."""
    for _ in range(2):
        kind, chance = int(rng.integers(3)), float(rng.random())
        child = np.random.default_rng(int(rng.integers(2**31)))
        if chance < 0.62 * hardness:
            (_finger, _sticker, _tape)[kind](picture, quad, child, hardness)


def _finger(picture: Picture, quad: Quad, rng: np.random.Generator, hardness: float) -> None:
    side = int(rng.integers(4))
    edge, along = quad[side], quad[(side + 1) % 4] - quad[side]
    tip = edge + along * rng.uniform(0.15, 0.85)
    inward = quad.mean(axis=0) - tip
    inward /= np.linalg.norm(inward)
    size = min(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[1]))
    width = float(max(size * rng.uniform(0.09, 0.13), min(picture.shape[:2]) * 0.045))
    tip = tip + inward * size * float(rng.uniform(0.04, 0.10 + 0.12 * hardness))
    skin = _SKINS[int(rng.integers(len(_SKINS)))]
    root = tip - inward * (2.2 * max(picture.shape))
    for grow, shade in ((1.0, 0.3), (0.93, 0.12), (0.72, 0.0), (0.35, -0.12)):
        colour = mixed(skin, (40, 16, 8), shade) if shade >= 0 else mixed(skin, (255, 246, 236), -shade)
        _blend(picture, _capsule(tip, root, width * grow), colour, 2.5)
    nail = _capsule(tip + inward * width * 0.45, tip - inward * width * 0.25, width * 0.5)
    _blend(picture, nail, mixed(skin, (255, 226, 222), 0.5), 1.2)


def _sticker(picture: Picture, quad: Quad, rng: np.random.Generator, hardness: float) -> None:
    paper = ((252, 226, 60), (250, 250, 246), (250, 120, 60))[int(rng.integers(3))]
    canvas = Image.new("RGB", (180, 110), paper)
    rectangle(canvas, (0, 0, 1, 0.24), (206, 40, 44))
    shout = ("SALE", "送料無料", "新品", "値下げ")[int(rng.integers(4))]
    text(canvas, (0.05, 0.03, 0.95, 0.21), shout, TextFace.JAPANESE, (255, 255, 255))
    text(
        canvas,
        (0.06, 0.36, 0.94, 0.86),
        f"¥{int(rng.integers(3, 99)) * 100 - 20:,}",
        TextFace.BLACK,
        (30, 30, 30),
    )
    _lay(picture, quad, np.asarray(canvas), rng, float(rng.uniform(0.12, 0.17 + 0.08 * hardness)))


def _tape(picture: Picture, quad: Quad, rng: np.random.Generator, hardness: float) -> None:
    tone = np.array(((214, 196, 150), (232, 232, 228), (150, 190, 206))[int(rng.integers(3))], np.uint8)
    strip = np.broadcast_to(tone, (60, 320, 3)).copy()
    strip[::7] = strip[::7] * 0.94
    _lay(picture, quad, strip, rng, float(rng.uniform(0.24, 0.3 + 0.2 * hardness)), opacity=0.78)


def _lay(
    picture: Picture,
    quad: Quad,
    paper: NDArray[np.uint8],
    rng: np.random.Generator,
    share: float,
    opacity: float = 1.0,
) -> None:
    """Stick paper onto a random place of the quad, `share` of the quad's shorter side wide."""
    place = (
        quad[0] + (quad[1] - quad[0]) * rng.uniform(0.1, 0.9) + (quad[3] - quad[0]) * rng.uniform(0.1, 0.9)
    )
    width = share * min(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[1]))
    height = width * paper.shape[0] / paper.shape[1]
    angle = np.arctan2(*(quad[1] - quad[0])[::-1]) + rng.normal(0, 0.22)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    rim = (
        np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2 @ turn + place
    )
    source = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * paper.shape[1::-1]
    warp = cv2.getPerspectiveTransform(source.astype(np.float32), rim.astype(np.float32))
    seen = cv2.warpPerspective(paper, warp, picture.shape[1::-1], flags=cv2.INTER_AREA)
    mask = np.zeros(picture.shape[:2], np.uint8)
    fill(mask, rim, 255)
    cover = mask[..., None].astype(np.float32) * (opacity / 255)
    picture *= 1 - cover
    picture += seen * cover


def _capsule(tip: NDArray[np.float64], root: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    ahead = (tip - root) / np.linalg.norm(tip - root)
    heading = np.arctan2(ahead[1], ahead[0])
    turns = heading + np.linspace(-np.pi / 2, np.pi / 2, 24)
    cap = tip + np.column_stack([np.cos(turns), np.sin(turns)]) * width
    side = np.array([-ahead[1], ahead[0]]) * width
    outline: NDArray[np.float64] = np.vstack([cap, root + side, root - side])
    return outline


def _blend(picture: Picture, outline: NDArray[np.float64], colour: Colour, softness: float) -> None:
    height, width = picture.shape[:2]
    left, top = np.clip(np.floor(outline.min(axis=0)).astype(int) - 8, 0, (width, height))
    right, bottom = np.clip(np.ceil(outline.max(axis=0)).astype(int) + 8, 0, (width, height))
    if right - left < 2 or bottom - top < 2:
        return
    mask = np.zeros((bottom - top, right - left), np.uint8)
    fill(mask, np.clip(outline - (left, top), -4000, 4000), 255)
    cover = cv2.GaussianBlur(mask, (0, 0), softness).astype(np.float32)[..., None] / 255
    part = picture[top:bottom, left:right]
    part *= 1 - cover
    part += np.array(colour, np.float32) * cover
