"""From a check of a listing to the marketplace's own server."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from service.security.principals import Role
from service.settings import Settings
from service.webhooks.signing import verify_signature

from .conftest import Receiver, wait

Headers = dict[str, str]


@pytest.fixture
def receiver(receivers: Callable[..., Receiver]) -> Receiver:
    return receivers()


@pytest.fixture
def settings(settings: Settings, receiver: Receiver) -> Settings:
    return settings.model_copy(update={"fetch_hosts_allowed": (receiver.address,)})


def checked(client: TestClient, headers: Headers, reference: str) -> str:
    """The id of the decision on a listing with a picture like no other."""
    noise = np.random.default_rng(7).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    encoded = io.BytesIO()
    Image.fromarray(noise).save(encoded, "PNG")
    answer = client.post(
        "/v1/listings/checks",
        headers=headers,
        data={"listing": json.dumps({"reference": reference, "seller": "shop-1", "title": "a thing"})},
        files={"pictures": ("0.png", encoded.getvalue(), "image/png")},
    )
    assert answer.is_success, answer.text
    identity: str = answer.json()["id"]
    return identity


def test_a_decision_is_told_to_the_marketplace_that_asked_signed_with_its_secret(
    client: TestClient, key_for: Callable[..., Headers], receiver: Receiver
) -> None:
    market, other = key_for(Role.PLATFORM, "Market"), key_for(Role.PLATFORM, "Other market")
    wanted = {"url": f"http://{receiver.address}/hook", "events": ["decision.made"]}
    secret = client.post("/v1/webhooks", headers=market, json=wanted).json()["secret"]
    checked(client, other, "not yours")
    decision_id = checked(client, market, "L-1")
    wait(lambda: receiver.got != [])
    ((headers, body),) = receiver.got
    assert verify_signature(secret, headers, body)
    document = json.loads(body)
    shown = client.get(f"/v1/decisions/{decision_id}", headers=market).json()
    assert document["event"] == "decision.made"
    assert document["data"] == {
        "decision_id": decision_id,
        "reference": "L-1",
        "decision": shown["decision"],
    }


def test_what_is_told_of_a_decision_holds_no_score_and_nothing_of_the_brand(
    client: TestClient, key_for: Callable[..., Headers], receiver: Receiver
) -> None:
    market = key_for(Role.PLATFORM, "Market")
    client.post("/v1/webhooks", headers=market, json={"url": f"http://{receiver.address}/", "events": ["*"]})
    checked(client, market, "L-2")
    wait(lambda: receiver.got != [])
    assert json.loads(receiver.got[0][1])["data"].keys() == {"decision_id", "reference", "decision"}
