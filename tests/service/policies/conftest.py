"""A marketplace whose listings copy a confirmed counterfeit of a brand that may block."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

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
class Market:
    client: TestClient
    platform: Headers
    admins: tuple[Headers, Headers]
    auditor: Headers
    counterfeit: bytes

    def check(self, name: str, picture: bytes | None = None) -> dict[str, Any]:
        answer = self.client.post(
            "/v1/listings/checks",
            data={"listing": json.dumps({"reference": name, "seller": "shop", "title": "a bag"})},
            files={"pictures": ("a.png", picture or self.counterfeit, "image/png")},
            headers=self.platform,
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def send(self, path: str, body: Any = None, by: Headers | None = None, expect: int = 201) -> Any:
        answer = self.client.post(f"/v1/policies{path}", json=body, headers=by or self.admins[0])
        assert answer.status_code == expect, answer.text
        return answer.json()

    def switch(self, **what: str) -> Any:
        """Propose and sign."""
        proposed = self.send("/switches", {"reason": "measured", **what})
        return self.send(f"/switches/{proposed['id']}/signature", by=self.admins[1])

    def statuses(self) -> dict[str, str]:
        rules = self.client.get("/v1/policies/rules", headers=self.auditor).json()
        return {rule["id"]: rule["status"] for rule in rules}


@pytest.fixture
def market(client: TestClient, key_for: Callable[..., Headers]) -> Market:
    owner, admin = key_for(Role.BRAND_OWNER, "Ohashi"), key_for(Role.ADMIN, "Operator")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).json()["id"]
    client.patch(f"/v1/brands/{brand}", json={"auto_block": True}, headers=admin).raise_for_status()
    product = client.post(
        f"/v1/brands/{brand}/products", json={"sku": "K-1", "name": "bag", "category": "bags"}, headers=owner
    ).json()["id"]
    client.post(
        f"/v1/products/{product}/references", files={"file": ("a", photo(1))}, headers=owner
    ).raise_for_status()
    fake = photo(2)
    client.post(
        f"/v1/brands/{brand}/known-counterfeits",
        data={"case_reference": "case", "product_id": product},
        files={"file": ("a", fake)},
        headers=owner,
    ).raise_for_status()
    return Market(
        client,
        key_for(Role.PLATFORM, "Market"),
        (admin, key_for(Role.ADMIN, "Operator")),
        key_for(Role.AUDITOR, "Operator"),
        fake,
    )
