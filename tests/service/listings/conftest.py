"""A house with one brand enrolled, and a marketplace that asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import cv2
import httpx2 as httpx
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from model.encoders.base import RGB
from service.security.principals import Role


def textured(seed: int, side: int = 400, detail: int | None = None) -> RGB:
    """Coarse blotches with sharp detail on them: near itself, far from any other seed.

    Args:
        detail: another seed for the detail alone: much alike as a whole, and yet another picture.
    """
    rng = np.random.default_rng(seed)
    coarse = rng.integers(20, 236, (6, 6, 3)).astype(np.uint8)
    blotches = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    rng = np.random.default_rng(detail) if detail is not None else rng
    for _ in range(60):
        corner = rng.integers(0, side - 40, 2)
        colour = rng.integers(0, 255, 3).tolist()
        cv2.rectangle(blotches, corner.tolist(), (corner + rng.integers(8, 40, 2)).tolist(), colour, -1)
    return np.clip(blotches, 0, 255).astype(np.uint8)


def png(pixels: RGB) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True)
class House:
    client: TestClient
    owner: dict[str, str]
    platform: dict[str, str]
    brand_id: str
    product_id: str
    reference_id: str
    photo: bytes
    """The enrolled reference, byte for byte."""

    def check(
        self, pictures: list[bytes], headers: dict[str, str] | None = None, **listing: Any
    ) -> httpx.Response:
        body = {"reference": "L-1", "seller": "shop-1", "title": "a thing", **listing}
        files = [("pictures", (f"{at}.png", data, "image/png")) for at, data in enumerate(pictures)]
        return self.client.post(
            "/v1/listings/checks",
            data={"listing": json.dumps(body)},
            files=files or {"nothing": b""},
            headers={**self.platform, **(headers or {})},
        )


@pytest.fixture
def house(client: TestClient, key_for: Callable[..., dict[str, str]]) -> House:
    owner, platform = key_for(Role.BRAND_OWNER, "Ohashi"), key_for(Role.PLATFORM, "Market")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner)
    assert brand.status_code == 201, brand.text
    product = client.post(
        f"/v1/brands/{brand.json()['id']}/products",
        json={"sku": "K-1", "name": "Kumoru tea", "category": "tea"},
        headers=owner,
    )
    assert product.status_code == 201, product.text
    photo = png(textured(1))
    reference = client.post(
        f"/v1/products/{product.json()['id']}/references",
        files={"file": ("front.png", photo, "image/png")},
        data={"view": "front"},
        headers=owner,
    )
    assert reference.status_code == 201, reference.text
    return House(
        client, owner, platform, brand.json()["id"], product.json()["id"], reference.json()["id"], photo
    )
