"""A picture is read through the API: names of the house's brands, false spellings, barcodes."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw

from model.evaluation.kit.barcodes import bars
from model.evaluation.kit.fonts import TextFace, font
from service.security.principals import Role

Headers = dict[str, str]


def sign(text: str, code: str | None = None) -> bytes:
    canvas = Image.new("RGB", (700, 420), (240, 240, 235))
    ImageDraw.Draw(canvas).text((60, 60), text, (20, 20, 30), font(TextFace.REGULAR, 84))
    if code is not None:
        quiet = np.zeros(10, bool)
        modules = np.concatenate([quiet, bars(code), quiet])
        drawn = np.where(modules, 0, 255).astype(np.uint8).repeat(3)[None].repeat(120, axis=0)
        canvas.paste(Image.fromarray(drawn).convert("RGB"), (60, 220))
    file = BytesIO()
    canvas.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def read(client: TestClient, key_for: Callable[..., Headers]) -> Callable[[bytes], Any]:
    owner, officer = key_for(Role.BRAND_OWNER, "Ohashi"), key_for(Role.INSPECTOR, "Customs")
    client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).raise_for_status()

    def ask(picture: bytes) -> Any:
        answer = client.post("/v1/readings", files={"file": ("a", picture)}, headers=officer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def test_a_brands_name_is_read_with_its_place(read: Callable[[bytes], Any]) -> None:
    found = read(sign("KUMORU"))

    [name] = found["names"]
    assert (name["kind"], name["name"], name["is_telling"]) == ("exact", "Kumoru", False)
    x, y = np.mean(name["corners"], axis=0)
    assert 0.1 < x < 0.6
    assert 0.1 < y < 0.45
    assert found["complete"] is True


def test_a_false_spelling_is_telling(read: Callable[[bytes], Any]) -> None:
    [name] = read(sign("KUMOORU"))["names"]

    assert (name["kind"], name["written"], name["is_telling"]) == ("lookalike", "KUMOORU", True)


def test_a_barcode_is_read_with_who_gave_its_prefix_out(read: Callable[[bytes], Any]) -> None:
    [code] = read(sign("tea", "4901234567894"))["barcodes"]

    assert (code["gtin"], code["issuer"], code["fault"]) == ("04901234567894", "GS1 Japan", None)


def test_only_officers_read(client: TestClient, key_for: Callable[..., Headers]) -> None:
    statuses = [
        client.post("/v1/readings", files={"file": ("a", sign("x"))}, headers=key_for(role, "M")).status_code
        for role in (Role.PLATFORM, Role.BRAND_OWNER)
    ]

    assert statuses == [403, 403]
