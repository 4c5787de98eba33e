"""Every router of the application; a feature is reachable once its line stands here."""

from __future__ import annotations

from fastapi import APIRouter

from service import health, problems

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    problems.router,
)
