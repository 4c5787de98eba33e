"""The demo as a newcomer runs it: outcomes, the page, and the commands that it prints."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.commands.server import serve
from service.demo.checking import Checked
from service.demo.folder import FolderInUse, begin_anew
from service.demo.onward import ADDRESS
from service.demo.run import Ran, run
from service.demo.scenes import FEWEST, Story
from service.demo.summary import figures
from service.screening.outcome import Decision, ReasonCode
from service.screening.signals import SignalCode

_MIZUGIWA = Path(sys.executable).with_name("mizugiwa")


def _run(root: Path) -> Ran:
    return run(root, seed=0, count=FEWEST, step=lambda name, total: lambda done: None)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return _run(tmp_path_factory.mktemp("demo") / "a demo")


@pytest.mark.long
@pytest.mark.parametrize(
    ("story", "decision", "code"),
    [
        (Story.AUTHORISED, Decision.ALLOW, ReasonCode.A_AUTH),
        (Story.UNRELATED, Decision.ALLOW, ReasonCode.N_NONE),
        (Story.STOLEN_UNTOUCHED, Decision.REVIEW, ReasonCode.C_REF),
        (Story.STOLEN, Decision.REVIEW, ReasonCode.C_REF),
        (Story.MIRRORED, Decision.REVIEW, ReasonCode.C_REF),
        (Story.CROPPED, Decision.REVIEW, ReasonCode.C_REF),
        (Story.PASTED, Decision.REVIEW, ReasonCode.C_REF),
        (Story.REPOST_UNTOUCHED, Decision.REVIEW, ReasonCode.K_COPY),
        (Story.REPOST, Decision.REVIEW, ReasonCode.K_COPY),
        (Story.CHEAP, Decision.REVIEW, ReasonCode.C_REF),
        (Story.BLANK, Decision.REVIEW, ReasonCode.Q_PHOTO),
    ],
)
def test_story_is_decided_for_its_reason(
    ran: Ran, story: Story, decision: Decision, code: ReasonCode
) -> None:
    for each in _of(ran, story):
        assert each.hook.decision is decision
        assert code in [reason.code for reason in each.hook.reasons]


@pytest.mark.long
@pytest.mark.parametrize(
    ("story", "kind", "mirrored"),
    [
        (Story.MIRRORED, "same_photo", True),
        (Story.CROPPED, "crop_of", False),
        (Story.PASTED, "contains", False),
    ],
)
def test_edited_copy_is_verified_with_its_kind_and_place(
    ran: Ran, story: Story, kind: str, mirrored: bool
) -> None:
    (each,) = _of(ran, story)
    found = [
        signal.evidence for signal in each.signals if signal.code is SignalCode.S2 and signal.strength > 1
    ]
    assert [(evidence["kind"], evidence["mirrored"]) for evidence in found] == [(kind, mirrored)]
    assert all(evidence["query_region"] and evidence["reference_region"] for evidence in found)


@pytest.mark.long
def test_honest_listings_are_left_alone(ran: Ran) -> None:
    honest = [each for each in ran.checked if not each.story.needs_look]
    assert {each.story for each in honest} >= {Story.RESALE, Story.EDITED}
    assert [each.scene.listing["title"] for each in honest if each.looked_at] == []


@pytest.mark.long
def test_edit_uses_again_what_was_seen_before(ran: Ran) -> None:
    (edited,) = _of(ran, Story.EDITED)
    before = next(
        each for each in _of(ran, Story.RESALE) if each.record.listing_id == edited.record.listing_id
    )
    assert edited.record.timings_ms["see"] < before.record.timings_ms["see"] / 2


@pytest.mark.long
def test_report_holds_everything_it_shows(ran: Ran) -> None:
    page = ran.folder.report.read_text(encoding="utf-8")
    assert page.count("<article") == len(ran.checked)
    sources = re.findall(r'\bsrc="([^"]{0,40})', page)
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert not re.search(r"<script|<link|@import|url\(|https?://", page)
    assert re.findall(r"<img(?![^>]*\balt=)", page) == []


@pytest.mark.long
def test_keys_are_for_their_owner_alone(ran: Ran) -> None:
    assert stat.S_IMODE(ran.folder.keys.stat().st_mode) == 0o600


@pytest.mark.long
def test_printed_curl_checks_a_listing_against_the_printed_server(ran: Ran) -> None:
    assert shutil.which("curl"), "the demo prints a curl command, so the test needs curl"
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    port = address.rpartition(":")[2]
    assert ran.onward.serve.endswith("make serve")
    command = ran.onward.serve.removesuffix("make serve") + f"exec '{_MIZUGIWA}' serve --port {port}"
    with _shell(command, address):
        answer = subprocess.run(
            ["bash", "-c", ran.onward.curl.replace(ADDRESS, address)], capture_output=True, check=True
        )
    decided = json.loads(answer.stdout)
    assert decided["decision"] == "review"
    assert [reason["code"] for reason in decided["reasons"]] == ["C-REF"]


def test_printed_address_is_where_serve_listens() -> None:
    defaults = {name: each.default for name, each in inspect.signature(serve).parameters.items()}
    assert f"http://{defaults['host']}:{defaults['port']}" == ADDRESS


@pytest.mark.long
def test_second_run_starts_anew_and_decides_alike(ran: Ran, tmp_path: Path) -> None:
    root = tmp_path / "again"
    shutil.copytree(ran.folder.root, root)
    again = _run(root)
    assert [_told(each) for each in again.checked] == [_told(each) for each in ran.checked]
    assert figures(again.checked)["listings"] == FEWEST


def test_folder_of_others_is_not_touched(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text("keep me")
    with pytest.raises(FolderInUse, match="no demo wrote"):
        begin_anew(tmp_path)
    assert theirs.read_text() == "keep me"


def _of(ran: Ran, story: Story) -> list[Checked]:
    found = [each for each in ran.checked if each.story is story]
    assert found
    return found


def _told(checked: Checked) -> tuple[object, ...]:
    outcome = checked.record.outcome
    return checked.scene.listing["reference"], outcome.decision, outcome.rule, outcome.codes, outcome.priority


@contextmanager
def _shell(command: str, address: str) -> Iterator[None]:
    server = subprocess.Popen(["bash", "-c", command])
    try:
        _wait(server, f"{address}/openapi.json")
        yield
    finally:
        server.terminate()
        server.wait(30)


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within a minute")
