"""`/docs`: Swagger UI from the wheel `fastapi-offline`, started by a script of our own."""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

_HERE = Path(__file__).parent
_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Swagger UI styles its widgets inline; scripts come from this service alone."""


def install_documentation(app: FastAPI) -> None:
    app.mount("/docs/assets", StaticFiles(directory=_ASSETS), name="documentation-assets")
    app.get("/docs", include_in_schema=False)(_page)
    app.get("/docs/start.js", include_in_schema=False)(_start)


def _page() -> FileResponse:
    return FileResponse(
        _HERE / "page.html", media_type="text/html", headers={"Content-Security-Policy": _POLICY}
    )


def _start() -> FileResponse:
    return FileResponse(_HERE / "start.js", media_type="text/javascript")
