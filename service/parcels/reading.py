"""What an officer is shown beside an inspection: names of goods, points to look at, rights, licensees, reviews."""

from __future__ import annotations

from sqlalchemy.orm import Session

import service.decisions.service as decisions
import service.points.service as points
import service.sellers.service as sellers
from service.parcels import repository
from service.parcels.models import Inspection
from service.parcels.record import InspectionRecord
from service.parcels.views import Beside, best_candidates, candidate_views
from service.rights.standing import in_force
from service.screening.signals import SignalCode
from service.security.principals import Principal

_LICENSEES = 50


def record_of(inspection: Inspection) -> InspectionRecord:
    return InspectionRecord.model_validate(inspection.record)


def beside(session: Session, principal: Principal, record: InspectionRecord) -> Beside:
    """Everything as it is now: a recordation may have been made since."""
    tenant, day = principal.tenant_id, record.inspected_at.date()
    brands = sorted(_spoken_of(record))
    products = sorted({each.product_id for each in best_candidates(record) if each.brand_id in brands})
    return Beside(
        candidates=decisions.named(session, principal, candidate_views(record)),
        points=points.checklist(session, tenant, products),
        rights=in_force(session, tenant, brands, day),
        licensees=sellers.licensees(session, tenant, brands, day, _LICENSEES),
        reviews=repository.reviews(session, tenant, record.id),
    )


def _spoken_of(record: InspectionRecord) -> set[str]:
    """Brands that are seen, named or copied; a faint likeness alone opens no file."""
    telling = {SignalCode.S1, SignalCode.S2, SignalCode.S3, SignalCode.S4}
    seen = {
        each.brand_id
        for each in record.findings.signals
        if each.brand_id and each.strength and each.code in telling
    }
    return seen | set(record.findings.text_names)
