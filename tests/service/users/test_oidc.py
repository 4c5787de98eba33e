"""Signing in through an identity provider that answers on loopback, and through one that lies."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from service.runtime import Runtime
from service.security.keys import operator
from service.security.principals import Role
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from service.users import service as users

CLIENT = "mizugiwa"


@dataclass
class Provider:
    """Gives a token for whoever is asked for; `lies` replaces claims of it."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    signing: RSAKey | None = None
    lies: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    challenge: str = ""

    def document(self, path: str) -> dict[str, Any]:
        if path.endswith("openid-configuration"):
            ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return {"issuer": self.address, **{name: self.address + end for name, end in ends.items()}}
        return {"keys": [self.key.as_dict(private=False)]}

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        proof = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        known = base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == self.challenge
        if form["code"] != ["the-code"] or not known:
            return {"error": "invalid_grant"}
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "hana",
            "exp": int(time.time()) + 300,
            "nonce": self.nonce,
        } | self.lies
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signing or self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(made.document(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = made.token(parse_qs(body))
            self._answer(answer, 400 if "error" in answer else 200)

        def _answer(self, document: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    return settings.model_copy(
        update={
            "oidc_issuer": provider.address,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr("secret of the client"),
        }
    )


@pytest.fixture
def browser(client: TestClient, runtime: Runtime) -> TestClient:
    """Of somebody who is linked to the provider's subject `hana`."""
    with runtime.database.write() as session:
        tenant_id = tenant_named(session, "house").id
        who, holder = operator(tenant_id), organisation_named(session, tenant_id, "Customs")
        person, _ = users.create(session, who, holder, Role.INSPECTOR, "hana", "Hana Ito")
        users.link(session, who, person, runtime.settings.oidc_issuer, "hana")
    return TestClient(client.app, base_url="https://mizugiwa.example", follow_redirects=False)


def come_back(browser: TestClient, provider: Provider, **other: str) -> httpx2.Response:
    """The way to the provider and back, as a browser goes it."""
    sent = browser.get("/sign-in/elsewhere?next=/account")
    asked = {name: found[0] for name, found in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert asked["redirect_uri"] == "https://mizugiwa.example/sign-in/return"
    assert asked["code_challenge_method"] == "S256"
    provider.nonce, provider.challenge = asked["nonce"], asked["code_challenge"]
    return browser.get("/sign-in/return", params={"code": "the-code", "state": asked["state"]} | other)


def test_person_whom_the_provider_vouches_for_is_let_in(browser: TestClient, provider: Provider) -> None:
    assert come_back(browser, provider).headers["location"] == "/account"
    assert "Hana Ito" in browser.get("/account").text


@pytest.mark.parametrize(
    "lies",
    [
        {"sub": "somebody else"},
        {"iss": "https://other.example"},
        {"aud": "another client"},
        {"exp": 1},
        {"nonce": "of another attempt"},
    ],
    ids=lambda lies: next(iter(lies)),
)
def test_token_for_something_else_lets_nobody_in(
    browser: TestClient, provider: Provider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    assert come_back(browser, provider).status_code in {401, 403}
    assert browser.get("/account").status_code == 303


def test_token_of_another_key_lets_nobody_in(browser: TestClient, provider: Provider) -> None:
    provider.signing = RSAKey.generate_key(2048, {"kid": "1"})
    assert come_back(browser, provider).status_code in {401, 403}


@pytest.mark.parametrize("other", [{"state": "of another"}, {"code": "another"}], ids=["state", "code"])
def test_answer_to_another_attempt_lets_nobody_in(
    browser: TestClient, provider: Provider, other: dict[str, str]
) -> None:
    assert come_back(browser, provider, **other).status_code in {401, 403}


def test_browser_that_began_nothing_is_refused(browser: TestClient) -> None:
    answer = browser.get("/sign-in/return", params={"code": "the-code", "state": "any"})
    assert answer.status_code in {401, 403}


def test_sign_in_page_offers_it(browser: TestClient) -> None:
    assert "/sign-in/elsewhere" in browser.get("/sign-in").text
