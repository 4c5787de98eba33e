"""The story in docs/cases.md, its lines run as they stand there."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.cli import app
from service.settings import Settings
from tests.service.cases.conftest import photo

pytestmark = pytest.mark.long

PAGE = Path(__file__).parents[3] / "docs" / "cases.md"
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_ASSIGNED = re.compile(r"^([A-Z]+)=\$\((.*?)(\| jq -r \.id)?\)$")


def lines() -> Iterator[str]:
    for block in _SHELL.findall(PAGE.read_text("utf-8")):
        yield from block.splitlines()


@dataclass
class Shell:
    """As much of a shell as the page needs: variables, `mizugiwa`, `curl`, and `jq` for an id."""

    client: TestClient
    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def run(self, line: str) -> None:
        if line.startswith("export "):
            return  # the fixture has set it
        if line == "TOKEN=${LINK#*#}":
            self.names["TOKEN"] = self.names["LINK"].partition("#")[2]
            return
        assigned = _ASSIGNED.match(line)
        told = self._told(assigned[2] if assigned else line)
        if assigned:
            self.names[assigned[1]] = json.loads(told)["id"] if assigned[3] else told.strip()
        self.said.append(told)

    def _told(self, line: str) -> str:
        command, *words = shlex.split(Template(line).substitute(self.names))
        if command == "curl":
            return self._curl(words)
        assert command == "mizugiwa", line
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, f"{line}: {done.output}"
        return done.stdout

    def _curl(self, words: list[str]) -> str:
        url, *options = [each for each in words if each != "-s"]
        headers, form, files, body = {}, {}, [], None
        for option, value in zip(options[::2], options[1::2], strict=True):
            name, _, content = value.partition("=")
            match option:
                case "-H":
                    header, _, told = value.partition(": ")
                    headers[header] = told
                case "-d":
                    body = value
                case "-F" if content.startswith("@"):
                    files.append((name, (content[1:], (self.folder / content[1:]).read_bytes())))
                case "-F":
                    form[name] = content
        path = url.removeprefix("http://localhost:8000")
        sends = body is not None or bool(form or files)
        answer = self.client.request(
            "POST" if sends else "GET",
            path,
            headers=headers,
            content=body,
            data=form or None,
            files=files or None,
        )
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.text


@pytest.fixture
def shell(client: TestClient, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIZUGIWA_TENANT", "customs-house")
    for name, seed in (("known.png", 2), ("new.png", 3)):
        (tmp_path / name).write_bytes(photo(seed))
    return Shell(client, tmp_path)


def test_the_story_of_the_page_goes_as_it_is_told(shell: Shell) -> None:
    for line in lines():
        shell.run(line)
    told = "\n".join(shell.said)
    assert "2026-05-16 00:00 Asia/Tokyo" in told  # with which 15 May ends
    assert f"{shell.names['CASE']}: destroyed" in told
    assert "next: nothing; it is over" in told
    assert json.loads(shell.said[-1])["share"] == 1.0
    assert (shell.folder / "referral.pdf").read_bytes().startswith(b"%PDF-")
