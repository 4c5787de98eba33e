"""Invents the brands and products of the kit. Every name, mark and number is made up from the seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np

from model.evaluation.kit.barcodes import in_store_number
from model.evaluation.kit.fonts import Typeface
from model.evaluation.kit.names import invent_names

_Card = TypeVar("_Card")

Colour = tuple[int, int, int]
"""sRGB, 0 to 255."""


class Category(StrEnum):
    TEA = "tea"
    CONFECTIONERY = "confectionery"
    SKINCARE = "skincare"
    FOOTWEAR = "footwear"
    APPAREL = "apparel"
    AUDIO = "audio"
    SUPPLEMENTS = "supplements"
    STATIONERY = "stationery"


class ProductKind(StrEnum):
    CARTON = "carton"
    LABEL = "label"
    TAG = "tag"
    SHOE_BOX = "shoe_box"


class MarkStyle(StrEnum):
    SUN = "sun"
    FLOWER = "flower"
    PEAK = "peak"
    WAVE = "wave"
    SHIELD = "shield"
    BIRD = "bird"
    MOON = "moon"
    KNOT = "knot"
    LEAVES = "leaves"
    CROWN = "crown"
    COMET = "comet"
    MONOGRAM = "monogram"


class Layout(StrEnum):
    BAND = "band"
    FRAME = "frame"
    DIAGONAL = "diagonal"
    SPLIT = "split"
    STRIPES = "stripes"
    ARCH = "arch"


@dataclass(frozen=True)
class Palette:
    base: Colour
    """What most of a pack is printed in."""
    accent: Colour
    ink: Colour
    """For text on paper; dark."""
    paper: Colour
    """For text on base, and for plaques; light."""


@dataclass(frozen=True)
class KitBrand:
    id: str
    name: str
    spellings: tuple[str, ...]
    """The name as printed, and its katakana."""
    colours: Palette
    typeface: Typeface
    mark_style: MarkStyle
    layout: Layout
    category: Category
    founded: int
    art_seed: int


@dataclass(frozen=True)
class KitProduct:
    id: str
    brand: KitBrand
    kind: ProductKind
    name: str
    category: Category
    price_low: int
    price_median: int
    price_high: int
    currency: str
    barcode: str
    """13 digits, EAN-13 of the in-store range."""
    amount: str
    """Net content or size as printed."""
    tint: Colour
    """Tells one product of a range from its sisters."""
    art_seed: int


@dataclass(frozen=True)
class Kit:
    seed: int
    brands: tuple[KitBrand, ...]
    products: tuple[KitProduct, ...]

    def of_brand(self, brand: KitBrand) -> tuple[KitProduct, ...]:
        return tuple(product for product in self.products if product.brand.id == brand.id)


def build_kit(seed: int = 0, brands: int = 12, products_per_brand: int = 3) -> Kit:
    """Invent brands and their products.

    Args:
        seed: 0 to 2**32 - 1; the same seed gives the same kit.
        brands: 1 to about 200.
        products_per_brand: at least 1.
    """
    rng = np.random.default_rng([seed, 1])
    names = invent_names(rng, brands)
    styles = _dealt(rng, list(MarkStyle), brands)
    faces = _dealt(rng, list(Typeface), brands)
    layouts = _dealt(rng, list(Layout), brands)
    palettes = _dealt(rng, list(_PALETTES), brands)
    categories = _dealt(rng, list(Category), brands)
    invented = tuple(
        KitBrand(
            f"brand-{at + 1:02d}", name, (name, kana), palettes[at], faces[at], styles[at], layouts[at], categories[at],
            int(rng.integers(1871, 2012)), int(rng.integers(2**31)),
        )
        for at, (name, kana) in enumerate(names)
    )  # fmt: skip
    products = [
        product
        for number, brand in enumerate(invented)
        for product in _products(brand, number, products_per_brand, rng)
    ]
    return Kit(seed, invented, tuple(products))


def _dealt(rng: np.random.Generator, cards: list[_Card], count: int) -> list[_Card]:
    """`count` cards, each as often as the others, so that brands differ as much as they can."""
    decks = [cards[int(at)] for _ in range(-(-count // len(cards))) for at in rng.permutation(len(cards))]
    return decks[:count]


def _products(brand: KitBrand, number: int, count: int, rng: np.random.Generator) -> list[KitProduct]:
    range_ = _RANGES[brand.category]
    nouns = [range_.nouns[int(at)] for at in rng.permutation(len(range_.nouns))]
    words = [_QUALIFIERS[int(at)] for at in rng.permutation(len(_QUALIFIERS))]
    tints = [_TINTS[int(at)] for at in rng.permutation(len(_TINTS))]
    products = []
    for at in range(count):
        median = int(round(np.exp(rng.uniform(np.log(range_.low), np.log(range_.high))), -2)) - 20
        name = f"{words[at % len(words)]} {nouns[at % len(nouns)]}"
        products.append(
            KitProduct(
                f"{brand.id}-p{at + 1}", brand, range_.kinds[at % len(range_.kinds)], name, brand.category,
                int(round(median * 0.75, -1)), median, int(round(median * 1.35, -1)), "JPY",
                in_store_number(number * 37 + 1201, at * 811 + 10007), range_.amounts[at % len(range_.amounts)],
                tints[at % len(tints)], int(rng.integers(2**31)),
            )
        )  # fmt: skip
    return products


@dataclass(frozen=True)
class _Range:
    nouns: tuple[str, ...]
    kinds: tuple[ProductKind, ...]
    amounts: tuple[str, ...]
    low: int
    """Cheapest and dearest median price, JPY."""
    high: int


_CARTON, _LABEL, _TAG, _SHOE_BOX = (
    ProductKind.CARTON,
    ProductKind.LABEL,
    ProductKind.TAG,
    ProductKind.SHOE_BOX,
)

_RANGES = {
    Category.TEA: _Range(
        ("Sencha", "Hojicha", "Earl Grey", "Genmaicha", "Chamomile", "Assam"),
        (_CARTON, _LABEL, _CARTON), ("20 bags · 40 g", "100 g", "50 g"), 900, 3800,
    ),
    Category.CONFECTIONERY: _Range(
        ("Butter Biscuits", "Cocoa Wafers", "Caramels", "Sesame Crisps", "Matcha Cookies", "Nougat"),
        (_CARTON, _CARTON, _LABEL), ("180 g", "12 pieces", "240 g"), 800, 3200,
    ),
    Category.SKINCARE: _Range(
        ("Night Cream", "Face Serum", "Cleansing Milk", "Sun Fluid", "Hand Balm", "Toner"),
        (_LABEL, _CARTON, _LABEL), ("150 ml", "50 ml", "200 ml"), 3200, 14800,
    ),
    Category.FOOTWEAR: _Range(
        ("Runner", "Court Low", "Trail Mid", "Canvas Slip", "Street High", "Walker"),
        (_SHOE_BOX, _SHOE_BOX, _TAG), ("JP 26.5 · EU 42", "JP 24.0 · EU 38", "JP 28.0 · EU 44"), 7800, 24800,
    ),
    Category.APPAREL: _Range(
        ("Down Parka", "Merino Knit", "Rain Shell", "Denim Jacket", "Linen Shirt", "Fleece"),
        (_TAG, _CARTON, _TAG), ("M", "L", "S"), 6800, 39800,
    ),
    Category.AUDIO: _Range(
        ("Earbuds", "Headphones", "Travel Speaker", "Sound Link", "Studio Buds", "Charger"),
        (_CARTON, _CARTON, _CARTON), ("Model A2", "Model S7", "Model T1"), 5800, 32800,
    ),
    Category.SUPPLEMENTS: _Range(
        ("Vitamin C", "Collagen", "Omega Oil", "Probiotics", "Zinc Plus", "Iron Daily"),
        (_LABEL, _CARTON, _LABEL), ("90 tablets", "60 capsules", "300 g"), 1800, 7800,
    ),
    Category.STATIONERY: _Range(
        ("Fountain Ink", "Brush Pens", "Wax Pastels", "Drawing Leads", "Gel Pens", "Memo Cards"),
        (_CARTON, _LABEL, _CARTON), ("12 colours", "50 ml", "10 pieces"), 1200, 6800,
    ),
}  # fmt: skip

_QUALIFIERS = (
    "Classic", "Alpine", "Gold Reserve", "Morning", "Northern", "Fine", "Garden", "Number Nine", "Harbour", "Silk",
    "Original", "Double", "Winter", "Daily", "Grand", "Extra",
)  # fmt: skip

_TINTS: tuple[Colour, ...] = (
    (214, 92, 64), (72, 133, 98), (58, 104, 168), (226, 170, 60), (142, 88, 156), (196, 84, 128), (88, 160, 170),
    (120, 96, 72),
)  # fmt: skip

_PALETTES = (
    Palette((23, 60, 54), (214, 172, 92), (20, 34, 32), (246, 240, 224)),
    Palette((188, 38, 46), (250, 214, 122), (48, 14, 18), (255, 247, 232)),
    Palette((24, 46, 104), (236, 98, 62), (14, 22, 52), (243, 246, 252)),
    Palette((244, 205, 214), (168, 52, 92), (74, 22, 44), (255, 250, 248)),
    Palette((20, 20, 22), (222, 60, 50), (18, 18, 20), (244, 244, 240)),
    Palette((240, 188, 44), (36, 58, 96), (30, 30, 40), (255, 252, 238)),
    Palette((120, 178, 168), (244, 122, 92), (22, 62, 62), (248, 252, 248)),
    Palette((92, 52, 120), (236, 190, 70), (44, 20, 62), (250, 244, 252)),
    Palette((236, 228, 208), (140, 72, 40), (58, 34, 22), (252, 248, 238)),
    Palette((0, 122, 178), (255, 214, 60), (6, 38, 66), (240, 250, 255)),
    Palette((226, 108, 40), (30, 74, 78), (52, 24, 12), (255, 246, 234)),
    Palette((88, 124, 62), (240, 226, 120), (30, 48, 22), (248, 250, 236)),
)
