"""Every router of the application; a feature is reachable once its line stands here."""

from __future__ import annotations

from fastapi import APIRouter

from service import health, problems
from service.audit.endpoints import router as audit
from service.brands.endpoints import router as brands
from service.counterfeits.endpoints import router as counterfeits
from service.enrolment.endpoints import router as enrolment
from service.jobs import endpoints as jobs
from service.products.endpoints import router as products
from service.references.endpoints import router as references
from service.rights.endpoints import router as rights
from service.security.endpoints import router as security
from service.sellers.endpoints import router as sellers

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    problems.router,
    jobs.router,
    security,
    audit,
    brands,
    rights,
    products,
    references,
    counterfeits,
    sellers,
    enrolment,
)
