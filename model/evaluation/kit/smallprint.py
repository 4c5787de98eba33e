"""What packs say in small letters: barcodes, ingredients as Japanese law lists them, taglines."""

from __future__ import annotations

import numpy as np
from PIL import Image

from model.evaluation.kit.barcodes import MODULES, bars
from model.evaluation.kit.brands import Category, KitBrand, KitProduct
from model.evaluation.kit.fonts import TextFace
from model.evaluation.kit.paint import Box, pixels, text

_QUIET = 9
"""Empty modules beside the bars."""


def tagline(brand: KitBrand) -> str:
    return f"{_TRADES[brand.category]} · SINCE {brand.founded}"


def ingredients(product: KitProduct) -> list[str]:
    """The table of name, contents, amount, keeping and maker, one row a line."""
    kind, contents = _CONTENTS[product.category]
    lot = np.random.default_rng([product.art_seed, 5]).integers(1000, 9999)
    return [
        f"名称　　{kind}", f"品名　　{product.name}", f"原材料　{contents}", f"内容量　{product.amount}",
        "保存方法　高温多湿を避けて保存", f"製造番号　L{lot}", f"販売者　{product.brand.spellings[1]}株式会社",
        f"創業　　{product.brand.founded}年",
    ]  # fmt: skip


def print_barcode(canvas: Image.Image, box: Box, digits: str) -> None:
    """An EAN-13 symbol with its quiet zones on white, whole pixels a module, digits below.

    Nothing is printed where the box is narrower than one pixel a module.
    """
    left, top, right, bottom = pixels(canvas, box)
    module = (right - left) // (MODULES + 2 * _QUIET)
    if module < 1:
        return
    width = module * (MODULES + 2 * _QUIET)
    left += (right - left - width) // 2
    canvas.paste((255, 255, 255), (left, top, left + width, bottom))
    ink = np.repeat(bars(digits), module)
    tall = int((bottom - top) * 0.74)
    symbol = np.where(ink[None, :, None], 12, 255).astype(np.uint8)
    canvas.paste(
        Image.fromarray(np.broadcast_to(symbol, (tall, len(ink), 3)).copy()),
        (left + _QUIET * module, top + (bottom - top) // 20),
    )
    under = (left / canvas.width, (top + (bottom - top) * 0.82) / canvas.height,
             (left + width) / canvas.width, (bottom - (bottom - top) * 0.05) / canvas.height)  # fmt: skip
    text(canvas, under, f"{digits[0]} {digits[1:7]} {digits[7:]}", TextFace.REGULAR, (12, 12, 12))


_TRADES = {
    Category.TEA: "TEA MERCHANTS",
    Category.CONFECTIONERY: "FINE BAKERS",
    Category.SKINCARE: "LABORATOIRE",
    Category.FOOTWEAR: "ATHLETIC GOODS",
    Category.APPAREL: "OUTFITTERS",
    Category.AUDIO: "SOUND ENGINEERS",
    Category.SUPPLEMENTS: "HEALTH RESEARCH",
    Category.STATIONERY: "COLOUR MAKERS",
}

_CONTENTS = {
    Category.TEA: ("茶", "茶葉、香料"),
    Category.CONFECTIONERY: ("焼菓子", "小麦粉、砂糖、バター、食塩"),
    Category.SKINCARE: ("化粧品", "水、グリセリン、香料"),
    Category.FOOTWEAR: ("履物", "合成繊維、合成底"),
    Category.APPAREL: ("衣料品", "綿60%、ポリエステル40%"),
    Category.AUDIO: ("音響機器", "本体、充電ケーブル、説明書"),
    Category.SUPPLEMENTS: ("健康食品", "ビタミン、でんぷん、セルロース"),
    Category.STATIONERY: ("文房具", "顔料、水、樹脂"),
}
