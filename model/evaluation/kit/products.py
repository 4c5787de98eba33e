"""Prints the flat artwork of products: fronts, sides and lids of cartons, labels, swing tags, shoe-box ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from model.encoders.base import RGB
from model.evaluation.kit.brands import Colour, KitProduct, ProductKind
from model.evaluation.kit.defects import Element, Recipe
from model.evaluation.kit.fonts import TextFace, Typeface
from model.evaluation.kit.illustrations import illustrate
from model.evaluation.kit.layouts import Slots, contrasting, lay_out, readable, strong
from model.evaluation.kit.marks import paste_mark
from model.evaluation.kit.paint import Box, disc, lines, mixed, outline, pixels, rectangle, text
from model.evaluation.kit.smallprint import ingredients, print_barcode, tagline

LONG_SIDE = 900
"""Pixels along the longer side of a print."""

_CAPITALS = frozenset({Typeface.BEBAS, Typeface.FJALLA, Typeface.RUSSO, Typeface.ABRIL})


@dataclass(frozen=True)
class Size:
    """Centimetres."""

    width: float
    height: float
    depth: float


def size_of(product: KitProduct) -> Size:
    """What the product measures: the pack for a carton or shoe box, the printed part for a label or tag."""
    rng = np.random.default_rng([product.art_seed, 3])
    if product.kind is ProductKind.SHOE_BOX:
        return Size(21.0, 12.5, 31.0)
    if product.kind is ProductKind.TAG:
        return Size(5.6, 9.6, 0.15)
    if product.kind is ProductKind.LABEL:
        return Size(float(rng.uniform(6.2, 8.4)), float(rng.uniform(8.0, 10.0)), 0.0)
    return Size(float(rng.uniform(9.5, 13.5)), float(rng.uniform(13.5, 18.5)), float(rng.uniform(3.2, 6.5)))


@lru_cache(maxsize=256)
def front(product: KitProduct, recipe: Recipe) -> RGB:
    """The side that names the brand."""
    size = size_of(product)
    canvas = _blank(size.width, size.height)
    if product.kind is ProductKind.TAG:
        _print_tag(canvas, product, recipe)
    elif product.kind is ProductKind.SHOE_BOX:
        _print_shoe_box_end(canvas, product, recipe)
    else:
        _print_pack(canvas, product, recipe)
    return _frozen(canvas)


@lru_cache(maxsize=256)
def side(product: KitProduct, recipe: Recipe) -> RGB:
    """The right side of a carton or shoe box, seen from outside."""
    size = size_of(product)
    canvas = _blank(size.depth, size.height)
    ground = recipe.colours.base
    rectangle(canvas, (0, 0, 1, 1), ground)
    colour = readable(ground, recipe.colours)
    if product.kind is ProductKind.SHOE_BOX:
        rectangle(canvas, (0, 0, 1, 0.22), mixed(ground, (0, 0, 0), 0.12))
        text(
            canvas,
            (0.25, 0.36, 0.75, 0.82),
            _wordmark(product, recipe),
            recipe.typeface,
            colour,
            stretch=recipe.stretch,
        )
        return _frozen(canvas)
    text(
        canvas,
        (0.1, 0.03, 0.9, 0.1),
        _wordmark(product, recipe),
        recipe.typeface,
        colour,
        stretch=recipe.stretch,
    )
    text(canvas, (0.1, 0.11, 0.9, 0.145), product.name, TextFace.BOLD, colour)
    rectangle(canvas, (0.07, 0.18, 0.93, 0.62), recipe.colours.paper)
    lines(canvas, (0.11, 0.2, 0.89, 0.61), ingredients(product), TextFace.JAPANESE, recipe.colours.ink)
    print_barcode(canvas, (0.08, 0.72, 0.92, 0.92), product.barcode)
    return _frozen(canvas)


@lru_cache(maxsize=256)
def top(product: KitProduct, recipe: Recipe) -> RGB:
    """The top of a carton, the lid of a shoe box."""
    size = size_of(product)
    canvas = _blank(size.width, size.depth)
    ground = recipe.colours.base
    rectangle(canvas, (0, 0, 1, 1), ground)
    body = readable(ground, recipe.colours)
    shoe = product.kind is ProductKind.SHOE_BOX
    if recipe.missing is not Element.MARK:
        box = (0.2, 0.2, 0.8, 0.52) if shoe else (0.06, 0.12, 0.24, 0.88)
        _mark(canvas, product, recipe, box, (body, contrasting(ground, recipe.colours)))
    where = (0.12, 0.58, 0.88, 0.76) if shoe else (0.3, 0.25, 0.92, 0.75)
    text(canvas, where, _wordmark(product, recipe), recipe.typeface, body, stretch=recipe.stretch)
    return _frozen(canvas)


@lru_cache(maxsize=256)
def bottom(product: KitProduct, recipe: Recipe) -> RGB:
    """The underside: unprinted flaps that meet in the middle, of board where the product is a shoe box."""
    size = size_of(product)
    canvas = _blank(size.width, size.depth)
    board = (178, 146, 110) if product.kind is ProductKind.SHOE_BOX else recipe.colours.base
    rectangle(canvas, (0, 0, 1, 1), mixed(board, (0, 0, 0), 0.06))
    rectangle(canvas, (0, 0.49, 1, 0.51), mixed(board, (0, 0, 0), 0.4))
    return _frozen(canvas)


def _print_pack(canvas: Image.Image, product: KitProduct, recipe: Recipe) -> None:
    slots = lay_out(canvas, product.brand.layout, recipe.colours, product.tint)
    ground = slots.name_ground
    picture = _picture_colours(product, recipe)
    illustrate(canvas, slots.picture, product.category, picture, product.art_seed)
    _print_identity(canvas, product, recipe, slots)
    text(
        canvas, slots.name, product.name, TextFace.BLACK, readable(ground, recipe.colours), align=slots.flush
    )
    amount = _moved(slots.amount, Element.AMOUNT, recipe)
    text(
        canvas,
        amount,
        product.amount,
        TextFace.BOLD,
        readable(slots.amount_ground, recipe.colours),
        align=slots.flush,
    )
    if recipe.missing is not Element.SEAL:
        _seal(canvas, slots.seal, product, recipe)


def _print_identity(canvas: Image.Image, product: KitProduct, recipe: Recipe, slots: Slots) -> None:
    if recipe.missing is not Element.MARK:
        body = recipe.colours.base if slots.mark_ground != recipe.colours.base else recipe.colours.paper
        inks = (body, contrasting(body, recipe.colours))
        _mark(canvas, product, recipe, _moved(slots.mark, Element.MARK, recipe), inks, slots.flush)
    ground = slots.wordmark_ground
    colour = readable(ground, recipe.colours) if ground == recipe.colours.base else strong(recipe.colours)
    box = _moved(slots.wordmark, Element.WORDMARK, recipe)
    text(
        canvas,
        box,
        _wordmark(product, recipe),
        recipe.typeface,
        colour,
        align=slots.flush,
        stretch=recipe.stretch,
    )
    if recipe.missing is not Element.TAGLINE:
        below = recipe.colours.base if slots.tagline[1] > 0.5 else ground
        text(canvas, slots.tagline, tagline(product.brand), TextFace.BOLD, readable(below, recipe.colours),
             align=slots.flush)  # fmt: skip


def _print_tag(canvas: Image.Image, product: KitProduct, recipe: Recipe) -> None:
    colours = recipe.colours
    rectangle(canvas, (0, 0, 1, 1), colours.paper)
    rectangle(canvas, (0, 0, 1, 0.5), colours.base)
    rectangle(canvas, (0, 0.5, 1, 0.515), product.tint)
    slots = Slots((0.28, 0.13, 0.72, 0.3), (0.1, 0.325, 0.9, 0.42), (0.2, 0.44, 0.8, 0.465), (0.1, 0.55, 0.9, 0.59),
                  (0, 0, 0, 0), (0.1, 0.61, 0.35, 0.66), (0.86, 0.07), colours.base, colours.base, colours.paper,
                  colours.paper)  # fmt: skip
    _print_identity(canvas, product, recipe, slots)
    text(canvas, slots.name, product.name, TextFace.BLACK, colours.ink)
    box = _moved(slots.amount, Element.AMOUNT, recipe)
    text(canvas, box, product.amount.split(" · ")[0], TextFace.BLACK, colours.ink, align=0)
    text(canvas, (0.5, 0.615, 0.9, 0.65), f"¥{product.price_median:,}", TextFace.BOLD, colours.ink, align=1)
    lines(canvas, (0.1, 0.68, 0.9, 0.8), ingredients(product)[:4], TextFace.JAPANESE, colours.ink)
    print_barcode(canvas, (0.12, 0.82, 0.88, 0.96), product.barcode)
    if recipe.missing is not Element.SEAL:
        _seal(canvas, slots.seal, product, recipe)


def _print_shoe_box_end(canvas: Image.Image, product: KitProduct, recipe: Recipe) -> None:
    colours = recipe.colours
    rectangle(canvas, (0, 0, 1, 1), colours.base)
    rectangle(canvas, (0, 0, 1, 0.2), mixed(colours.base, (0, 0, 0), 0.12))
    rectangle(canvas, (0, 0.2, 1, 0.215), colours.accent)
    rectangle(canvas, (0.46, 0.28, 0.96, 0.94), (250, 250, 246))
    slots = Slots((0.06, 0.26, 0.42, 0.64), (0.04, 0.68, 0.43, 0.84), (0.08, 0.87, 0.39, 0.91), (0.49, 0.31, 0.93, 0.4),
                  (0.5, 0.5, 0.72, 0.78), (0.49, 0.42, 0.93, 0.49), (0.9, 0.1), colours.base, colours.base,
                  colours.paper, colours.paper)  # fmt: skip
    _print_identity(canvas, product, recipe, slots)
    text(canvas, slots.name, product.name.upper(), TextFace.BLACK, (24, 24, 24), align=0)
    box = _moved(slots.amount, Element.AMOUNT, recipe)
    text(canvas, box, product.amount, TextFace.BOLD, (24, 24, 24), align=0)
    outline(canvas, (0.49, 0.52, 0.71, 0.9), (120, 120, 120), 2)
    illustrate(
        canvas, (0.5, 0.58, 0.7, 0.84), product.category, _picture_colours(product, recipe), product.art_seed
    )
    print_barcode(canvas, (0.73, 0.54, 0.945, 0.9), product.barcode)
    if recipe.missing is not Element.SEAL:
        _seal(canvas, slots.seal, product, recipe)


def _mark(
    canvas: Image.Image,
    product: KitProduct,
    recipe: Recipe,
    box: Box,
    inks: tuple[Colour, Colour],
    flush: float = 0.5,
) -> None:
    left, top_, right, bottom = pixels(canvas, box)
    side_ = min(right - left, bottom - top_)
    width, height = round(side_ * recipe.stretch[0]), round(side_ * recipe.stretch[1])
    x, y = round(left + (right - left - width) * flush), (top_ + bottom - height) // 2
    paste_mark(canvas, product.brand, (x, y, x + width, y + height), inks)


def _seal(canvas: Image.Image, centre: tuple[float, float], product: KitProduct, recipe: Recipe) -> None:
    colour = recipe.colours.accent
    radius = 0.085
    disc(canvas, centre, radius, recipe.colours.paper)
    disc(canvas, centre, radius * 0.93, colour)
    across, down = radius * min(canvas.size) / canvas.width, radius * min(canvas.size) / canvas.height
    box = (
        centre[0] - across * 0.7,
        centre[1] - down * 0.62,
        centre[0] + across * 0.7,
        centre[1] + down * 0.02,
    )
    ink = readable(colour, recipe.colours)
    text(canvas, box, str(product.brand.founded), TextFace.BLACK, ink)
    text(
        canvas,
        (box[0], centre[1] + down * 0.2, box[2], centre[1] + down * 0.5),
        "QUALITY",
        TextFace.BOLD,
        ink,
    )


def _moved(box: Box, element: Element, recipe: Recipe) -> Box:
    if recipe.moved is not element:
        return box
    across, down = recipe.shift
    return box[0] + across, box[1] + down, box[2] + across, box[3] + down


def _wordmark(product: KitProduct, recipe: Recipe) -> str:
    """In capitals or not as the brand has it, whatever face a copy is set in."""
    return recipe.spelling.upper() if product.brand.typeface in _CAPITALS else recipe.spelling


def _picture_colours(product: KitProduct, recipe: Recipe) -> tuple[Colour, Colour, Colour]:
    return (
        product.tint,
        mixed(product.tint, recipe.colours.paper, 0.55),
        mixed(recipe.colours.ink, product.tint, 0.2),
    )


def _blank(width: float, height: float) -> Image.Image:
    scale = LONG_SIDE / max(width, height)
    return Image.new("RGB", (max(8, round(width * scale)), max(8, round(height * scale))), (255, 255, 255))


def _frozen(canvas: Image.Image) -> RGB:
    pixels_ = np.asarray(canvas).copy()
    pixels_.flags.writeable = False
    return pixels_
