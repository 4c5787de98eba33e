"""The administrator's pages, all of them under `/admin`."""

from __future__ import annotations

from service.pages.admin.exchange import router as exchange
from service.pages.admin.people import router as people
from service.pages.admin.upkeep import router as upkeep
from service.pages.routing import page_router

router = page_router()
for each in (upkeep, people, exchange):
    router.include_router(each)
