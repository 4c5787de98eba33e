"""The inspection: advice, what it rests on, pictures to be compared, what to look at, and what the officer says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy.orm import Session

import service.cases.service as cases
import service.cases.views as case_views
import service.parcels.service as parcels
from index.base import Modality
from service.cases.models import SubjectKind
from service.clocks.endpoints import ProfileOut
from service.clocks.profiles import profiles
from service.errors import NotFound
from service.opinions.schemas import Finding as PointFinding
from service.pages.forms import Form, FormRefused, read, refused
from service.pages.inspector import terms
from service.pages.inspector.access import InspectorPage, message_language
from service.pages.inspector.drawing import jpeg_answer, small_jpeg
from service.pages.inspector.layers import Layer, draw
from service.pages.inspector.pairs import Original, Pair, pair_at, pairs_of
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.page import Page
from service.pages.routing import page_router
from service.pages.telling import names_in, tell
from service.parcels.models import Inspection
from service.parcels.outcomes import review
from service.parcels.reading import beside, record_of
from service.parcels.record import InspectionRecord
from service.parcels.schemas import Answer, NewReview
from service.parcels.views import inspection_view
from service.points.models import IdentificationPoint
from service.references.endpoints import picture_answer

router = page_router()

_LARGE, _SMALL = 1600, 360
_WHY = N_("Say why, unless you agree.")
Shown = Annotated[int, Query(ge=0, le=20, alias="with")]


@router.get("/inspections/{inspection_id}")
def show(page: InspectorPage, inspection_id: str, shown: Shown = 0) -> Response:
    return show_with(page, inspection_id, Form(), number=shown)


@router.post("/inspections/{inspection_id}/reviews")
def answer(page: InspectorPage, inspection_id: str) -> Response:
    """What the officer says to the advice, with what was seen at the identification points."""
    try:
        with page.runtime.database.write() as session:
            inspection = parcels.inspection_of(session, page.principal, inspection_id)
            reason = "\n".join([page.text("reason"), *_looked_at(page, session, inspection)]).strip()
            if not page.text("reason") and page.text("answer") != Answer.AGREE.value and page.text("answer"):
                raise FormRefused(refused(page, _WHY, "reason"))
            review(session, page.principal, inspection_id, read(page, NewReview, reason=reason))
    except FormRefused as wrong:
        return show_with(page, inspection_id, wrong.form, 422)
    return page.go(f"/inspections/{inspection_id}#answer", Notice.SAVED)


@router.get("/inspections/{inspection_id}/pictures/{index}")
def picture(page: InspectorPage, inspection_id: str, index: int, small: bool = False) -> Response:
    """A picture of the inspection, small enough for a phone."""
    with page.runtime.database.read() as session:
        record = record_of(parcels.inspection_of(session, page.principal, inspection_id))
    if not 0 <= index < len(record.pictures):
        raise NotFound(f"The inspection has no picture {index}.")
    data = page.runtime.blobs.get(record.pictures[index].sha256)
    side = _SMALL if small else _LARGE
    return jpeg_answer(page.runtime.pool.submit(small_jpeg, data, page.runtime.picture_limits, side).result())


@router.get("/inspections/{inspection_id}/comparisons/{number}/{layer}")
def layer_of(page: InspectorPage, inspection_id: str, number: int, layer: Layer, point: str = "") -> Response:
    """One layer of a comparison; with `point`, the place of an identification point alone."""
    with page.runtime.database.read() as session:
        inspection = parcels.inspection_of(session, page.principal, inspection_id)
        record = record_of(inspection)
        points = beside(session, page.principal, record).points
        pair = pair_at(pairs_of(session, record, points), number)
    box = next(((each.x0, each.y0, each.x1, each.y1) for each in points if each.id == point), None)
    if point and box is None:
        raise NotFound(f"The inspection has no identification point {point}.")
    data, kind = draw(page.runtime, pair.sha256, pair.original_sha256, layer, box)
    return picture_answer(data, kind)


def show_with(page: Page, inspection_id: str, form: Form, status: int = 200, number: int = 0) -> Response:
    """The page with a form as it was typed.

    Args:
        number: which comparison is shown.
    """
    with page.runtime.database.read() as session:
        inspection = parcels.inspection_of(session, page.principal, inspection_id)
        record = record_of(inspection)
        known = beside(session, page.principal, record)
        pairs = pairs_of(session, record, known.points)
        signals = [each for each in record.findings.signals if each.strength]
        names = names_in(session, page.principal.tenant_id, signals)
        return page.show(
            "inspector/inspection.html",
            status,
            form=form,
            view=inspection_view(record, known, message_language(page)),
            parcel=parcels.get(session, page.principal, inspection.parcel_id),
            signals=tell(signals, names, page.say),
            pairs=pairs,
            number=min(number, max(len(pairs) - 1, 0)),
            regions=_regions(pairs[min(number, len(pairs) - 1)], known.points) if pairs else None,
            pair_of_point={each.id: _pair_of(pairs, each) for each in known.points},
            captures=[each.index for each in record.pictures if each.modality is Modality.XRAY],
            cases=_cases(page, session, inspection),
            procedures=[ProfileOut.of(each) for each in profiles().values()],
            brand_names=_brand_names(record, known.candidates, names.brands),
            terms=terms,
            Original=Original,
        )


def _regions(pair: Pair, points: Sequence[IdentificationPoint]) -> dict[str, list[dict[str, Any]]]:
    """On the photo and on the original, as `compare.html` takes them."""
    matched = [{"points": pair.picture_region, "kind": "matched"}] if pair.picture_region else []
    original = [{"points": pair.original_region, "kind": "matched"}] if pair.original_region else []
    drawn = [
        {
            "points": [(each.x0, each.y0), (each.x1, each.y0), (each.x1, each.y1), (each.x0, each.y1)],
            "kind": "point",
            "label": each.name,
            "point": each.id,
        }
        for each in points
        if each.reference_id == pair.original_id
    ]
    return {"photo": matched, "original": [*original, *drawn]}


def _pair_of(pairs: Sequence[Pair], point: IdentificationPoint) -> int | None:
    return next((at for at, each in enumerate(pairs) if each.original_id == point.reference_id), None)


def _cases(page: Page, session: Session, inspection: Inspection) -> list[Any]:
    found = cases.of_subject(session, page.principal, SubjectKind.INSPECTION, inspection.id)
    return case_views.lines(session, found, message_language(page))


def _brand_names(record: InspectionRecord, candidates: Sequence[Any], known: Any) -> dict[str, str]:
    named = {each.brand_id: each.brand_name or each.brand_id for each in candidates}
    return {**named, **dict(known)}


def _looked_at(page: Page, session: Session, inspection: Inspection) -> list[str]:
    """A line for each identification point that was ticked off."""
    points = beside(session, page.principal, record_of(inspection)).points
    said = {each.id: page.text(f"point-{each.id}") for each in points}
    return [
        f"{each.name}: {page.say(terms.POINT_FINDINGS[PointFinding(said[each.id])])}"
        for each in points
        if said[each.id] in set(PointFinding)
    ]
