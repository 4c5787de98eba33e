from __future__ import annotations

from pathlib import Path

from service.commands.server import openapi_text

COMMITTED = Path(__file__).parents[2] / "service" / "openapi.json"


def test_the_committed_openapi_document_is_the_one_that_is_served() -> None:
    assert COMMITTED.read_text() == openapi_text(), "run `make openapi` and commit the change"
