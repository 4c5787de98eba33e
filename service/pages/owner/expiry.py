"""How near the end of a right, a recordation or an authorisation is, as a page shows it."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.clock import now
from service.pages.page import Page

SOON = timedelta(days=90)
"""Renewing a recordation takes customs weeks."""


class Expiry(StrEnum):
    OPEN = "open"
    """No last day is known."""
    FAR = "far"
    SOON = "soon"
    OVER = "over"


def today(page: Page) -> date:
    """Where the house is."""
    return now().astimezone(ZoneInfo(page.runtime.settings.time_zone)).date()


def expiry(last: date | None, on: date) -> Expiry:
    """Args: last: the last day that counts."""
    if last is None:
        return Expiry.OPEN
    if last < on:
        return Expiry.OVER
    return Expiry.SOON if last - on <= SOON else Expiry.FAR
