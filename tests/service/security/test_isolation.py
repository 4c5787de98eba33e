"""Nobody sees or infers what is somebody else's: held over every endpoint of the OpenAPI document.

A new endpoint is covered by itself. One with a path parameter that no factory below can fill fails the first test,
which says what to add.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from service.ids import new_id
from service.security.principals import Role

Authorised = Callable[..., dict[str, str]]
Headers = dict[str, str]

PUBLIC = {"/healthz", "/readyz", "/problems", "/problems/{slug}"}
"""Asked without a key; everything else answers 401."""

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class World:
    """Two houses: `house` with the owners Ohashi (whose things are made) and Ishii, and `elsewhere`."""

    client: TestClient
    key_for: Authorised

    @property
    def admin(self) -> Headers:
        return self.key_for(Role.ADMIN)

    @property
    def owner(self) -> Headers:
        return self.key_for(Role.BRAND_OWNER, "Ohashi")

    def make(self, path: str, body: dict[str, object], headers: Headers) -> str:
        answer = self.client.post(path, headers=headers, json=body)
        assert answer.status_code in {201, 202}, f"{path}: {answer.text}"
        identity: str = answer.json()["id"]
        return identity

    def upload(self, path: str, fields: dict[str, str]) -> str:
        """Every picture is another one, so that none is refused as known."""
        noise = np.random.default_rng().integers(0, 256, (256, 256, 3), dtype=np.uint8)
        encoded = io.BytesIO()
        Image.fromarray(noise).save(encoded, "PNG")
        files = {"file": ("photo.png", encoded.getvalue(), "image/png")}
        answer = self.client.post(path, headers=self.owner, files=files, data=fields)
        assert answer.status_code == 201, f"{path}: {answer.text}"
        identity: str = answer.json()["id"]
        return identity


def make_key(world: World) -> str:
    found = world.client.get("/v1/keys", headers=world.owner).json()["items"]
    identity: str = found[0]["id"]
    return identity


def make_mandate(world: World) -> str:
    agent, owner = (
        world.make("/v1/organisations", {"name": new_id(prefix)}, world.admin) for prefix in ("agt", "own")
    )
    return world.make("/v1/mandates", {"agent_id": agent, "owner_id": owner}, world.admin)


def make_brand(world: World) -> str:
    return world.make("/v1/brands", {"name": new_id("brd")}, world.owner)


def make_right(world: World) -> str:
    body: dict[str, object] = {"kind": "trademark", "number": new_id("rgt"), "office": "JP"}
    return world.make(f"/v1/brands/{make_brand(world)}/rights", body, world.owner)


def make_recordation(world: World) -> str:
    body: dict[str, object] = {"authority": "JP", "number": new_id("rec")}
    return world.make(f"/v1/rights/{make_right(world)}/recordations", body, world.owner)


def make_product(world: World) -> str:
    body: dict[str, object] = {"sku": new_id("sku"), "name": "Shoe"}
    return world.make(f"/v1/brands/{make_brand(world)}/products", body, world.owner)


def make_band(world: World) -> str:
    body: dict[str, object] = {"currency": "JPY", "low": "1000", "median": "2000", "high": "3000"}
    return world.make(f"/v1/products/{make_product(world)}/price-bands", body, world.owner)


def make_authorised_seller(world: World) -> str:
    return world.make(f"/v1/brands/{make_brand(world)}/authorised-sellers", {"seller": "shop"}, world.owner)


def make_reference(world: World) -> str:
    return world.upload(f"/v1/products/{make_product(world)}/references", {})


def make_counterfeit(world: World) -> str:
    return world.upload(f"/v1/brands/{make_brand(world)}/known-counterfeits", {"case_reference": "case 1"})


FACTORIES: dict[str, Callable[[World], str]] = {
    "band_id": make_band,
    "brand_id": make_brand,
    "counterfeit_id": make_counterfeit,
    "key_id": make_key,
    "mandate_id": make_mandate,
    "product_id": make_product,
    "recordation_id": make_recordation,
    "record_id": make_authorised_seller,
    "reference_id": make_reference,
    "right_id": make_right,
}
"""How to make one of the things that a path parameter names, as the brand owner Ohashi (or the administrator)."""

UNMADE = {
    "appeal_id", "case_id", "check_id", "decision_id", "delivery_id", "endpoint_id", "enrolment_id", "import_id",
    "job_id", "webhook_id",
}  # fmt: skip
"""Made by their own features' tests; here they are asked for by ids that do not exist."""


