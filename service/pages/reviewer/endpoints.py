"""All pages of the reviewer."""

from __future__ import annotations

from service.pages.reviewer import appeals, deciding, drift, queue, rules, switches
from service.pages.routing import page_router

router = page_router()
for each in (queue, deciding, appeals, rules, switches, drift):
    router.include_router(each.router)
