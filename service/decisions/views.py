"""Which view of a decision each role is given."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.decisions import service
from service.errors import NotFound
from service.messages import Language
from service.screening.record import DecisionRecord
from service.screening.schemas import BrandOwnerView, HookView, InspectorView, RecordView
from service.screening.views import brand_owner_view, hook_view, inspector_view, record_view
from service.security.principals import Principal, Role

View = HookView | InspectorView | BrandOwnerView | RecordView


def view_for(session: Session, principal: Principal, record: DecisionRecord, language: Language) -> View:
    """The record as the principal's role may see it, brands and products by their names.

    Raises:
        NotFound: nothing in it concerns the principal.
    """
    match principal.role:
        case Role.PLATFORM:
            return hook_view(record, language)
        case Role.INSPECTOR:
            view = inspector_view(record)
            return view.model_copy(update={"candidates": service.named(session, principal, view.candidates)})
        case Role.BRAND_OWNER | Role.AGENT:
            return _own_view(session, principal, record)
        case Role.ADMIN | Role.AUDITOR:
            return record_view(record)


def _own_view(session: Session, principal: Principal, record: DecisionRecord) -> BrandOwnerView:
    view = brand_owner_view(record, service.own_brand_ids(session, principal))
    if view is None:
        raise NotFound(f"There is no decision {record.id} that this key may see.")
    return view.model_copy(update={"candidates": service.named(session, principal, view.candidates)})
