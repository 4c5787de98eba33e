"""What a check keeps of how sure it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

import numpy as np
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from model.scoring.findings import shipped
from service.control.chances import chances
from service.control.models import FindingChance, ShadowFiring
from service.runtime import Runtime
from service.screening.record import Basis, DecisionRecord
from service.security.principals import Role

Headers = dict[str, str]


def photo(seed: int) -> bytes:
    file = BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def check(client: TestClient, key_for: Callable[..., Headers]) -> str:
    """A listing with the photo of a confirmed case of a brand; the decision's id."""
    owner = key_for(Role.BRAND_OWNER, "Ohashi")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).json()["id"]
    client.post(
        f"/v1/brands/{brand}/known-counterfeits",
        data={"case_reference": "case"},
        files={"file": ("a", photo(2))},
        headers=owner,
    ).raise_for_status()
    answer = client.post(
        "/v1/listings/checks",
        data={"listing": json.dumps({"reference": "one", "seller": "shop"})},
        files={"pictures": ("a.png", photo(2), "image/png")},
        headers=key_for(Role.PLATFORM, "Market"),
    )
    assert answer.status_code == 201, answer.text
    assert "sureness" not in answer.text
    found: str = answer.json()["id"]
    return found


def test_a_decision_says_how_likely_it_is_right_and_by_which_calibration(
    client: TestClient, key_for: Callable[..., Headers]
) -> None:
    path = f"/v1/decisions/{check(client, key_for)}"
    whole = client.get(path, headers=key_for(Role.AUDITOR, "Operator")).json()
    sure = DecisionRecord.model_validate(whole["record"]).sureness
    assert sure is not None
    assert (sure.basis, sure.calibration) == (Basis.POOLED, shipped().version)
    assert 0 < sure.probability < 1


def test_what_is_counted_is_kept_with_the_decision(
    client: TestClient, key_for: Callable[..., Headers], runtime: Runtime
) -> None:
    decision = check(client, key_for)
    with runtime.database.read() as session:
        kept = session.scalar(select(FindingChance).where(FindingChance.decision_id == decision))
        assert kept is not None
        found = chances(session, kept.tenant_id, [decision, "dec_other"])
        fired = session.scalars(select(ShadowFiring.rule)).all()
    assert kept.coverage == "unrecognised"
    assert found == {decision: kept.probability}
    assert fired == ["counterfeit-copy-alone"]
