"""Titles, descriptions and seller names, as they read on a Japanese marketplace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.evaluation.kit.brands import Category, KitBrand, KitProduct


def official_seller(brand: KitBrand) -> str:
    """The account of the brand's own shop: the seller that `authorised_sellers` names."""
    return f"{brand.name.lower()}-official"


def private_seller(rng: np.random.Generator) -> str:
    return f"{_one(rng, _FIRST)}_{_one(rng, _LAST)}{int(rng.integers(10, 99))}"


def offer(product: KitProduct, spelling: str, rng: np.random.Generator) -> tuple[str, str]:
    """Title and description of a listing that offers the product under a spelling of its brand."""
    extra = _one(rng, _EXTRAS)
    title = f"{spelling} {product.name} {product.amount} {extra}".strip()
    return title, f"{product.brand.spellings[1]} {product.name}。{_one(rng, _REMARKS)}"


def hushed_offer(product: KitProduct, rng: np.random.Generator) -> tuple[str, str]:
    """The same without the brand's name, or with a word that gives a replica away."""
    hint = _one(rng, ("ノーブランド", "海外製", "風デザイン", "N級品", "並行輸入"))
    return f"{product.name} {product.amount} {hint}", f"{hint}です。{_one(rng, _REMARKS)}"


def unrelated_offer(rng: np.random.Generator) -> tuple[str, str, Category]:
    """Goods of no brand."""
    title, category = _UNRELATED[int(rng.integers(len(_UNRELATED)))]
    return title, _one(rng, _REMARKS), category


def _one(rng: np.random.Generator, words: Sequence[str]) -> str:
    return words[int(rng.integers(len(words)))]


_FIRST = ("maru", "sakura", "taka", "neko", "yama", "hana", "blue", "kuma", "mori", "sora", "ichigo", "fuji")
_LAST = ("shop", "ya", "mama", "store", "house", "chan", "market", "selection", "room", "no_mise")
_EXTRAS = ("新品", "未使用", "送料無料", "匿名配送", "正規品", "1点", "")
_REMARKS = (
    "自宅保管のため、神経質な方はご遠慮ください。",
    "いただき物ですが使わないので出品します。",
    "写真でご確認ください。即購入歓迎です。",
    "箱に少し傷があります。",
    "Bought last month, never opened. Ships tomorrow.",
    "まとめ買いで余った分です。",
)
_UNRELATED = (
    ("収納ボックス 木製 小物入れ", Category.STATIONERY),
    ("プレゼント用 ギフト箱 3個", Category.STATIONERY),
    ("焼き菓子 詰め合わせ", Category.CONFECTIONERY),
    ("スニーカー 26cm", Category.FOOTWEAR),
    ("ボトル ポンプ 詰め替え", Category.SKINCARE),
    ("ワイヤレスイヤホン ケース付き", Category.AUDIO),
)
