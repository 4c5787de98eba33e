"""The same house as for listings."""

from __future__ import annotations

from tests.service.listings.conftest import house

__all__ = ["house"]
