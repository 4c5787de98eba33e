"""The six ways a pack of the kit can be laid out: what is painted where, before brand and product are printed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.evaluation.kit.brands import Colour, Layout, Palette
from model.evaluation.kit.paint import Box, brightness, disc, mixed, outline, rectangle, shape


@dataclass(frozen=True)
class Slots:
    """Boxes in shares of the front, and the colour of the ground under each text."""

    mark: Box
    wordmark: Box
    tagline: Box
    name: Box
    picture: Box
    amount: Box
    seal: tuple[float, float]
    mark_ground: Colour
    wordmark_ground: Colour
    name_ground: Colour
    amount_ground: Colour
    flush: float = 0.5
    """0 sets the text flush left, 0.5 in the middle."""


def lay_out(canvas: Image.Image, layout: Layout, colours: Palette, tint: Colour) -> Slots:
    """Paint the ground of a front and say where things go on it."""
    return _LAYOUTS[layout](canvas, colours, tint)


def readable(ground: Colour, colours: Palette) -> Colour:
    """The palette's light or dark text colour, whichever stands out."""
    return colours.paper if brightness(ground) < 0.62 else colours.ink


def strong(colours: Palette) -> Colour:
    """The base colour where it stands out on paper, else the ink."""
    return colours.base if brightness(colours.base) < 0.6 else colours.ink


def contrasting(ground: Colour, colours: Palette) -> Colour:
    """Of the palette's other colours the one that lies furthest from the ground in brightness."""
    others = (colours.accent, colours.base, colours.paper)
    return max(others, key=lambda colour: abs(brightness(colour) - brightness(ground)))


def same_inks(one: Palette, other: Palette) -> bool:
    """True when both palettes print each thing in the same of their colours."""
    return _inks(one) == _inks(other)


def _inks(colours: Palette) -> list[int]:
    order = (colours.base, colours.accent, colours.ink, colours.paper)
    chosen = [
        readable(colours.base, colours),
        readable(colours.accent, colours),
        strong(colours),
        *(contrasting(ground, colours) for ground in (colours.base, colours.paper)),
    ]
    return [order.index(colour) for colour in chosen]


def _band(canvas: Image.Image, colours: Palette, tint: Colour) -> Slots:
    rectangle(canvas, (0, 0, 1, 1), colours.base)
    rectangle(canvas, (0, 0.29, 1, 0.5), colours.paper)
    rectangle(canvas, (0, 0.285, 1, 0.292), colours.accent)
    rectangle(canvas, (0, 0.498, 1, 0.505), colours.accent)
    rectangle(canvas, (0, 0.85, 1, 0.925), tint)
    return Slots(
        (0.33, 0.05, 0.67, 0.265), (0.07, 0.325, 0.93, 0.465), (0.2, 0.52, 0.8, 0.55), (0.08, 0.865, 0.92, 0.91),
        (0.1, 0.57, 0.9, 0.835), (0.3, 0.942, 0.7, 0.975), (0.84, 0.2), colours.base, colours.paper, tint, colours.base,
    )  # fmt: skip


