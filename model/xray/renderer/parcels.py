"""Synthetic parcels of which it is known what is in them: alike items among others, under tape and folds."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from model.encoders.base import RGB
from model.xray.attenuation import Attenuation, Material, grey, pseudo_colour
from model.xray.renderer.clutter import add_thing, clutter
from model.xray.renderer.items import KINDS, Design, Pose, new_design, place

_TRIES = 400


@dataclass(frozen=True, eq=False)
class RenderedParcel:
    """A capture and the truth about it."""

    attenuation: Attenuation
    kind: str
    alike: int
    """Items of one design."""
    others: int
    """Things beside them."""
    design: Design
    poses: tuple[Pose, ...]

    def picture(self, *, colour: bool, rng: np.random.Generator, noise: float = 1.5) -> RGB:
        """As a scanner shows it, with the noise of its detector: standard deviation in levels of 255."""
        shown = pseudo_colour(self.attenuation) if colour else grey(self.attenuation)
        grain = rng.normal(0.0, noise, shown.shape[:2])[:, :, np.newaxis]
        return np.clip(shown + grain + 0.5, 0, 255).astype(np.uint8)


def render_parcel(
    rng: np.random.Generator,
    alike: int,
    others: int = 4,
    *,
    kind: str | None = None,
    side: int = 512,
    overlap: float = 0.15,
) -> RenderedParcel:
    """Pack `alike` items of one design and `others` beside them.

    Args:
        overlap: how far items may reach into each other, in shares of their size; where there is no room
            left they lie over each other as they come.
    """
    scene = clutter(side, side, rng, 0, folds=6)
    _walls(scene, rng)
    design = new_design(kind or KINDS[int(rng.integers(len(KINDS)))], rng)
    size = side * min(0.13, 0.40 / np.sqrt(alike + others)) * rng.uniform(0.85, 1.1)
    poses = _spread(rng, design, alike, side, size, overlap)
    for pose in poses:
        place(scene, design, pose)
    for _ in range(others):
        add_thing(scene, rng, largest=0.2)
    blurred = [cv2.GaussianBlur(plane, (0, 0), 0.7) for plane in (scene.low, scene.high)]
    attenuation = Attenuation(blurred[0].astype(np.float32), blurred[1].astype(np.float32))
    return RenderedParcel(attenuation, design.kind, alike, others, design, tuple(poses))


def _spread(
    rng: np.random.Generator, design: Design, count: int, side: int, size: float, overlap: float
) -> list[Pose]:
    """Poses within the walls; each is drawn until it is far enough from all others, for a while."""
    found: list[Pose] = []
    margin, apart = side * 0.1 + size * 0.6, 2 * size * design.reach * (1 - overlap)
    for _ in range(count):
        best, distance = np.zeros(2), -1.0
        for _ in range(_TRIES):
            at = rng.uniform(margin, side - margin, 2)
            nearest = min((float(np.hypot(at[0] - p.x, at[1] - p.y)) for p in found), default=np.inf)
            if nearest > distance:
                best, distance = at, nearest
            if nearest >= apart:
                break
        turned = rng.uniform(0, 360)
        found.append(Pose(float(best[0]), float(best[1]), size, turned, rng.uniform(0.94, 1.0)))
    return found


def _walls(scene: Attenuation, rng: np.random.Generator) -> None:
    """A carton: thin cardboard, thicker seen along its sides."""
    height, width = scene.low.shape
    inset = round(width * rng.uniform(0.02, 0.06))
    board = np.zeros((height, width), np.float32)
    cv2.rectangle(board, (inset, inset), (width - inset, height - inset), 0.25, -1)
    cv2.rectangle(board, (inset, inset), (width - inset, height - inset), 1.2, max(2, inset // 3))
    low, high = Material.ORGANIC.value
    np.add(scene.low, board * np.float32(low), out=scene.low)
    np.add(scene.high, board * np.float32(high), out=scene.high)
