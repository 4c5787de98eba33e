"""Are marks found, and altered ones told? The kit's marks on its products and on photos of worn clothes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from model.encoders.base import RGB
from model.evaluation.kit import DefectKind, Kit, KitBrand, build_kit, seller_photo
from model.evaluation.kit.fonts import sibling
from model.evaluation.kit.names import look_alike
from model.images import PictureLimits, decode
from model.marks import MarkIndex, MarkThresholds, Sighting, find_marks, register
from service.decoding import MAX_SIDE
from service.evaluation.mark_pictures import Artwork, alone, figure, on_cloth, word
from service.marks.models import MarkKind

FIGURE_SIZES = (0.045, 0.06, 0.09, 0.13, 0.2)
"""Longer side of a figure as a share of the picture's longer side."""
WORD_SIZES = (0.04, 0.055, 0.075)
"""Height of a word as a share of the picture's longer side; never wider than `_WIDEST` of it."""
_WIDEST = 0.6
_HARDNESS = 0.4


class Surface(StrEnum):
    CLOTH = "cloth"
    PRODUCT = "product"
    NOTHING = "nothing"


class Change(StrEnum):
    NONE = "none"
    STRETCHED = "wrong_proportion"
    RESPELLED = "lookalike_spelling"
    OTHER_FONT = "wrong_font"


@dataclass(frozen=True, eq=False)
class Question:
    """A picture, and the marks that are in it."""

    pixels: RGB
    surface: Surface
    kind: MarkKind | None
    """What was put there; None on products, which bear both."""
    size: float
    brand: str
    change: Change
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels: the mark, or the product."""


@dataclass(frozen=True, eq=False)
class Answer:
    question: Question
    right: tuple[Sighting, ...]
    """Of the brand, where it is."""
    wrong: tuple[Sighting, ...]
    milliseconds: float
    cpu_milliseconds: float
    """Of the thread that looked."""


def look_for_marks(
    folder: Path, *, seed: int, pictures: int, brands: int = 10, thresholds: MarkThresholds | None = None
) -> tuple[list[Answer], int]:
    """Register the marks of a kit and look for them; the answers, and how many marks were looked for.

    Args:
        folder: photos of worn clothes; every second of them, by name, is used: the others were fitted on.
        pictures: on cloth, on products, and without marks, each.
    """
    kit = build_kit(seed, brands=brands)
    index = register_kit(kit)
    asked = questions(kit, photos_of(folder)[1::2], seed=seed, pictures=pictures)
    looking = track(asked, description="looking", total=3 * pictures)
    return [ask(index, each, thresholds) for each in looking], len(index)


def register_kit(kit: Kit) -> MarkIndex:
    """A figure and a word of every brand."""
    return MarkIndex.of(
        [
            (f"{brand.id} {kind}", register(alone(artwork, (brand.colours.ink, brand.colours.accent))))
            for brand in kit.brands
            for kind, artwork in ((MarkKind.FIGURE, figure(brand)), (MarkKind.WORD, word(brand)))
        ]
    )


def photos_of(folder: Path) -> list[Path]:
    """Raises: FileNotFoundError: there are none."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
    if len(found) < 2:
        raise FileNotFoundError(f"{folder} has no photos; give a folder of JPEG or PNG files.")
    return found


def questions(kit: Kit, photos: Sequence[Path], *, seed: int, pictures: int) -> Iterator[Question]:
    """On cloth, on products, and photos of clothes as they are, in turn; every third mark is altered.

    The kit's pictures of other goods do not serve as pictures without marks: those bear marks drawn in the same styles.
    """
    rng = np.random.default_rng([seed, 145])
    order = rng.permutation(len(photos))
    for at in range(pictures):
        yield _on_cloth(kit, _photo(photos[order[2 * at % len(photos)]]), at, rng)
        yield _on_product(kit, at, rng)
        yield _without(_photo(photos[order[(2 * at + 1) % len(photos)]]))