def _frame(canvas: Image.Image, colours: Palette, tint: Colour) -> Slots:
    rectangle(canvas, (0, 0, 1, 1), colours.paper)
    unit = min(canvas.size)
    outline(canvas, (0.035, 0.03, 0.965, 0.97), colours.base, max(2, unit // 55))
    outline(canvas, (0.065, 0.055, 0.935, 0.945), colours.accent, max(1, unit // 160))
    for x in (0.08, 0.92):
        for y in (0.068, 0.932):
            disc(canvas, (x, y), 0.035, colours.base)
    rectangle(canvas, (0.066, 0.795, 0.934, 0.875), tint)
    return Slots(
        (0.33, 0.085, 0.67, 0.285), (0.12, 0.305, 0.88, 0.435), (0.25, 0.455, 0.75, 0.485), (0.12, 0.812, 0.88, 0.858),
        (0.16, 0.505, 0.84, 0.775), (0.32, 0.892, 0.68, 0.925), (0.83, 0.17), colours.paper, colours.paper, tint,
        colours.paper,
    )  # fmt: skip


def _diagonal(canvas: Image.Image, colours: Palette, tint: Colour) -> Slots:
    rectangle(canvas, (0, 0, 1, 1), colours.base)
    shape(canvas, ((0, 0.86), (1, 0.42), (1, 1), (0, 1)), colours.accent)
    shape(canvas, ((0, 0.9), (1, 0.46), (1, 0.5), (0, 0.94)), tint)
    return Slots(
        (0.07, 0.05, 0.4, 0.2), (0.07, 0.22, 0.93, 0.36), (0.075, 0.375, 0.6, 0.402), (0.07, 0.42, 0.72, 0.475),
        (0.36, 0.52, 0.96, 0.93), (0.07, 0.935, 0.45, 0.97), (0.83, 0.12), colours.base, colours.base, colours.base,
        colours.accent, 0.0,
    )  # fmt: skip


def _split(canvas: Image.Image, colours: Palette, tint: Colour) -> Slots:
    rectangle(canvas, (0, 0, 1, 0.5), colours.base)
    rectangle(canvas, (0, 0.5, 1, 1), colours.paper)
    rectangle(canvas, (0, 0.49, 1, 0.51), tint)
    disc(canvas, (0.5, 0.5), 0.25, colours.paper)
    disc(canvas, (0.5, 0.5), 0.235, mixed(colours.base, colours.paper, 0.88))
    return Slots(
        (0.3, 0.39, 0.7, 0.61), (0.08, 0.09, 0.92, 0.245), (0.2, 0.265, 0.8, 0.295), (0.08, 0.7, 0.92, 0.755),
        (0.1, 0.77, 0.9, 0.93), (0.32, 0.942, 0.68, 0.973), (0.86, 0.4), colours.paper, colours.base, colours.paper,
        colours.paper,
    )  # fmt: skip


def _stripes(canvas: Image.Image, colours: Palette, tint: Colour) -> Slots:
    rectangle(canvas, (0, 0, 1, 1), colours.base)
    light = mixed(colours.base, colours.paper, 0.14)
    for left in np.linspace(0, 1, 15)[:-1]:
        rectangle(canvas, (float(left), 0, float(left) + 0.036, 1), light)
    rectangle(canvas, (0.09, 0.1, 0.91, 0.54), colours.paper)
    outline(canvas, (0.115, 0.118, 0.885, 0.522), colours.accent, max(2, min(canvas.size) // 110))
    rectangle(canvas, (0, 0.6, 1, 0.69), tint)
    return Slots(
        (0.36, 0.135, 0.64, 0.3), (0.15, 0.315, 0.85, 0.435), (0.25, 0.455, 0.75, 0.485), (0.1, 0.62, 0.9, 0.67),
        (0.14, 0.71, 0.86, 0.93), (0.32, 0.942, 0.68, 0.973), (0.86, 0.765), colours.paper, colours.paper, tint,
        colours.base,
    )  # fmt: skip


def _arch(canvas: Image.Image, colours: Palette, tint: Colour) -> Slots:
    ground = mixed(colours.base, colours.paper, 0.86)
    rectangle(canvas, (0, 0, 1, 1), ground)
    turns = np.linspace(np.pi, 2 * np.pi, 60)
    for margin, colour in ((0.0, colours.accent), (0.02, colours.base)):
        side, rise = 0.4 - margin, (0.4 - margin) * min(1.0, canvas.width / canvas.height)
        top = 0.36 + rise + margin
        curve = np.column_stack([0.5 + side * np.cos(turns), top + rise * np.sin(turns)])
        shape(canvas, np.vstack([curve, [[0.5 + side, 1.0], [0.5 - side, 1.0]]]), colour)
    rectangle(canvas, (0.12, 0.815, 0.88, 0.89), tint)
    return Slots(
        (0.35, 0.03, 0.65, 0.165), (0.08, 0.18, 0.92, 0.29), (0.2, 0.303, 0.8, 0.33), (0.15, 0.83, 0.85, 0.875),
        (0.2, 0.47, 0.8, 0.8), (0.32, 0.912, 0.68, 0.945), (0.88, 0.4), ground, ground, tint, colours.base,
    )  # fmt: skip


_LAYOUTS: dict[Layout, Callable[[Image.Image, Palette, Colour], Slots]] = {
    Layout.BAND: _band,
    Layout.FRAME: _frame,
    Layout.DIAGONAL: _diagonal,
    Layout.SPLIT: _split,
    Layout.STRIPES: _stripes,
    Layout.ARCH: _arch,
}
