"""A marketplace's decision on a listing that shows a brand's goods, and people who may open a case on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

import service.cases.progress
import service.cases.reminders
import service.cases.service
import service.cases.views
import service.opinions.links
import service.opinions.requests
import service.opinions.service
from service.security.principals import Role

Headers = dict[str, str]
MORNING = datetime(2026, 4, 27, 1, tzinfo=UTC)
"""Monday, 27 April 2026, 10:00 in Tokyo: Golden Week begins on the Wednesday."""


def photo(seed: int) -> bytes:
    file = BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (160, 160, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


class Clock:
    """The present, as the rooms of cases are told it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Port:
    """Where a case is opened."""

    client: TestClient
    inspector: Headers
    owner: Headers
    market: Headers
    brand_id: str
    decision_id: str
    pictures: tuple[bytes, ...]
    clock: Clock

    def open(self, **fields: Any) -> dict[str, Any]:
        body = {
            "subject": {"kind": "decision", "id": self.decision_id},
            "profile": "jp-identification",
            "why": "the stitching looks wrong",
            **fields,
        }
        answer = self.client.post("/v1/cases", json=body, headers=self.inspector)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def step(self, case_id: str, step: str, **fields: Any) -> httpx.Response:
        body = {"step": step, "why": f"{step} as it should be", **fields}
        return self.client.post(f"/v1/cases/{case_id}/steps", json=body, headers=self.inspector)

    def steps(self, case_id: str, *steps: str) -> dict[str, Any]:
        """Take them all; the case as it is then."""
        answer = None
        for each in steps:
            name, _, outcome = each.partition(":")
            answer = self.step(case_id, name, **({"outcome": outcome} if outcome else {}))
            assert answer.status_code == 201, answer.text
        assert answer is not None
        found: dict[str, Any] = answer.json()
        return found

    def case(self, case_id: str, headers: Headers | None = None) -> dict[str, Any]:
        answer = self.client.get(f"/v1/cases/{case_id}", headers=headers or self.inspector)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def clocks(self, case_id: str) -> dict[str, dict[str, Any]]:
        return {each["key"]: each for each in self.case(case_id)["deadlines"]}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What time it is in the rooms of cases alone; keys and jobs go on by the real one."""
    told = Clock(MORNING)
    for room in (
        service.cases.service,
        service.cases.progress,
        service.cases.views,
        service.cases.reminders,
        service.opinions.links,
        service.opinions.requests,
        service.opinions.service,
    ):
        monkeypatch.setattr(room, "now", told)
    return told


@pytest.fixture
def port(client: TestClient, key_for: Callable[..., Headers], clock: Clock) -> Port:
    owner, market = key_for(Role.BRAND_OWNER, "Ohashi"), key_for(Role.PLATFORM, "Market")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).json()["id"]
    known = photo(2)
    client.post(
        f"/v1/brands/{brand}/known-counterfeits",
        data={"case_reference": "C-17"},
        files={"file": ("a", known)},
        headers=owner,
    ).raise_for_status()
    fresh = photo(3)
    checked = client.post(
        "/v1/listings/checks",
        data={"listing": json.dumps({"reference": "L-1", "seller": "shop-1", "title": "bag"})},
        files=[("pictures", ("a", known)), ("pictures", ("b", fresh))],
        headers=market,
    )
    assert checked.status_code == 201, checked.text
    inspector = key_for(Role.INSPECTOR, "Customs")
    return Port(client, inspector, owner, market, brand, checked.json()["id"], (known, fresh), clock)
