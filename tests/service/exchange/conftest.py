from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.databases import Engine
from tests.service.exchange.houses import Side, Stranger, Wire, befriend, two_houses


@dataclass
class Both:
    """Two houses that are partners already."""

    customs: Side
    market: Side
    wire: Wire


@pytest.fixture
def strangers(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    with two_houses(tmp_path, monkeypatch, engine) as (customs, market, wire):
        yield Both(customs, market, wire)


@pytest.fixture
def both(strangers: Both) -> Both:
    befriend(strangers.customs, strangers.market)
    return strangers


@pytest.fixture
def stranger() -> Stranger:
    return Stranger.new()