@pytest.fixture
def world(client: TestClient, key_for: Authorised) -> World:
    return World(client, key_for)


def operations(client: TestClient) -> Iterator[tuple[str, str, list[str]]]:
    """Method, path and names of the path parameters of everything that is offered."""
    for path, item in client.app.openapi()["paths"].items():  # type: ignore[attr-defined]
        for method in METHODS:
            if method in item:
                parameters = [*item.get("parameters", []), *item[method].get("parameters", [])]
                yield method, path, [each["name"] for each in parameters if each["in"] == "path"]


def scoped(client: TestClient) -> Iterator[tuple[str, str, list[str]]]:
    return ((m, path, names) for m, path, names in operations(client) if path not in PUBLIC)


def ask(client: TestClient, method: str, path: str, ids: dict[str, str], headers: Headers) -> tuple[int, str]:
    """Status and body, with the ids and what differs from request to request taken out."""
    answer = client.request(
        method, path.format_map(ids), headers=headers, **({} if method in {"get", "delete"} else {"json": {}})
    )
    body = answer.text
    if answer.headers.get("content-type") == "application/problem+json":
        document = answer.json()
        document.pop("request_id", None)
        body = json.dumps(document, sort_keys=True)
    for value in ids.values():
        body = body.replace(value, "ID")
    return answer.status_code, body


def random_ids(names: list[str]) -> dict[str, str]:
    return {name: new_id(f"{name[:3]}".replace("_", "x")) for name in names}


def test_every_path_parameter_has_a_declared_expectation(client: TestClient) -> None:
    asked = {name for _, _, names in scoped(client) for name in names}
    undeclared = asked - FACTORIES.keys() - UNMADE
    assert not undeclared, f"add to FACTORIES of this test how to make one of: {sorted(undeclared)}"


def test_without_a_key_nothing_but_the_public_addresses_answers(client: TestClient) -> None:
    for method, path, names in scoped(client):
        status, _ = ask(client, method, path, random_ids(names), {})
        assert status == 401, f"{method} {path} answers {status} to somebody without a key"


@pytest.mark.parametrize("role", list(Role))
def test_no_role_makes_the_service_stumble(client: TestClient, key_for: Authorised, role: Role) -> None:
    for method, path, names in operations(client):
        headers = key_for(role)
        status, body = ask(client, method, path, random_ids(names), headers)
        assert status < 500 or path == "/readyz", f"{method} {path} as {role}: {status} {body}"


@pytest.mark.parametrize(
    ("role", "organisation", "tenant"),
    [
        (Role.BRAND_OWNER, "Ishii", "house"),
        (Role.AGENT, "Agent without a mandate", "house"),
        *((role, "Ohashi", "elsewhere") for role in Role),
    ],
)
def test_what_is_anothers_is_answered_like_what_does_not_exist(
    world: World, role: Role, organisation: str, tenant: str
) -> None:
    stranger = world.key_for(role, organisation, tenant=tenant)
    made = {name: factory(world) for name, factory in FACTORIES.items() if _offered(world, name)}
    compared = 0
    for method, path, names in scoped(world.client):
        owned = [name for name in names if name in made]
        if owned:
            unknown = random_ids(names)
            theirs = unknown | {name: made[name] for name in owned}
            expected = ask(world.client, method, path, unknown, stranger)
            assert ask(world.client, method, path, theirs, stranger) == expected, f"{method} {path}"
            compared += 1
    assert compared >= 20


def test_lists_hold_nothing_of_others(world: World) -> None:
    made = {name: factory(world) for name, factory in FACTORIES.items() if _offered(world, name)}
    for headers in (
        world.key_for(Role.BRAND_OWNER, "Ishii"),
        *(world.key_for(role, "Ohashi", tenant="elsewhere") for role in Role),
    ):
        for method, path, names in scoped(world.client):
            if method == "get" and not names:
                _, body = ask(world.client, method, path, {}, headers)
                assert not [each for each in made.values() if each in body], path


def _offered(world: World, name: str) -> bool:
    return any(name in names for _, _, names in scoped(world.client))
