"""Lays a mark over a picture so exactly that what is left over is what differs.

The picture is explained as a plane of light plus one tone for every layer of the mark, whatever the tones are; the
place is moved by Gauss-Newton steps until least is unexplained ("project out", Baker and Matthews, IJCV 56, 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from model.marks.layers import Layers

MARGIN = 0.1
"""Ground around the mark that is looked at too, as a share of its shorter side."""
_DAMPING = 1e-3
_CLOSE = 0.004
"""Motion, as a share of half the mark's longer side, after which no further step is made."""
_STILL = np.eye(3)
_QUIET = 9.0
"""Variance, grey levels squared, that is noise."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Canvas:
    """A mark at one size, with all that does not depend on the picture."""

    layers: Floats
    """Shape (L, h, w), 0 to 1, margin included."""
    size: tuple[float, float]
    """Width and height of the mark without margin, canvas pixels."""
    origin: tuple[float, float]
    """Where the mark's top left corner lies."""

    @classmethod
    def of(cls, layers: Layers, area: float, *, margin: float = MARGIN) -> Canvas:
        """Args: area: pixels of canvas that the mark itself covers."""
        height = float(np.sqrt(area / layers.aspect))
        width = height * layers.aspect
        around = max(2.0, margin * min(height, width)) if margin else 0.0
        whole = round(width + 2 * around), round(height + 2 * around)
        stack = np.moveaxis(layers.masks, 0, -1).astype(np.float32) / 255
        factors = width / stack.shape[1], height / stack.shape[0]
        sigma = 0.45 / max(factors)
        soft = cv2.GaussianBlur(stack, (0, 0), sigma) if sigma > 0.6 else stack
        matrix = np.array([[factors[0], 0, around], [0, factors[1], around]])
        drawn = cv2.warpAffine(soft, matrix, whole, flags=cv2.INTER_LINEAR)
        return cls(
            np.moveaxis(drawn.reshape(whole[1], whole[0], -1), -1, 0), (width, height), (around, around)
        )

    @property
    def shape(self) -> tuple[int, int]:
        return self.layers.shape[1], self.layers.shape[2]

    @cached_property
    def places(self) -> tuple[Floats, Floats]:
        """Columns and rows of every pixel, −1 to 1 along the longer side, flat."""
        height, width = self.shape
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        half = max(self.shape) / 2
        return ((columns - width / 2) / half).ravel(), ((rows - height / 2) / half).ravel()

    @cached_property
    def light(self) -> Floats:
        """Orthonormal plane of light, shape (P, 3)."""
        x, y = self.places
        return np.asarray(np.linalg.qr(np.stack([np.ones_like(x), x, y], axis=1))[0], np.float32)

    @cached_property
    def ink(self) -> Floats:
        """Orthonormal layers without what the light explains, shape (P, up to L)."""
        flat = self.layers.reshape(len(self.layers), -1).T
        rest = flat - self.light @ (self.light.T @ flat)
        left, strength, _ = np.linalg.svd(rest, full_matrices=False)
        return np.asarray(left[:, strength > 0.02 * strength.max()], np.float32)

    @cached_property
    def tones_of(self) -> Floats:
        """Shape (L + 1, P): carries a picture of nothing but inks to their tones, and that of the ground."""
        flat = self.layers.reshape(len(self.layers), -1)
        return np.asarray(np.linalg.pinv(np.vstack([flat, np.ones_like(flat[:1])]).T, rcond=1e-4), np.float32)

    @cached_property
    def plain(self) -> Floats:
        """Orthonormal shapes that any room is full of, at the mark's place: discs, rings, boxes, plates, bulges."""
        rows, columns = np.mgrid[0 : self.shape[0], 0 : self.shape[1]].astype(np.float32)
        x = (columns - self.origin[0]) / self.size[0] * 2 - 1
        y = (rows - self.origin[1]) / self.size[1] * 2 - 1
        far, along = np.hypot(x, y), np.maximum(np.abs(x), np.abs(y))
        shapes = [far < size for size in (1.0, 0.9, 0.8, 0.7, 0.6, 0.4)] + [
            along < size for size in (1.0, 0.8)
        ]
        shapes += [_polygon(x, y, corners) < size for corners in (6, 8) for size in (1.0, 0.85)]
        shapes += [np.abs(x) + np.abs(y) < 1.0, x * x, y * y, x * y, x < 0, y < 0]
        soft = [cv2.GaussianBlur(np.asarray(shape, np.float32), (0, 0), 0.8).ravel() for shape in shapes]
        flat = np.stack(soft, axis=1)
        rest = flat - self.light @ (self.light.T @ flat)
        left, strength, _ = np.linalg.svd(rest, full_matrices=False)
        return np.asarray(left[:, strength > 0.02 * strength.max()], np.float32)

    @cached_property
    def known(self) -> Floats:
        return np.hstack([self.light, self.ink])

    def onto(self, quad: NDArray[np.float64]) -> NDArray[np.float64]:
        """The homography that carries the canvas so that the mark's corners fall on (4, 2) points."""
        left, top = self.origin
        width, height = self.size
        corners = np.array(
            [[left, top], [left + width, top], [left + width, top + height], [left, top + height]]
        )
        return np.asarray(
            cv2.getPerspectiveTransform(corners.astype(np.float32), quad.astype(np.float32)), np.float64
        )

    def corners(self, homography: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where the mark's corners fall, shape (4, 2)."""
        left, top = self.origin
        width, height = self.size
        flat = np.array(
            [[left, top, 1], [left + width, top, 1], [left + width, top + height, 1], [left, top + height, 1]]
        )
        carried = flat @ homography.T
        return np.asarray(carried[:, :2] / carried[:, 2:], np.float64)


@dataclass(frozen=True, eq=False)
class Fit:
    homography: NDArray[np.float64]
    """From the canvas to the picture that was looked at."""
    explained: float
    """Share of what varies in the picture, light apart, that the mark explains; 0 to 1."""
    contrast: float
    """Standard deviation that the mark explains, grey levels."""
    model: Floats
    """Shape (h, w), what the mark explains."""
    residual: Floats
    """Shape (h, w), what it leaves."""


def fit(
    picture: Floats, canvas: Canvas, homography: NDArray[np.float64], steps: int, *, freely: bool = False
) -> Fit:
    """Improve a rough place of the mark.

    Args:
        picture: shape (H, W, 3), in which the mark has about the size of the canvas.
        homography: from the canvas to the picture, within about a tenth of the mark's side of the truth.
        freely: also in perspective; otherwise turned, scaled and slanted.
    """
    height, width = canvas.shape
    half = max(canvas.shape) / 2
    to_pixels = np.array([[half, 0, width / 2], [0, half, height / 2], [0, 0, 1]])
    from_pixels = np.linalg.inv(to_pixels)
    seen = _seen(picture, canvas, homography)
    mixture = _mixture(seen - canvas.light @ (canvas.light.T @ seen), canvas)
    best = found = _explained(seen @ mixture, canvas, homography)
    for _ in range(steps):
        change = _step(found, canvas, freely=freely)
        homography = homography @ to_pixels @ change @ from_pixels
        homography = homography / homography[2, 2]
        found = _explained(_seen(picture, canvas, homography) @ mixture, canvas, homography)
        if found.explained > best.explained:
            best = found
        if np.abs(change - _STILL).max() < _CLOSE:
            break
    return best


def _polygon(x: Floats, y: Floats, corners: int) -> Floats:
    """How far out a place is, in units of a regular polygon with a corner on top, in the unit circle."""
    sector = 2 * np.pi / corners
    turned = np.mod(np.arctan2(y, x) + np.pi / 2, sector) - sector / 2
    return np.asarray(np.hypot(x, y) * np.cos(turned) / np.cos(sector / 2), np.float32)


def _seen(picture: Floats, canvas: Canvas, homography: NDArray[np.float64]) -> Floats:
    """Shape (P, 3)."""
    height, width = canvas.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpPerspective(
        picture, homography, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(patch.reshape(-1, 3), np.float32)


def _mixture(seen: Floats, canvas: Canvas) -> Floats:
    """Shape (3,): of red, green and blue, what the mark explains most of."""
    tones = canvas.ink.T @ seen
    of_mark, of_all = tones.T @ tones, seen.T @ seen
    noise = np.eye(3, dtype=np.float32) * (_QUIET * len(seen) / 3)
    return _principal(np.asarray(np.linalg.solve(of_all + noise, of_mark), np.float32))


def _explained(grey: Floats, canvas: Canvas, homography: NDArray[np.float64]) -> Fit:
    grey = grey - canvas.light @ (canvas.light.T @ grey)
    model = canvas.ink @ (canvas.ink.T @ grey)
    by_mark = float(model @ model)
    return Fit(
        homography,
        by_mark / (float(grey @ grey) + _QUIET * len(grey) / 3),
        float(np.sqrt(by_mark / len(grey))),
        model.reshape(canvas.shape),
        (grey - model).reshape(canvas.shape),
    )


def _principal(matrix: Floats) -> Floats:
    """The direction that a (3, 3) matrix of positive eigenvalues stretches most, nearly; by powers of it."""
    powered = matrix
    for _ in range(4):
        powered = powered @ powered
        powered = powered / max(float(np.abs(powered).max()), 1e-20)
    longest = powered[:, int(np.abs(powered).sum(axis=0).argmax())]
    return np.asarray(longest / max(float(np.linalg.norm(longest)), 1e-20), np.float32)


def _step(found: Fit, canvas: Canvas, *, freely: bool) -> NDArray[np.float64]:
    """The small motion, in canvas coordinates from −1 to 1, that explains most more."""
    x, y = canvas.places
    half = max(canvas.shape) / 2
    both = found.model + 0.5 * found.residual
    across, down = (slope.ravel() * np.float32(half) for slope in slopes(both))
    rows = [across * x, across * y, across, down * x, down * y, down]
    if freely:
        along = -(across * x + down * y)
        rows += [along * x, along * y]
    motion = np.stack(rows)
    motion -= (motion @ canvas.known) @ canvas.known.T
    normal = motion @ motion.T
    normal[np.diag_indices(len(normal))] *= 1 + _DAMPING
    normal[np.diag_indices(len(normal))] += 1e-6 * np.trace(normal) + 1e-9
    move = -np.linalg.solve(normal, motion @ found.residual.ravel())
    move = np.clip(move, -0.15, 0.15)
    change = np.eye(3)
    change[:2] += move[:6].reshape(2, 3)
    if freely:
        change[2, :2] += move[6:]
    return change


def slopes(values: Floats) -> tuple[Floats, Floats]:
    """Across and down, per pixel of an (h, w) array; none at its border."""
    across, down = np.zeros_like(values), np.zeros_like(values)
    across[:, 1:-1] = (values[:, 2:] - values[:, :-2]) * np.float32(0.5)
    down[1:-1] = (values[2:] - values[:-2]) * np.float32(0.5)
    return across, down


def distinct(found: Fit, canvas: Canvas) -> float:
    """What only this mark explains, against that and what it leaves, 0 to 1: of a disc with nothing on it, little."""
    model, left = found.model.ravel(), found.residual.ravel()
    own = model - canvas.plain @ (canvas.plain.T @ model)
    only = float(own @ own)
    return only / (only + float(left @ left) + _QUIET * len(left) / 3)


def edges_alike(found: Fit) -> float:
    """Cosine between the slopes of the mark and of the picture: blobs that resemble a mark have other edges."""
    mark = np.concatenate([part.ravel() for part in slopes(found.model)])
    whole = np.concatenate([part.ravel() for part in slopes(found.model + found.residual)])
    return float(mark @ whole / (np.linalg.norm(mark) * np.linalg.norm(whole) + 1e-6))
