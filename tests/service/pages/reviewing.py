"""A marketplace with listings that a reviewer has to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

FAKE, GENUINE = 2, 5
"""Seeds of the pictures of a confirmed counterfeit and of a genuine reference."""


@dataclass(frozen=True)
class Market:
    owner: Any
    platform: Any
    """Clients, of httpx or of the tests."""
    as_owner: Mapping[str, str]
    as_platform: Mapping[str, str]

    def enrol(self) -> str:
        """A brand with a product, its price, a reference and a confirmed counterfeit; its id."""
        brand = self._own("/v1/brands", json={"name": "Kumoru"})
        product = self._own(f"/v1/brands/{brand}/products", json={"name": "Wave bag", "sku": "W-1"})
        band = {"currency": "JPY", "low": "20000", "median": "30000", "high": "40000"}
        self._own(f"/v1/products/{product}/price-bands", json=band)
        self._own(f"/v1/products/{product}/references", files={"file": ("a", photo(GENUINE))})
        self._own(
            f"/v1/brands/{brand}/known-counterfeits",
            data={"case_reference": "C-17"},
            files={"file": ("a", photo(FAKE))},
        )
        return brand

    def check(self, reference: str, seed: int = FAKE, seller: str = "shop-1") -> str:
        """Id of the decision on a listing with that picture, and with the brand's own one."""
        listing = {
            "reference": reference,
            "seller": seller,
            "title": "bag",
            "price": "2500",
            "currency": "JPY",
        }
        answer = self.platform.post(
            "/v1/listings/checks",
            data={"listing": json.dumps(listing | {"condition": "new"})},
            files=[("pictures", ("a", photo(each))) for each in sorted({seed, GENUINE})],
            headers=self.as_platform,
        )
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def appeal(self, decision_id: str, text: str) -> str:
        answer = self.platform.post(
            f"/v1/decisions/{decision_id}/appeals", json={"text": text}, headers=self.as_platform
        )
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def _own(self, path: str, **body: Any) -> str:
        answer = self.owner.post(path, headers=self.as_owner, **body)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found


def photo(seed: int) -> bytes:
    """Coarse patches that tell pictures apart, under grain that makes them sharp."""
    drawn, file = np.random.default_rng(seed), BytesIO()
    patches = drawn.integers(0, 256, (10, 10, 3)).repeat(30, 0).repeat(30, 1)
    grain = drawn.integers(0, 256, (300, 300, 3))
    Image.fromarray(((patches + grain) // 2).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()
