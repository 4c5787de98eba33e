from __future__ import annotations

from tests.service.cases.conftest import clock, port, settings

__all__ = ["clock", "port", "settings"]
