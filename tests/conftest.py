"""Shared by all tests: where the real pictures are, if they are."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real pictures beside the project; tests that need it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real pictures are not at {SHARED_DATA}; see ../shared/data/README.md")
    return SHARED_DATA
