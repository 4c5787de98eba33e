"""Calibration and drift: whether scores still lie where probabilities were made of them."""

from __future__ import annotations

from fastapi import Response

from service.clock import now
from service.control import looking
from service.control import service as control
from service.control.schemas import CalibrationOut, DriftOut
from service.pages.language import N_
from service.pages.reviewer import charts
from service.pages.reviewer.access import MeasuringPage, sees_scores
from service.pages.routing import page_router
from service.pages.telling import Badge

router = page_router()

_LOOKS = 30
_STANDINGS: dict[str, Badge] = {
    "steady": Badge(N_("steady"), "go"),
    "noticed": Badge(N_("moved, too little to act upon"), "look"),
    "alarm": Badge(N_("alarm: calibrate anew"), "stop"),
    "cannot_tell": Badge(N_("cannot be told yet")),
}


@router.get("/drift")
def show_drift(page: MeasuringPage) -> Response:
    exact = sees_scores(page)
    with page.runtime.database.read() as session:
        tenant = page.principal.tenant_id
        report = control.last_report(session, tenant)
        drift = report.drift if report else DriftOut.of(None)
        found = looking.calibration(session, tenant, now())
        looks = control.drift_history(session, tenant, _LOOKS)
        return page.show(
            "reviewer/drift.html",
            looked_at=report.at if report else None,
            drift=drift,
            standings=_STANDINGS,
            streams=charts.STREAMS,
            bars=charts.bars(drift),
            lines=charts.history(looks),
            looks=len(looks),
            calibration=CalibrationOut.of(found),
            curve=charts.curve(found.using.calibration) if exact else "",
            exact=exact,
            width=charts.WIDTH,
            height=charts.HEIGHT,
        )
