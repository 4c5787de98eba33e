from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr

import pytest
from fastapi.testclient import TestClient

from service.logs import JsonLines, LogFormat, log_to_stderr, request_id
from service.security.principals import Role
from service.settings import Settings

Authorised = Callable[..., dict[str, str]]
WRONG = "Bearer mzg_000000000000_wrong-secret"


@contextmanager
def logged(form: LogFormat) -> Iterator[io.StringIO]:
    """What a command writes; pytest's own handlers are put back afterwards."""
    root = logging.getLogger()
    handlers, level, written = root.handlers[:], root.level, io.StringIO()
    with redirect_stderr(written):
        log_to_stderr(form)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_of_text_names_the_request() -> None:
    with logged(LogFormat.TEXT) as written:
        token = request_id.set("caller-0001")
        logging.getLogger("anything").info("done")
        request_id.reset(token)
    assert "INFO anything [caller-0001] done" in written.getvalue()


def test_each_record_is_one_line_of_json() -> None:
    with logged(LogFormat.JSON) as written:
        try:
            raise RuntimeError("cause")
        except RuntimeError:
            logging.getLogger("anything").exception("two\nlines of %s", "鞄")
    (line,) = written.getvalue().splitlines()
    record = json.loads(line)
    assert record.pop("at").endswith("+00:00")
    assert record.pop("exception").endswith("RuntimeError: cause")
    assert record == {
        "level": "ERROR",
        "logger": "anything",
        "request_id": "-",
        "message": "two\nlines of 鞄",
    }


def test_an_operator_chooses_the_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZUGIWA_LOG_FORMAT", "json")
    assert Settings(_env_file=None).log_format is LogFormat.JSON


def test_a_record_made_by_hand_has_no_request() -> None:
    record = logging.LogRecord("anything", logging.INFO, "", 0, "text", (), None)
    assert json.loads(JsonLines().format(record))["request_id"] == "-"


def test_a_refused_key_is_logged_with_its_address_and_counted(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        client.get("/v1/keys", headers={"Authorization": WRONG, "X-Request-Id": "caller-0001"})
    lines = [each for each in caplog.records if each.name == "service.security.gate"]
    assert [each.levelname for each in lines] == ["WARNING", "WARNING"]
    assert lines[1].getMessage() == "refused a key from testclient (no such key), number 2 of 30 a minute"
    assert lines[1].__dict__["request_id"] == "caller-0001"


def test_a_guesser_cannot_flood_the_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(40):
        client.get("/v1/keys", headers={"Authorization": WRONG})
    assert len([each for each in caplog.records if each.name == "service.security.gate"]) == 30


def test_the_log_tells_why_a_key_was_refused_and_the_answer_does_not(
    client: TestClient, key_for: Authorised, caplog: pytest.LogCaptureFixture
) -> None:
    admin, ended = key_for(Role.ADMIN), key_for(Role.AUDITOR, "Ended")
    (key,) = client.get("/v1/keys", headers=ended).json()["items"]
    client.delete(f"/v1/keys/{key['id']}", headers=admin)
    forged = {"Authorization": f"{admin['Authorization']}x"}
    answers = [
        client.get("/v1/keys", headers=each)
        for each in (ended, forged, {"Authorization": WRONG}, {"Authorization": "Basic YTpi"})
    ]
    assert {each.json()["detail"] for each in answers} == {answers[0].json()["detail"]}
    said = "\n".join(each.getMessage() for each in caplog.records if each.name == "service.security.gate")
    assert f"({key['id']}, which has ended)" in said
    assert "(not the secret of key_" in said
    assert "(no such key)" in said
    assert "(not of the form of a key)" in said


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger there is, of libraries too, at DEBUG, before anything asks whether it is."""
    caplog.set_level(logging.DEBUG)
    for name in [*logging.root.manager.loggerDict, "sqlalchemy.engine", "sqlalchemy.pool"]:
        caplog.set_level(logging.DEBUG, name)
    return caplog


def test_no_secret_is_in_any_log(
    everything_logged: pytest.LogCaptureFixture, client: TestClient, key_for: Authorised, settings: Settings
) -> None:
    admin = key_for(Role.ADMIN)
    organisation = client.post("/v1/organisations", headers=admin, json={"name": "Ohashi"}).json()["id"]
    wanted = {"organisation_id": organisation, "role": "admin", "label": "till"}
    made = client.post("/v1/keys", headers=admin, json=wanted).json()
    own = {"Authorization": f"Bearer {made['key']}"}
    rotated = client.post(f"/v1/keys/{made['id']}/rotation", headers=own).json()
    hook = {"url": "https://hooks.example.com/", "events": ["*"]}
    webhook = client.post("/v1/webhooks", headers=admin, json=hook).json()
    client.get("/v1/keys", headers={"Authorization": f"{own['Authorization']}x"})
    client.get("/v1/keys", headers={"Authorization": WRONG})
    client.delete(f"/v1/keys/{rotated['id']}", headers=admin)
    said = everything_logged.text
    assert "INSERT INTO api_keys" in said
    for key in (made["key"], rotated["key"], admin["Authorization"], WRONG):
        assert key.split("_", 2)[2] not in said
    assert webhook["secret"] not in said
    assert settings.signing_key().decode() not in said


def test_what_people_write_is_not_in_the_log_of_statements(
    everything_logged: pytest.LogCaptureFixture, client: TestClient, key_for: Authorised
) -> None:
    client.post("/v1/brands", headers=key_for(Role.BRAND_OWNER), json={"name": "Kumoru"})
    statements = [each for each in everything_logged.records if each.name.startswith("sqlalchemy")]
    assert any("INSERT INTO brands" in each.getMessage() for each in statements)
    assert not [
        each for each in statements if "Kumoru" in each.getMessage() and "Row" not in each.getMessage()
    ]
