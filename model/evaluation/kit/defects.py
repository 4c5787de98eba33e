"""How a counterfeit of the kit differs from the genuine article: each kind is one measurable change of the print."""

from __future__ import annotations

import colorsys
from collections.abc import Set
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from model.evaluation.kit.brands import Colour, KitProduct, Palette
from model.evaluation.kit.fonts import Typeface, sibling
from model.evaluation.kit.layouts import same_inks
from model.evaluation.kit.names import look_alike


class DefectKind(StrEnum):
    LOOKALIKE_SPELLING = "lookalike_spelling"
    WRONG_FONT = "wrong_font"
    WRONG_COLOUR = "wrong_colour"
    WRONG_PROPORTION = "wrong_proportion"
    MISSING_ELEMENT = "missing_element"
    MOVED_ELEMENT = "moved_element"


class Element(StrEnum):
    """The parts of a print that a defect can take away or move."""

    MARK = "mark"
    WORDMARK = "wordmark"
    TAGLINE = "tagline"
    SEAL = "seal"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Recipe:
    """All that the printer needs beside the product: what a defect changed, and what it left alone."""

    spelling: str
    typeface: Typeface
    colours: Palette
    stretch: tuple[float, float] = (1.0, 1.0)
    """Factors on the width and height of mark and wordmark."""
    missing: Element | None = None
    moved: Element | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    """In shares of the print's width and height."""


def genuine(product: KitProduct) -> Recipe:
    """The recipe that the brand itself prints from."""
    return Recipe(product.brand.name, product.brand.typeface, product.brand.colours)


def counterfeit(product: KitProduct, defects: Set[DefectKind], seed: int) -> Recipe:
    """The genuine recipe with each of the defects in it.

    How each turns out depends on the seed; an element that is missing is not the one that is moved. Without defects
    this is the genuine recipe, whatever the seed.
    """
    recipe = genuine(product)
    for number, kind in enumerate(DefectKind):
        if kind in defects:
            recipe = _CHANGES[kind](recipe, np.random.default_rng([seed, number]))
    return recipe


def _respell(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(recipe, spelling=look_alike(recipe.spelling, rng))


def _reset(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    del rng
    return replace(recipe, typeface=sibling(recipe.typeface))


def _recolour(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """The first of the four ways to turn and lift, in random order, that leaves every text its ink."""
    old = recipe.colours
    turn, lift = float(rng.uniform(0.025, 0.055)), float(rng.uniform(0.05, 0.09))
    ways = [(turn, lift), (turn, -lift), (-turn, lift), (-turn, -lift)]
    drawn = [_recoloured(old, *ways[int(at)]) for at in rng.permutation(4)]
    return replace(recipe, colours=next(new for new in drawn if same_inks(old, new)))


def _recoloured(old: Palette, turn: float, lift: float) -> Palette:
    return replace(old, base=_shifted(old.base, turn, lift), accent=_shifted(old.accent, turn, -lift / 2))


def _restretch(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    by = float(rng.uniform(0.16, 0.26))
    return replace(recipe, stretch=(1 - by, 1 + by / 3) if rng.random() < 0.6 else (1 + by / 3, 1 - by))


def _remove(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(recipe, missing=(Element.SEAL, Element.TAGLINE, Element.MARK)[int(rng.integers(3))])


def _move(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    movable = [
        kind for kind in (Element.MARK, Element.WORDMARK, Element.AMOUNT) if kind is not recipe.missing
    ]
    element = movable[int(rng.integers(len(movable)))]
    across, down = rng.uniform(0.05, 0.09, 2) * rng.choice([-1, 1], 2)
    return replace(recipe, moved=element, shift=(float(across), float(down) * 0.7))


_CHANGES = {
    DefectKind.LOOKALIKE_SPELLING: _respell,
    DefectKind.WRONG_FONT: _reset,
    DefectKind.WRONG_COLOUR: _recolour,
    DefectKind.WRONG_PROPORTION: _restretch,
    DefectKind.MISSING_ELEMENT: _remove,
    DefectKind.MOVED_ELEMENT: _move,
}


def _shifted(colour: Colour, turn: float, lift: float) -> Colour:
    hue, light, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    light = min(0.92, max(0.08, light + lift))
    red, green, blue = colorsys.hls_to_rgb((hue + turn) % 1, light, min(1, saturation * 1.05))
    return round(red * 255), round(green * 255), round(blue * 255)
