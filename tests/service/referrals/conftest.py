from __future__ import annotations

from tests.service.cases.conftest import clock, port

__all__ = ["clock", "port"]
