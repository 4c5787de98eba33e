from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from index.base import Library, Scope
from service.cli import app
from service.runtime import Runtime
from service.security.principals import Role
from service.settings import Settings
from tests.service.listings.conftest import House, png, textured
from tests.service.vectors.test_reindex import tenant_of

Headers = dict[str, str]


def send(client: TestClient, headers: Headers, *contents: bytes) -> httpx.Response:
    files = [("files", (f"{at}.png", data, "image/png")) for at, data in enumerate(contents)]
    return client.post("/v1/background", headers=headers, files=files)


def searched(runtime: Runtime, house: House) -> int:
    """How many pictures of the background the next check can be compared with."""
    scope = Scope(tenant_of(runtime, house), Library.BACKGROUND)
    return runtime.vectors.serving().embeddings.count(scope)


def test_new_pictures_are_added_and_counted(house: House, runtime: Runtime) -> None:
    answer = send(house.client, house.platform, png(textured(20)), png(textured(21)))
    assert answer.status_code == 201, answer.text
    assert len(answer.json()["added"]) == 2
    listed = house.client.get("/v1/background", params={"limit": 1}, headers=house.platform).json()
    assert (len(listed["items"]), listed["count"]) == (1, 2)
    assert searched(runtime, house) == 2


def test_the_same_picture_again_changes_nothing(house: House, runtime: Runtime) -> None:
    send(house.client, house.platform, png(textured(20)))
    again = send(house.client, house.platform, png(textured(20)), png(textured(22)), png(textured(22))).json()
    assert (len(again["added"]), again["known"]) == (1, 2)
    assert searched(runtime, house) == 2


def test_a_file_that_is_no_picture_is_refused_by_its_place_and_the_others_are_added(house: House) -> None:
    answer = send(house.client, house.platform, b"no picture", png(textured(20))).json()
    assert [each["place"] for each in answer["refused"]] == [0]
    assert len(answer["added"]) == 1


def test_a_copy_of_a_reference_cannot_be_made_everyday(house: House, runtime: Runtime) -> None:
    answer = send(house.client, house.platform, house.photo).json()
    assert answer["added"] == []
    assert "genuine reference" in answer["refused"][0]["reason"]
    assert searched(runtime, house) == 0


def test_what_is_removed_is_gone_from_the_next_check(house: House, runtime: Runtime) -> None:
    added = send(house.client, house.platform, png(textured(20))).json()["added"][0]["id"]
    assert house.client.delete(f"/v1/background/{added}", headers=house.platform).status_code == 204
    assert house.client.get("/v1/background", headers=house.platform).json()["count"] == 0
    assert searched(runtime, house) == 0


def test_the_background_is_never_named_as_what_a_picture_could_be(house: House) -> None:
    send(house.client, house.platform, png(textured(20)))
    assert house.check([png(textured(20))]).json()["decision"] == "allow"


def test_another_marketplace_sees_none_of_it_and_an_administrator_all(
    house: House, key_for: Callable[..., Headers]
) -> None:
    send(house.client, house.platform, png(textured(20)))
    other, admin = key_for(Role.PLATFORM, "Bazaar"), key_for(Role.ADMIN, "Operator")
    assert house.client.get("/v1/background", headers=other).json()["count"] == 0
    assert house.client.get("/v1/background", headers=admin).json()["count"] == 1


def test_a_brand_owner_may_not_add_any(house: House) -> None:
    assert send(house.client, house.owner, png(textured(20))).status_code == 403


@pytest.mark.long
def test_a_folder_is_added_from_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "pictures" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(png(textured(20)))
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("not asked")
    asked = ["background", "add", str(tmp_path / "pictures"), "--tenant", "house", "--organisation", "Market"]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 1
    assert "1 added, 0 known, 1 refused" in shown.output
    assert Settings().data_dir == tmp_path / "data"
