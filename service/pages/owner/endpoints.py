"""Every page of a brand owner."""

from __future__ import annotations

from service.pages.owner import (
    brands,
    counterfeits,
    coverage,
    enrolment,
    marks,
    opinions,
    products,
    references,
    rights,
    sellers,
)
from service.pages.routing import page_router

router = page_router()
for _each in (
    brands,
    rights,
    products,
    references,
    sellers,
    marks,
    counterfeits,
    coverage,
    opinions,
    enrolment,
):
    router.include_router(_each.router)
