"""Little pictures on packs: what is inside, drawn from a few outlines for each category."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.evaluation.kit.brands import Category, Colour
from model.evaluation.kit.paint import Box, mixed, shape

_Outline = NDArray[np.floating]


@dataclass(frozen=True)
class _Stage:
    """A box to draw in, with coordinates -1 to 1 across its shorter side, y down, and three colours."""

    canvas: Image.Image
    box: Box
    colours: tuple[Colour, Colour, Colour]

    def put(self, outline: _Outline, colour: Colour) -> None:
        left, top, right, bottom = self.box
        width, height = self.canvas.size
        reach = min((right - left) * width, (bottom - top) * height) / 2
        centre = np.array([(left + right) / 2 * width, (top + bottom) / 2 * height])
        shape(self.canvas, (np.asarray(outline) * reach + centre) / (width, height), colour)


def illustrate(
    canvas: Image.Image, box: Box, category: Category, colours: tuple[Colour, Colour, Colour], seed: int
) -> None:
    """Draw the category's picture into a box.

    Args:
        colours: main, second and line colour.
    """
    _SUBJECTS[category](_Stage(canvas, box, colours), np.random.default_rng([seed, 11]))


def _oval(x: float, y: float, rx: float, ry: float, angle: float = 0.0) -> _Outline:
    turns = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    return np.asarray(
        _turned(np.column_stack([np.cos(turns) * rx, np.sin(turns) * ry]), angle) + np.array([x, y]),
        np.float64,
    )


def _turned(points: _Outline, angle: float) -> _Outline:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(np.asarray(points) @ np.array([[cos, sin], [-sin, cos]]), np.float64)


def _leaf(x: float, y: float, length: float, width: float, angle: float) -> _Outline:
    along = np.linspace(0, 1, 24)
    half = np.column_stack([np.sin(np.pi * along**0.8) * width, -along * length])
    return np.asarray(
        _turned(np.vstack([half, (half * [-1, 1])[::-1]]), angle) + np.array([x, y]), np.float64
    )


def _bar(x0: float, y0: float, x1: float, y1: float) -> _Outline:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _tea(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    for at in range(int(rng.integers(5, 9))):
        angle = -1.5 + at * 0.5 + float(rng.uniform(-0.15, 0.15))
        stage.put(_leaf(0, -0.05, 0.95, 0.2, angle), main if at % 2 else second)
        stage.put(_leaf(0, -0.05, 0.8, 0.015, angle), line)
    cup = np.array([[-0.55, 0.1], [0.55, 0.1], [0.38, 0.78], [-0.38, 0.78]])
    stage.put(_oval(0.6, 0.36, 0.22, 0.2), line)
    stage.put(_oval(0.6, 0.36, 0.13, 0.11), second)
    stage.put(cup, line)
    stage.put(_oval(0, 0.1, 0.55, 0.09), second)
    stage.put(_oval(0, 0.86, 0.75, 0.07), line)


def _confectionery(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    for x, y in ((-0.75, 0.35), (0.75, 0.3), (0.0, 0.15)):
        turn = float(rng.uniform(0, 2))
        for at in range(14):
            rim = _turned(np.array([0.5, 0.0]), turn + at * 0.449)
            stage.put(_oval(x + rim[0], y + rim[1], 0.12, 0.12), line)
        stage.put(_oval(x, y, 0.54, 0.54), line)
        stage.put(_oval(x, y, 0.47, 0.47), main)
        stage.put(_oval(x, y, 0.36, 0.36), mixed(main, second, 0.45))
        for _ in range(9):
            dot = _turned(np.array([float(rng.uniform(0.05, 0.33)), 0.0]), float(rng.uniform(0, 6.28)))
            stage.put(_oval(x + dot[0], y + dot[1], 0.05, 0.04), line)


def _skincare(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    for at in range(int(rng.integers(3, 6))):
        angle = -0.9 + 0.5 * at
        stage.put(_leaf(-0.35, 0.75, 1.2, 0.13, angle), mixed(main, line, 0.25 * (at % 2)))
    drop = np.vstack([[[0.3, -0.8]], _oval(0.3, 0.28, 0.46, 0.46)[-2:], _oval(0.3, 0.28, 0.46, 0.46)[:36]])
    stage.put(drop, second)
    stage.put(_leaf(0.3, 0.5, 1.3, 0.46, 0.0), second)
    stage.put(_oval(0.15, 0.15, 0.07, 0.2, 0.4), mixed(second, (255, 255, 255), 0.6))


def _footwear(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    ankle = float(rng.uniform(-0.65, -0.3))
    upper = np.array([[-1.35, 0.35], [-1.32, ankle], [-1.1, ankle - 0.1], [-0.6, ankle], [-0.4, -0.2], [0.1, 0.0],
                      [0.85, 0.12], [1.35, 0.32], [1.4, 0.5], [-1.35, 0.5]])  # fmt: skip
    stage.put(upper, main)
    stage.put(np.array([[-1.38, 0.46], [1.42, 0.46], [1.36, 0.68], [-1.34, 0.68]]), line)
    stage.put(np.array([[-1.38, 0.4], [1.42, 0.4], [1.44, 0.5], [-1.38, 0.5]]), second)
    stage.put(np.array([[-0.75, 0.4], [-0.3, -0.1], [-0.1, -0.02], [-0.45, 0.4]]), second)
    stage.put(np.array([[0.75, 0.4], [0.85, 0.12], [1.35, 0.32], [1.38, 0.4]]), mixed(main, line, 0.4))
    for at in range(4):
        stage.put(
            _turned(_bar(-0.13, -0.025, 0.13, 0.025), 0.9)
            + np.array([-0.28 + 0.17 * at, -0.17 + 0.075 * at]),
            line,
        )


def _apparel(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    long = 0.75 if rng.random() < 0.6 else 0.05
    half = np.array(
        [[0.22, -0.72], [0.6, -0.6], [1.0, long], [0.72, long + 0.14], [0.52, -0.1], [0.52, 0.85]]
    )
    stage.put(np.vstack([half, (half * [-1, 1])[::-1]]), main)
    stage.put(_oval(0, -0.72, 0.24, 0.16), line)
    for at in range(3):
        stage.put(_bar(-0.52, -0.05 + 0.26 * at, 0.52, 0.03 + 0.26 * at), second)
    stage.put(_bar(-0.02, -0.6, 0.02, 0.85), line)


def _audio(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    for at in range(3, 0, -1):
        stage.put(_oval(0, -0.05, 0.3 * at, 0.3 * at), mixed(main, second, 0.3 * at))
    for side in (-1, 1):
        body = np.vstack([_oval(side * 0.42, -0.2, 0.27, 0.3)])
        stage.put(_bar(side * 0.42 - 0.09, -0.1, side * 0.42 + 0.09, 0.72), line)
        stage.put(_oval(side * 0.42, 0.72, 0.09, 0.07), line)
        stage.put(body, line)
        stage.put(_oval(side * 0.36, -0.24, 0.12, 0.15, side * 0.3), second)
    del rng


def _supplements(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    stage.put(_oval(0, 0, 0.92, 0.92), mixed(main, (255, 255, 255), 0.5))
    for x, y in ((-0.35, -0.3), (0.3, 0.0), (-0.2, 0.42)):
        angle = float(rng.uniform(-1.0, 1.0))
        half = np.vstack([_oval(-0.26, 0, 0.16, 0.16), [[0, -0.16], [0, 0.16]]])
        stage.put(_turned(_bar(-0.28, -0.16, 0.28, 0.16), angle) + np.array([x, y]), main)
        stage.put(_turned(half, angle)[:64] + np.array([x, y]), main)
        stage.put(_turned(_bar(0, -0.16, 0.28, 0.16), angle) + np.array([x, y]), line)
        stage.put(_turned(_oval(0.28, 0, 0.16, 0.16), angle) + np.array([x, y]), line)
        stage.put(_turned(_bar(-0.24, -0.1, 0.2, -0.06), angle) + np.array([x, y]), second)


def _stationery(stage: _Stage, rng: np.random.Generator) -> None:
    main, second, line = stage.colours
    hues = (
        main,
        second,
        mixed(main, second, 0.5),
        mixed(main, (255, 255, 255), 0.4),
        mixed(second, line, 0.4),
    )
    for at in range(5):
        lean = -0.4 + 0.2 * at + float(rng.uniform(-0.04, 0.04))
        x = -0.8 + 0.4 * at
        pen = [_bar(-0.13, -0.35, 0.13, 0.9), np.array([[-0.13, -0.35], [0.13, -0.35], [0, -0.8]]),
               np.array([[-0.05, -0.63], [0.05, -0.63], [0, -0.8]]), _bar(-0.13, 0.62, 0.13, 0.7)]  # fmt: skip
        for part, colour in zip(
            pen, (hues[at], mixed(hues[at], (255, 240, 215), 0.75), hues[at], line), strict=True
        ):
            stage.put(_turned(part, lean) + np.array([x, 0.0]), colour)


_SUBJECTS: dict[Category, Callable[[_Stage, np.random.Generator], None]] = {
    Category.TEA: _tea,
    Category.CONFECTIONERY: _confectionery,
    Category.SKINCARE: _skincare,
    Category.FOOTWEAR: _footwear,
    Category.APPAREL: _apparel,
    Category.AUDIO: _audio,
    Category.SUPPLEMENTS: _supplements,
    Category.STATIONERY: _stationery,
}
