"""A contact sheet: what the brand shows, what an honest seller shows, what a counterfeiter shows."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from model.encoders.base import RGB
from model.evaluation.kit.brands import Kit, KitProduct
from model.evaluation.kit.catalogue import catalogue_views
from model.evaluation.kit.defects import DefectKind
from model.evaluation.kit.fonts import TextFace
from model.evaluation.kit.paint import text
from model.evaluation.kit.photos import seller_photo

_CELL = 300
_CAPTION = 26


def contact_sheet(kit: Kit, rng: np.random.Generator, rows: int = 6) -> RGB:
    """One product a row: two catalogue pictures, a genuine article, and two counterfeits under the genuine one's
    very conditions, each with one defect, its name below. Shape (rows * 326, 1700, 3)."""
    products = [kit.products[int(at)] for at in rng.permutation(len(kit.products))[:rows]]
    return np.vstack([_row(product, rng) for product in products])


def _row(product: KitProduct, rng: np.random.Generator) -> RGB:
    views = catalogue_views(product, 2)
    kinds = [list(DefectKind)[int(at)] for at in rng.permutation(len(DefectKind))[:2]]
    seed = int(rng.integers(2**31))
    cells = [_cell(view, f"{product.brand.name} {product.name}", _CELL) for view in views]
    for defects in (frozenset[DefectKind](), *(frozenset({kind}) for kind in kinds)):
        photo = seller_photo(product, np.random.default_rng(seed), defects=defects, hardness=0.25)
        cells.append(_cell(photo.pixels, " ".join(defects) or "genuine", _CELL * 11 // 9))
    return np.hstack(cells)


def _cell(picture: RGB, caption: str, width: int) -> RGB:
    scale = min(width / picture.shape[1], _CELL / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = Image.new("RGB", (width, _CELL + _CAPTION), (255, 255, 255))
    canvas.paste(Image.fromarray(small), ((width - small.shape[1]) // 2, (_CELL - small.shape[0]) // 2))
    top = (_CELL + 6) / canvas.height
    text(canvas, (0.03, top, 0.97, top + 14 / canvas.height), caption, TextFace.REGULAR, (40, 40, 40))
    return np.asarray(canvas).copy()
