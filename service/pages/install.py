"""Hangs the pages and their files on the application."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from service.pages.admin.endpoints import router as admin
from service.pages.entrance.endpoints import router as entrance
from service.pages.inspector.cases import router as cases
from service.pages.inspector.inspections import router as inspections
from service.pages.inspector.opening import router as opening
from service.pages.inspector.parcels import router as parcels
from service.pages.inspector.referrals import router as referrals
from service.pages.inspector.taking import router as taking
from service.pages.inspector.worklist import router as worklist
from service.pages.owner.endpoints import router as owner
from service.pages.rendering import ASSETS, STATIC
from service.pages.reviewer.endpoints import router as reviewer
from service.pages.trying.endpoints import router as trying

ROUTERS: tuple[APIRouter, ...] = (
    entrance,
    taking,
    worklist,
    inspections,
    opening,
    parcels,
    cases,
    referrals,
    reviewer,
    owner,
    admin,
    trying,
)


def install_pages(app: FastAPI) -> None:
    app.mount(ASSETS, _Kept(directory=STATIC), name="page-assets")
    for router in ROUTERS:
        app.include_router(router)


class _Kept(StaticFiles):
    """Files whose address changes with their content: kept by the browser for a year."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
