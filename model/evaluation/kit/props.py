"""What gets between camera and product: fingers, price stickers, tape, receipts."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.evaluation.kit.brands import Colour
from model.evaluation.kit.fonts import TextFace
from model.evaluation.kit.paint import fill, mixed, rectangle, text

Picture = NDArray[np.uint8]
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
    skin_tones = ((1.0, 0.3), (0.93, 0.12), (0.72, 0.0), (0.38, -0.1))
    bend, flare = float(rng.uniform(-0.5, 0.5)), float(rng.uniform(2.2, 3.2))
    outlines = [_hand(tip, inward, width, grow, bend, flare) for grow, _ in skin_tones]
    colours = [
        mixed(skin, (40, 16, 8) if shade > 0 else (255, 246, 236), abs(shade)) for _, shade in skin_tones
    ]
    _blend(picture, outlines, colours, max(1.0, width / 9))
    nail = [_oval(tip + inward * width * ahead, inward, width * long, width * wide)
            for ahead, long, wide in ((0.3, 0.62, 0.55), (0.3, 0.56, 0.49), (0.66, 0.2, 0.4))]  # fmt: skip
    rosy = mixed(skin, (255, 222, 216), 0.55)
    _blend(picture, nail, [mixed(skin, (60, 20, 12), 0.22), rosy, mixed(rosy, (255, 252, 248), 0.5)], 1.0)


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
    left, top, right, bottom = _bounds(picture, rim, 2)
    if right - left < 2 or bottom - top < 2:
        return
    size = (right - left, bottom - top)
    warp = np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]]) @ warp
    cover = np.zeros((bottom - top, right - left), np.uint8)
    fill(cover, rim - (left, top), round(255 * opacity))
    _mix(picture[top:bottom, left:right], cv2.warpPerspective(paper, warp, size, flags=cv2.INTER_AREA), cover)


def _hand(
    tip: NDArray[np.float64],
    inward: NDArray[np.float64],
    width: float,
    grow: float,
    bend: float,
    flare: float,
) -> NDArray[np.float64]:
    """A finger from its tip, swelling at the joint, into the back of a hand that leaves the picture.

    Args:
        width: half that of the finger at its tip.
        grow: share of the width; smaller outlines inside larger ones shade it.
        bend: how far the hand lies off the finger's line, in hand widths.
        flare: half the hand's width, in those of the finger.
    """
    down = np.append(np.linspace(0, 11, 34), 60.0)
    widening = np.clip((down - 4.5) / 5.5, 0, 1)
    widening = widening * widening * (3 - 2 * widening)
    joint = 0.06 * np.exp(-(((down - 3.6) / 0.8) ** 2))
    half = grow + 0.03 * np.minimum(down, 6) + joint + (flare - 1.2) * widening
    aside = np.clip((down - 4) / 5, 0, 1) ** 2 * bend * flare
    turns = np.linspace(np.pi / 2, -np.pi / 2, 24)[1:-1]
    side = np.array([-inward[1], inward[0]])
    cap = np.outer(np.cos(turns), inward) * 1.05 + np.outer(np.sin(turns), side)
    left = np.outer(-down, inward) + np.outer(aside + half, side)
    right = np.outer(-down, inward) + np.outer(aside - half, side)
    outline: NDArray[np.float64] = tip + np.vstack([left[::-1], cap * grow, right]) * width
    return outline


def _oval(
    centre: NDArray[np.float64], ahead: NDArray[np.float64], long: float, wide: float
) -> NDArray[np.float64]:
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    side = np.array([-ahead[1], ahead[0]])
    outline: NDArray[np.float64] = (
        centre + np.outer(np.cos(turns), ahead) * long + np.outer(np.sin(turns), side) * wide
    )
    return outline


def _blend(
    picture: Picture, outlines: Sequence[NDArray[np.float64]], colours: Sequence[Colour], softness: float
) -> None:
    """Paint outlines over one another, the first being the largest, with soft edges."""
    left, top, right, bottom = _bounds(picture, outlines[0], 8)
    if right - left < 2 or bottom - top < 2:
        return
    cover = np.zeros((bottom - top, right - left), np.uint8)
    skin = np.full((bottom - top, right - left, 3), colours[0], np.uint8)
    inside = [np.clip(outline - (left, top), -4000, 4000) for outline in outlines]
    fill(cover, inside[0], 255)
    for outline, colour in zip(inside[1:], colours[1:], strict=True):
        fixed = np.round(outline * 16).astype(np.int32)
        cv2.fillPoly(skin, [fixed], colour, cv2.LINE_AA, 4)
    skin = cv2.GaussianBlur(skin, (0, 0), softness)
    _mix(picture[top:bottom, left:right], skin, cv2.GaussianBlur(cover, (0, 0), 1.5))


def _bounds(picture: Picture, outline: NDArray[np.float64], margin: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the part of the picture that holds the outline."""
    limits = picture.shape[1::-1]
    left, top = np.clip(np.floor(outline.min(axis=0)).astype(int) - margin, 0, limits)
    right, bottom = np.clip(np.ceil(outline.max(axis=0)).astype(int) + margin, 0, limits)
    return int(left), int(top), int(right), int(bottom)


def _mix(part: Picture, over: NDArray[np.uint8], cover: NDArray[np.uint8]) -> None:
    """Lay a picture over part of another where `cover` is 255, and none of it where it is 0."""
    covered = cv2.merge([cover] * 3)
    below = cv2.multiply(part, cv2.bitwise_not(covered), scale=1 / 255)
    part[:] = cv2.add(below, cv2.multiply(over, covered, scale=1 / 255))
