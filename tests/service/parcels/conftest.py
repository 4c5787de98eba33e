"""A customs house in the tenant of a brand with one product, its right and what belongs to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from service.ids import new_id
from service.security.principals import Role
from tests.service.listings.conftest import png, textured

SENDER = {"name": "Oda Trading Ltd.", "address": "12 Dock Road, Shenzhen", "country": "CN"}
ADDRESSEE = {"name": "Hanako Yamada", "address": "1-2-3 Minato, Tokyo", "country": "JP"}


@dataclass(frozen=True)
class Customs:
    client: TestClient
    owner: dict[str, str]
    officer: dict[str, str]
    auditor: dict[str, str]
    brand_id: str
    product_id: str
    reference_id: str
    photo: bytes
    """The enrolled reference, byte for byte."""

    def send(
        self,
        photos: Sequence[bytes] = (),
        xrays: Sequence[bytes] = (),
        headers: dict[str, str] | None = None,
        **parcel: Any,
    ) -> httpx.Response:
        body = {"reference": new_id("box"), **parcel}
        files = [("photos", (f"{at}.png", data)) for at, data in enumerate(photos)]
        files += [("xrays", (f"x{at}.png", data)) for at, data in enumerate(xrays)]
        return self.client.post(
            "/v1/parcels",
            data={"parcel": json.dumps(body)},
            files=files or {"nothing": b""},
            headers={**self.officer, **(headers or {})},
        )

    def inspected(self, *photos: bytes, **parcel: Any) -> dict[str, Any]:
        answer = self.send(photos, **parcel)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def decide(self, parcel_id: str, outcome: str, **more: Any) -> dict[str, Any]:
        answer = self.client.post(
            f"/v1/parcels/{parcel_id}/outcome", json={"outcome": outcome, **more}, headers=self.officer
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def enrol(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.client.post(path, json=body, headers=self.owner)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def record_right(self) -> str:
        right = self.enrol(
            f"/v1/brands/{self.brand_id}/rights", kind="trademark", number="INVENTED-1", office="JP"
        )
        self.enrol(
            f"/v1/rights/{right['id']}/recordations", authority="JP", number="R-1", disclosure="secret"
        )
        return str(right["id"])


@pytest.fixture
def customs(client: TestClient, key_for: Callable[..., dict[str, str]]) -> Customs:
    owner, officer = key_for(Role.BRAND_OWNER, "Ohashi"), key_for(Role.INSPECTOR, "Customs")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).json()
    address = f"/v1/brands/{brand['id']}/products"
    product = client.post(
        address, json={"sku": "K-1", "name": "Kumoru tea", "category": "tea"}, headers=owner
    ).json()
    photo = png(textured(1))
    reference = client.post(
        f"/v1/products/{product['id']}/references",
        files={"file": ("front.png", photo, "image/png")},
        data={"view": "front"},
        headers=owner,
    )
    assert reference.status_code == 201, reference.text
    auditor = key_for(Role.AUDITOR, "Audit")
    return Customs(client, owner, officer, auditor, brand["id"], product["id"], reference.json()["id"], photo)


def jpeg(pixels: Any, **options: Any) -> bytes:
    buffer = BytesIO()
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    picture.save(buffer, "JPEG", quality=90, **options)
    return buffer.getvalue()
