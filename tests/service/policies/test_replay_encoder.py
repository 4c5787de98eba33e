"""`mizugiwa replay --encoder`: kept pictures and references are encoded again; what is gone is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.policies.reencoding import blob_folder
from service.runtime import Runtime

from .conftest import Market, photo


def replay(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, *more: str) -> str:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(runtime.settings.data_dir))
    done = CliRunner().invoke(app, ["replay", "--tenant", "house", *more], catch_exceptions=False)
    return " ".join(done.output.split())


def forget(runtime: Runtime, sha256: str) -> None:
    (blob_folder(runtime.settings.data_dir) / sha256[:2] / sha256[2:4] / sha256).unlink()


def test_kept_pictures_are_seen_by_another_encoder(
    market: Market, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    market.check("copy of the reference", photo(1))
    market.check("noise", photo(9))
    changes = tmp_path / "changes.jsonl"
    told = replay(runtime, monkeypatch, "--encoder", "bundled", "--json", str(changes))
    assert "2 decisions compared" in told
    for line in changes.read_text().splitlines():
        assert any("by encoder bundled" in why for why in json.loads(line)["why"])


def test_a_decision_whose_picture_is_gone_is_named_and_not_guessed(
    market: Market, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = market.check("one", photo(7))["id"]
    record = market.client.get(f"/v1/decisions/{decision}", headers=market.auditor).json()["record"]
    forget(runtime, record["pictures"][0]["sha256"])
    told = replay(runtime, monkeypatch, "--encoder", "bundled")
    assert "0 decisions compared, 0 would change 1 could not be decided again" in told
    assert f"{decision}: picture 0 is not kept any more" in told


def test_the_calibration_of_another_encoder_is_refused(
    market: Market, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(
        json.dumps(
            {"fingerprint": "x", "version": "v", "slope": 1, "intercept": 0, "source": "s", "pairs": 1}
        )
    )
    told = replay(runtime, monkeypatch, "--encoder", "bundled", "--calibration", str(file))
    assert "it is the calibration of x" in told
