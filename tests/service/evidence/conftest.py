"""A decision about a listing that copies a confirmed counterfeit, with its bundle."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from service.security.principals import Role

Headers = dict[str, str]


def photo(seed: int) -> bytes:
    file = BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True)
class Decided:
    client: TestClient
    decision_id: str
    inspector: Headers
    picture: bytes
    folder: Path

    def bundle(self, language: str = "en") -> Path:
        answer = self.client.get(
            f"/v1/decisions/{self.decision_id}/evidence?language={language}", headers=self.inspector
        )
        assert answer.status_code == 200, answer.text
        path = self.folder / f"{language}.zip"
        path.write_bytes(answer.content)
        return path

    def key(self) -> str:
        found: str = self.client.get("/v1/house-key", headers=self.inspector).json()["public_key"]
        return found


@pytest.fixture
def decided(client: TestClient, key_for: Callable[..., Headers], tmp_path: Path) -> Decided:
    owner, platform = key_for(Role.BRAND_OWNER, "Ohashi"), key_for(Role.PLATFORM, "Market")
    brand = client.post("/v1/brands", json={"name": "雲 Kumoru"}, headers=owner).json()["id"]
    fake = photo(2)
    client.post(
        f"/v1/brands/{brand}/known-counterfeits",
        data={"case_reference": "C-17"},
        files={"file": ("a", fake)},
        headers=owner,
    ).raise_for_status()
    checked = client.post(
        "/v1/listings/checks",
        data={"listing": json.dumps({"reference": "L-1", "seller": "shop", "title": "bag"})},
        files=[("pictures", ("a", fake)), ("pictures", ("b", photo(3)))],
        headers=platform,
    )
    decision = checked.json()["id"]
    client.post(
        f"/v1/decisions/{decision}/verdicts",
        json={"outcome": "counterfeit", "note": "縫い目が違う"},
        headers=platform,
    ).raise_for_status()
    return Decided(client, decision, key_for(Role.INSPECTOR, "Customs"), fake, tmp_path)