def without_marks(photos: Sequence[Path], *, seed: int, pictures: int) -> Iterator[Question]:
    """Photos of clothes as they are; other ones for another seed."""
    order = np.random.default_rng([seed, 147]).permutation(len(photos))
    for at in order[:pictures]:
        yield _without(_photo(photos[at]))


def ask(index: MarkIndex, question: Question, thresholds: MarkThresholds | None = None) -> Answer:
    started, spent = time.perf_counter(), time.thread_time()
    seen = find_marks(question.pixels, index, thresholds=thresholds)
    took, cost = (time.perf_counter() - started) * 1000, (time.thread_time() - spent) * 1000
    right = tuple(each for each in seen if _is_right(each, question))
    wrong = tuple(each for each in seen if each not in right)
    return Answer(question, right, wrong, took, cost)


def _is_right(seen: Sighting, question: Question) -> bool:
    brand, kind = seen.name.rsplit(" ", 1)
    if brand != question.brand or question.kind not in (None, kind):
        return False
    height, width = question.pixels.shape[:2]
    middle = (seen.box[0] + seen.box[2]) / 2 * width, (seen.box[1] + seen.box[3]) / 2 * height
    return cv2.pointPolygonTest(question.quad.astype(np.float32), middle, measureDist=False) >= 0


def _on_cloth(kit: Kit, photo: RGB, at: int, rng: np.random.Generator) -> Question:
    brand = kit.brands[at // 2 % len(kit.brands)]
    kind = (MarkKind.FIGURE, MarkKind.WORD)[at % 2]
    change = _change(kind, rng) if at % 3 == 0 else Change.NONE
    artwork = _changed(brand, kind, change, rng)
    sizes = FIGURE_SIZES if kind is MarkKind.FIGURE else WORD_SIZES
    size = float(rng.choice(sizes))
    longer = (
        size
        if kind is MarkKind.FIGURE
        else min(_WIDEST * min(photo.shape[:2]) / max(photo.shape[:2]), size * artwork.aspect)
    )
    marked = on_cloth(photo, artwork, longer, rng)
    return Question(marked.pixels, Surface.CLOTH, kind, size, brand.id, change, marked.quad)


def _on_product(kit: Kit, at: int, rng: np.random.Generator) -> Question:
    product = kit.products[at % len(kit.products)]
    change = list(Change)[at // 3 % 3 + 1] if at % 3 == 0 else Change.NONE
    defects = {DefectKind(change.value)} if change is not Change.NONE else set()
    photo = seller_photo(product, rng, defects=defects, hardness=_HARDNESS)
    factor = MAX_SIDE / max(photo.pixels.shape)
    return Question(
        _sized(photo.pixels), Surface.PRODUCT, None, 0.0, product.brand.id, change, photo.quads[0] * factor
    )


def _change(kind: MarkKind, rng: np.random.Generator) -> Change:
    offered = [Change.STRETCHED] if kind is MarkKind.FIGURE else list(Change)[1:]
    return offered[int(rng.integers(len(offered)))]


def _changed(brand: KitBrand, kind: MarkKind, change: Change, rng: np.random.Generator) -> Artwork:
    match change:
        case Change.RESPELLED:
            return word(brand, look_alike(brand.name, rng))
        case Change.OTHER_FONT:
            return word(brand, face=sibling(brand.typeface))
    artwork = figure(brand) if kind is MarkKind.FIGURE else word(brand)
    if change is Change.NONE:
        return artwork
    by = float(rng.uniform(0.16, 0.26))
    return artwork.stretched(*((1 - by, 1 + by / 3) if rng.random() < 0.6 else (1 + by / 3, 1 - by)))


def _without(photo: RGB) -> Question:
    return Question(photo, Surface.NOTHING, None, 0.0, "", Change.NONE, np.zeros((4, 2)))


def _photo(path: Path) -> RGB:
    return decode(path.read_bytes(), PictureLimits(), max_side=MAX_SIDE).pixels


def _sized(pixels: RGB) -> RGB:
    factor = MAX_SIDE / max(pixels.shape)
    size = round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
