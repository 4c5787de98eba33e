"""A house that begins with the bundled encoder and moves to a CLIP: the commands as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import open_clip
import pytest
import torch
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from model.encoders import FingerprintMismatch
from model.evaluation.kit import build_kit, catalogue_views
from service.app import create_app
from service.cli import app as cli
from service.opening import open_runtime
from service.security.principals import Role
from service.security.service import create_key, organisation_named, tenant_named
from service.settings import Settings
from tests.service.listings.conftest import png

pytestmark = pytest.mark.long
ARCHITECTURE = "ViT-S-32-alt"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MIZUGIWA_THREADS", "2")
    return Settings(_env_file=None)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    torch.manual_seed(7)
    path = tmp_path / "seven.pt"
    torch.save(open_clip.create_model(ARCHITECTURE, pretrained=None).state_dict(), path)
    return path


@contextmanager
def running(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(lambda: open_runtime(settings))) as client:
        yield client


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def key(client: TestClient, role: Role) -> dict[str, str]:
    runtime = client.app.state.runtime  # type: ignore[attr-defined]
    with runtime.database.write() as session:
        organisation = organisation_named(session, tenant_named(session, "house").id, f"a {role}")
        _, text = create_key(session, runtime.settings.signing_key(), organisation, role, "test", None)
    return {"Authorization": f"Bearer {text}"}


def enrolled(client: TestClient, owner: dict[str, str]) -> dict[str, bytes]:
    """Three products of the kit; reference id to the picture's bytes."""
    brand = client.post("/v1/brands", json={"name": "Kit"}, headers=owner).json()["id"]
    pictures = {}
    for product in build_kit(seed=3, brands=3).products[::3]:
        new = {"sku": product.id, "name": product.name, "category": "any"}
        made = client.post(f"/v1/brands/{brand}/products", json=new, headers=owner).json()["id"]
        photo = png(catalogue_views(product, 1)[0])
        answer = client.post(
            f"/v1/products/{made}/references",
            files={"file": ("front.png", photo)},
            data={"view": "front"},
            headers=owner,
        )
        assert answer.status_code == 201, answer.text
        pictures[answer.json()["id"]] = photo
    return pictures


def best_matches(client: TestClient, pictures: dict[str, bytes]) -> dict[str, str]:
    platform, auditor = key(client, Role.PLATFORM), key(client, Role.AUDITOR)
    found = {}
    for reference, photo in pictures.items():
        decided = client.post(
            "/v1/listings/checks",
            data={"listing": json.dumps({"reference": reference, "seller": "s"})},
            files=[("pictures", ("p.png", photo))],
            headers=platform,
        ).json()
        record = client.get(f"/v1/decisions/{decided['id']}", headers=auditor).json()["record"]
        found[reference] = record["candidates"][0]["reference_id"]
        assert record["versions"]["encoder_fingerprint"] == client.get("/readyz").json()["fingerprint"]
    return found


def test_a_house_moves_from_the_bundled_encoder_to_a_clip_from_a_checkpoint(
    settings: Settings, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(settings) as client:
        pictures = enrolled(client, key(client, Role.BRAND_OWNER))
        assert best_matches(client, pictures) == {reference: reference for reference in pictures}
        before = client.get("/readyz").json()

        run("encoder", "export", ARCHITECTURE, str(checkpoint))
        assert client.get("/readyz").json() == before, "installing an encoder changes nothing by itself"
        name = f"open_clip:{ARCHITECTURE}/{checkpoint}"
        run("calibrate", "--encoder", name, "--brands", "6", "--photos", "60")
        assert "3 vectors made" in run("reindex", "--encoder", name)

        after = client.get("/readyz").json()
        assert after["fingerprint"] != before["fingerprint"]
        assert after["references"] == 3
        assert best_matches(client, pictures) == {reference: reference for reference in pictures}

    monkeypatch.setenv("MIZUGIWA_ENCODER", "bundled")
    with pytest.raises(FingerprintMismatch, match="mizugiwa reindex"):
        open_runtime(Settings(_env_file=None))
    monkeypatch.delenv("MIZUGIWA_ENCODER")
    with running(settings) as client:
        assert client.get("/readyz").json()["fingerprint"] == after["fingerprint"]
