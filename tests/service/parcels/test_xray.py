"""X-ray captures of a parcel: told, counted, compared with the declaration, shown otherwise."""

from __future__ import annotations

import ast
import inspect as source
import json
import re
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

import model.xray.enhancing
import service.parcels.xray
import service.parcels.xray_notes
from model.encoders.base import RGB
from model.xray.enhancing import Enhancement
from model.xray.renderer import render_parcel
from service.messages import Language
from service.parcels.wording import words
from tests.service.listings.conftest import png, textured
from tests.service.parcels.conftest import Customs

ABOUT_MARKS = re.compile(
    r"counterfeit|fake|genuine|authentic|replica|infring|brand|logo|trademark|pirat|forg"
    r"|偽|模倣|真正|本物|真贋|侵害|ブランド|商標|標章|假|仿|正品|真品|侵权|品牌",
    re.IGNORECASE,
)


def capture(items: int, seed: int = 3, *, colour: bool = False) -> RGB:
    rng = np.random.default_rng(seed)
    parcel = render_parcel(rng, items, 0, kind="telephone", overlap=0.0)
    return parcel.picture(colour=colour, rng=rng)


@pytest.mark.parametrize("colour", [False, True])
def test_more_alike_items_than_declared_call_for_a_look(customs: Customs, colour: bool) -> None:
    data = png(capture(6, colour=colour))
    found = customs.send([], [data], declaration={"quantity": 1}).json()["inspection"]
    assert found["advice"] == "examine"
    assert [each["code"] for each in found["reasons"]] == ["X-DIFFERS"]
    assert found["xray"]["readings"][0]["alike_items"] == 6
    assert any("6" in each and "1 declared" in each for each in found["xray_notes"])


def test_as_many_items_as_declared_say_nothing(customs: Customs) -> None:
    found = customs.send([], [png(capture(6))], declaration={"quantity": 6}).json()["inspection"]
    assert found["advice"] == "no_finding"


def test_a_photo_sent_as_a_capture_is_not_counted(customs: Customs) -> None:
    found = customs.send([], [png(textured(1))]).json()["inspection"]
    reading = found["xray"]["readings"][0]
    assert (reading["is_xray"], reading["alike_items"]) == (False, None)
    assert "does not look like one" in found["xray_notes"][0]


def test_a_capture_sent_as_a_photo_is_read_as_a_capture(customs: Customs) -> None:
    found = customs.send([png(capture(6, colour=True))], declaration={"quantity": 1}).json()["inspection"]
    reading = found["xray"]["readings"][0]
    assert (reading["sent_as"], reading["alike_items"]) == ("photo", 6)
    assert found["xray"]["captures"] == []


@pytest.mark.parametrize("how", Enhancement)
def test_an_officer_sees_a_capture_enhanced(customs: Customs, how: Enhancement) -> None:
    inspection = customs.send([], [png(capture(2))]).json()["inspection"]
    path = f"/v1/inspections/{inspection['id']}/pictures/{inspection['pictures'][0]['sha256']}"
    plain = customs.client.get(path, headers=customs.officer)
    shown = customs.client.get(path, params={"enhance": how.value}, headers=customs.officer)
    assert (plain.status_code, shown.status_code) == (200, 200)
    first, then = [np.asarray(Image.open(BytesIO(each.content))) for each in (plain, shown)]
    assert first.shape == then.shape
    assert not np.array_equal(first, then)


def test_a_picture_that_is_not_there_is_not_found(customs: Customs) -> None:
    inspection = customs.send([], [png(capture(2))]).json()["inspection"]
    path = f"/v1/inspections/{inspection['id']}/pictures/{'0' * 64}"
    assert customs.client.get(path, headers=customs.officer).status_code == 404


def test_nothing_that_is_said_of_captures_speaks_of_marks() -> None:
    told = [
        text
        for language in Language
        for key, text in words(language).items()
        if key.startswith(("xray.", "reason.X-", "rank.S11"))
    ]
    told += [text for module in _modules() for text in _strings(module)]
    told += _documented()
    assert len(told) > 40
    assert [each for each in told if ABOUT_MARKS.search(each)] == []


def _modules() -> list[ModuleType]:
    return [service.parcels.xray, service.parcels.xray_notes, model.xray.enhancing]


def _strings(module: ModuleType) -> list[str]:
    tree = ast.parse(source.getsource(module))
    return [
        each.value
        for each in ast.walk(tree)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


def _documented() -> list[str]:
    """What the API's document says of captures and of how they are shown."""
    document = json.loads(
        (Path(service.parcels.xray.__file__).parents[1] / "openapi.json").read_text("utf-8")
    )
    shapes, paths = document["components"]["schemas"], document["paths"]
    picture = paths["/v1/inspections/{inspection_id}/pictures/{sha256}"]["get"]
    return [*_texts(picture), *_texts(shapes["Enhancement"])]


def _texts(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [text for each in inner for text in _texts(each)]
