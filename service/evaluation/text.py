"""Reading: look-alike spellings of the kit's brands, in texts and in pictures, and brands printed on real cartons."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from model.encoders.base import RGB
from model.evaluation.kit import DefectKind, Kit, KitProduct, build_kit, seller_photo
from model.evaluation.kit.defects import counterfeit
from model.evaluation.kit.words import hushed_offer, offer, unrelated_offer
from model.images import decode
from model.text import (
    BrandWords,
    Lexicon,
    MatchKind,
    Reader,
    Reading,
    foremost_brand,
    lookalikes_seen,
    names_seen,
)
from service.evaluation.manifest import PictureUse, read_retrieval

_FALSE = frozenset({MatchKind.LOOKALIKE, MatchKind.FUZZY})


@dataclass(frozen=True)
class Hits:
    """Of things that should be found."""

    present: int
    found: int
    """Rightly."""
    false: int
    """Found where there is none, or of the wrong brand."""

    @property
    def recall(self) -> float:
        return self.found / max(1, self.present)

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.false)


@dataclass(frozen=True)
class ReadCarton:
    brand: str
    size: tuple[int, int]
    reading: Reading
    seconds: float
    """Of the processor."""


@dataclass(frozen=True)
class CartonHits:
    photos: int
    right: int
    wrong: int
    seconds: float
    """Of the processor, for reading one photo; mean."""
    per_brand: dict[str, tuple[int, int]]
    """Photos and right ones."""


def lookalikes_in_texts(kit: Kit, count: int, rng: np.random.Generator) -> Hits:
    """Half of the offers misspell the brand as the kit's counterfeits do; the others name it rightly, hush it up or
    offer something else."""
    lexicon = kit_lexicon(kit)
    answers = [(truth, _false_spellings(lexicon, text)) for truth, text in _texts(kit, count, rng)]
    return _hits(answers)


def lookalikes_in_pictures(kit: Kit, reader: Reader, count: int, rng: np.random.Generator) -> Hits:
    """Half of the sellers' photos show a false spelling, a quarter genuine articles, a quarter other defects."""
    lexicon = kit_lexicon(kit)
    answers = []
    for truth, pixels in track(_pictures(kit, count, rng), description="pictures of the kit", total=count):
        seen = names_seen(reader.read(pixels).lines, (pixels.shape[1], pixels.shape[0]), lexicon)
        answers.append((truth, frozenset(each.match.brand for each in lookalikes_seen(seen))))
    return _hits(answers)


def read_cartons(
    manifest: Path, reader: Reader, *, split: str, photos: int | None, seed: int
) -> list[ReadCarton]:
    """Read photos of cartons in the hand.

    Args:
        photos: so many, drawn with the seed; None takes all.
    """
    rows = [row for row in read_retrieval(manifest) if row.use is PictureUse.QUERY and row.split == split]
    order = np.random.default_rng(seed).permutation(len(rows))[:photos]
    return [
        _read_carton(rows[int(at)].path, rows[int(at)].product, reader)
        for at in track(order, description="photos of cartons")
    ]


def brands_on_cartons(cartons: Sequence[ReadCarton], *, lines: bool) -> CartonHits:
    """Which of the shelf's brands is printed on the carton in the hand?

    Args:
        lines: whether the lexicon also has the product lines that the brands print larger than their names.
    """
    lexicon = carton_lexicon(lines=lines)
    answers = [
        (each.brand, foremost_brand(names_seen(each.reading.lines, each.size, lexicon))) for each in cartons
    ]
    seconds = sum(each.seconds for each in cartons) / max(1, len(cartons))
    return _carton_hits(answers, seconds)


def kit_lexicon(kit: Kit) -> Lexicon:
    return Lexicon({brand.id: BrandWords(brand.name, brand.spellings[1:]) for brand in kit.brands})


def carton_lexicon(*, lines: bool) -> Lexicon:
    return Lexicon({name: BrandWords(name, lines=own if lines else ()) for name, own in _CARTONS.items()})


def carton_brand(product: str) -> str:
    """`God-Morgon-Apple-Juice` is of God Morgon."""
    return next(name for name in _CARTONS if product.startswith(name.replace(" ", "-")))


def text_kit(seed: int) -> Kit:
    return build_kit(seed, brands=24)


_CARTONS: dict[str, tuple[str, ...]] = {
    "Alpro": ("Mild & Creamy",),
    "Arla": ("Sommarmjölk", "Sommarfil", "Sommargräddfil", "Mild Lättyoghurt"),
    "Bravo": (),
    "Garant": ("Svenska Gårdar",),
    "God Morgon": (),
    "Oatly": ("Havregurt", "Not Milk", "The Original", "Department of Mind Control"),
    "Tropicana": (),
    "Valio": (),
    "Yoggi": (),
}
"""Brands of the shelf with lines of theirs, chosen on the split `train`."""


def _read_carton(path: Path, product: str, reader: Reader) -> ReadCarton:
    pixels = decode(path.read_bytes()).pixels
    began = time.process_time()
    reading = reader.read(pixels)
    seconds = time.process_time() - began
    return ReadCarton(carton_brand(product), (pixels.shape[1], pixels.shape[0]), reading, seconds)


def _texts(kit: Kit, count: int, rng: np.random.Generator) -> Iterator[tuple[str | None, str]]:
    for at in range(count):
        product = _product(kit, rng)
        if at % 2 == 0:
            false = counterfeit(product, {DefectKind.LOOKALIKE_SPELLING}, int(rng.integers(2**31))).spelling
            yield product.brand.id, "\n".join(offer(product, false, rng))
        elif at % 8 in (1, 3):
            yield None, "\n".join(offer(product, product.brand.spellings[int(rng.integers(2))], rng))
        else:
            yield None, "\n".join((hushed_offer(product, rng) if at % 8 == 5 else unrelated_offer(rng))[:2])


def _pictures(kit: Kit, count: int, rng: np.random.Generator) -> Iterator[tuple[str | None, RGB]]:
    honest = [kind for kind in DefectKind if kind is not DefectKind.LOOKALIKE_SPELLING]
    for at in range(count):
        product, hardness = _product(kit, rng), float(rng.beta(2.0, 2.6))
        other = honest[int(rng.integers(len(honest)))]
        defects = ({DefectKind.LOOKALIKE_SPELLING}, set(), {DefectKind.LOOKALIKE_SPELLING}, {other})[at % 4]
        photo = seller_photo(product, rng, defects=frozenset(defects), hardness=hardness)
        yield (product.brand.id if at % 2 == 0 else None), photo.pixels


def _product(kit: Kit, rng: np.random.Generator) -> KitProduct:
    return kit.products[int(rng.integers(len(kit.products)))]


def _false_spellings(lexicon: Lexicon, text: str) -> frozenset[str]:
    return frozenset(match.brand for match in lexicon.matches(text) if match.kind in _FALSE)


def _hits(answers: Sequence[tuple[str | None, frozenset[str]]]) -> Hits:
    return Hits(
        present=sum(truth is not None for truth, _ in answers),
        found=sum(truth in found for truth, found in answers),
        false=sum(len(found - {truth}) for truth, found in answers),
    )


def _carton_hits(answers: Sequence[tuple[str, str | None]], seconds: float) -> CartonHits:
    per_brand = {
        name: (
            sum(truth == name for truth, _ in answers),
            sum(truth == name == answer for truth, answer in answers),
        )
        for name in _CARTONS
    }
    right = sum(truth == answer for truth, answer in answers)
    wrong = sum(answer is not None and truth != answer for truth, answer in answers)
    return CartonHits(len(answers), right, wrong, seconds, per_brand)
