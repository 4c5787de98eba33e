"""How pictures differ from the genuine product that they show: identification points (S4) and patch anomaly (S8).

Only pictures of a product that a closer look told for certain are compared; a copy of the brand's own photo is, unless
it is that very file, for it may have been altered. S4 can decide, so that being late is being late; S8 ranks alone:
where time is short it is left out, and that is said.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy.orm import Session

import service.points.service as points
import service.references.service as references
from model.anomaly import Comparison, View, compared, lay_over
from model.anomaly.points import Region, judge
from model.anomaly.usual import shipped
from model.encoders.base import RGB
from model.images import PictureLimits
from model.products import Verdict
from service.blobs import BlobStore
from service.decoding import stored_pixels
from service.listings.products import ProductsShown, shown
from service.listings.question import Comparing, Question
from service.points.models import IdentificationPoint
from service.references.models import Reference
from service.runtime import Runtime
from service.screening.record import ShownProduct
from service.screening.rules.differences import (
    JudgedHere,
    Laid,
    anomaly_signals,
    not_compared,
    point_signals,
)
from service.screening.signals import Signal

REFERENCES = 3
"""References of the product that a picture is laid over, to find the one that shows it best."""
PICTURES = 3
"""Of a listing that are compared."""
SURE_AGREEMENT = 0.9
"""Share of blocks found again from which a reference counts that is no studio picture; its ground is judged too."""
TIME_LEFT = 0.5
"""Share of the budget that must be left for S8 alone."""


@dataclass(frozen=True)
class _Product:
    brand_id: str
    references: Sequence[Reference]
    points: Sequence[IdentificationPoint]


def differing(
    session: Session, comparing: Comparing, question: Question, products: ProductsShown
) -> list[Signal]:
    """Signals S4 and S8.

    Raises:
        OutOfTime: identification points were not judged.
    """
    signals: list[Signal] = []
    for product_id, pictures in _to_compare(question, products).items():
        product = _product(session, question.tenant_id, product_id, pictures)
        if product.points or _has_time(comparing):
            signals += _of_product(comparing, question, product, pictures)
        else:
            signals += [not_compared(each.brand_id, each.picture, "no time") for each in pictures]
    return signals


def laid_over(comparing: Comparing, suspect: RGB, sha256: str, genuine: Reference) -> Comparison | None:
    """The suspect over one reference; None where too little of both agrees."""
    return comparing.on_pool(over_reference, comparing.runtime, suspect, sha256, genuine.blob)


def _to_compare(question: Question, products: ProductsShown) -> dict[str, list[ShownProduct]]:
    """Product to its pictures."""
    found: dict[str, list[ShownProduct]] = {}
    for each in shown(products):
        copied = products.copied.get(each.picture)
        altered = copied is None or not copied.same_bytes
        if each.verdict is Verdict.PRODUCT and altered and not question.seen[each.picture].faults:
            found.setdefault(each.product_id, []).append(each)
    return {product: pictures[:PICTURES] for product, pictures in found.items()}


def _product(session: Session, tenant_id: str, product_id: str, pictures: Sequence[ShownProduct]) -> _Product:
    drawn = points.checklist(session, tenant_id, [product_id])
    first = [*(each.reference_id for each in drawn), *(each.reference_id for each in pictures)]
    near = references.of_product(session, tenant_id, product_id, first, REFERENCES)
    return _Product(pictures[0].brand_id, near, drawn)


def _has_time(comparing: Comparing) -> bool:
    return comparing.deadline.remaining >= TIME_LEFT * comparing.deadline.seconds


def _of_product(
    comparing: Comparing, question: Question, product: _Product, pictures: Sequence[ShownProduct]
) -> Iterator[Signal]:
    judged: list[JudgedHere] = []
    for each in pictures:
        suspect = comparing.on_pool(question.seen[each.picture].pixels)
        sha256 = question.seen[each.picture].sha256
        best, over = _best(comparing, suspect, sha256, product)
        judged += [point for row, found in over for point in _judged(comparing, product, row, each, found)]
        if best is None:
            yield not_compared(each.brand_id, each.picture, "not aligned")
            continue
        row, found = best
        laid = Laid(each.brand_id, each.product_id, row.id, each.picture, found)
        yield from anomaly_signals([laid], shipped())
    yield from point_signals(product.brand_id, judged)


_Over = tuple[Reference, Comparison]


def _best(
    comparing: Comparing, suspect: RGB, sha256: str, product: _Product
) -> tuple[_Over | None, list[_Over]]:
    """The reference that shows what the picture shows, and every one whose points can be judged."""
    pointed = {each.reference_id for each in product.points}
    over: list[_Over] = []
    best: _Over | None = None
    for row in product.references:
        if best is not None and row.id not in pointed:
            continue
        found = laid_over(comparing, suspect, sha256, row)
        if found is None:
            continue
        if row.id in pointed:
            over.append((row, found))
        if best is None and (found.tint is not None or found.aligned.agreement >= SURE_AGREEMENT):
            best = row, found
    return best, over


def _judged(
    comparing: Comparing, product: _Product, row: Reference, picture: ShownProduct, found: Comparison
) -> list[JudgedHere]:
    runtime = comparing.runtime
    genuine = _view(runtime.blobs, row.blob, runtime.picture_limits).pixels
    here = []
    for point in product.points:
        if point.reference_id == row.id:
            told = judge(found, genuine, Region(point.x0, point.y0, point.x1, point.y1))
            here.append(JudgedHere(point.id, picture.picture, told.finding, told.mass))
    return here


def over_reference(runtime: Runtime, suspect: RGB, sha256: str, genuine: str) -> Comparison | None:
    """
    Args:
        sha256: of the suspect's picture.
        genuine: of the reference's.

    Raises:
        BlobMissing, BlobDamaged: the reference is not stored any more.
    """
    view = _view(runtime.blobs, genuine, runtime.picture_limits)
    ours = runtime.closeups.stored(genuine)
    theirs = runtime.closeups.asked(sha256, lambda: suspect)
    aligned = lay_over(
        view.pixels,
        suspect,
        ours.keypoints,
        theirs.keypoints,
        by_keypoints_alone=view.studio is not None,
    )
    return None if aligned is None else compared(view, aligned, suspect)


_VIEWS_HELD = 24
"""About 10 MB each."""
_views: OrderedDict[str, View] = OrderedDict()
_views_lock = Lock()


def _view(blobs: BlobStore, sha256: str, limits: PictureLimits) -> View:
    """What is known of a reference whatever is laid over it; those used last are held in memory."""
    with _views_lock:
        found = _views.get(sha256)
    if found is None:
        found = View.of(stored_pixels(blobs, sha256, limits))
    with _views_lock:
        _views[sha256] = found
        _views.move_to_end(sha256)
        while len(_views) > _VIEWS_HELD:
            _views.popitem(last=False)
    return found
