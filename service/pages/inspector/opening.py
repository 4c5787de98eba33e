"""A case is opened on an inspection: the form stands on its page."""

from __future__ import annotations

from fastapi import Response

import service.cases.service as cases
from service.cases.models import SubjectKind
from service.cases.schemas import NewCase
from service.pages.forms import FormRefused, read
from service.pages.inspector.access import InspectorPage
from service.pages.inspector.inspections import show_with
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.routing import page_router

router = page_router()


@router.post("/inspections/{inspection_id}/case")
def open_case(page: InspectorPage, inspection_id: str) -> Response:
    """Where there is one already, that is where it goes on."""
    procedure, _, country = page.text("procedure").partition("|")
    goods = {"article": "article", "quantity": "amount", "item_number": "number"}
    try:
        new = read(
            page,
            NewCase,
            subject={"kind": SubjectKind.INSPECTION.value, "id": inspection_id},
            profile=procedure,
            country=country or None,
            perishable=bool(page.text("perishable")),
            application=not page.text("without"),
            goods={name: page.text(field) for name, field in goods.items()},
            why=page.text("why") or page.say(N_("On the advice of the inspection.")),
        )
        with page.runtime.database.write() as session:
            case_id = cases.open_case(session, page.principal, new).id
    except FormRefused as wrong:
        return show_with(page, inspection_id, wrong.form, 422)
    except cases.CaseOpen as held:
        return page.go(f"/cases/{held.members['case_id']}")
    return page.go(f"/cases/{case_id}", Notice.SAVED)
