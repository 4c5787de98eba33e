"""Nobody sees or infers what is somebody else's: held over every endpoint of the OpenAPI document.

A new endpoint is covered by itself. One with a path parameter that `houses.py` cannot fill, or with a body that
`bodies.py` does not know, fails the first tests, which say what to add.
"""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from service.ids import new_id
from service.security.principals import Role
from service.settings import Settings

from .bodies import BODIES, NOTHING, Body, picture, unheard_of
from .houses import Headers, House, Things, houses

Authorised = Callable[..., Headers]

THROUGH_A_LINK = {
    "/v1/opinion-request",
    "/v1/opinion-request/opinion",
    "/v1/opinion-request/pictures/{number}",
}
"""Asked with the token of a link, which is for one case alone; `tests/service/opinions` holds what they show."""

PUBLIC = {"/healthz", "/readyz", "/problems", "/problems/{slug}"} | THROUGH_A_LINK
"""Asked without a key; everything else answers 401."""

METHODS = ("get", "post", "put", "patch", "delete")

NOTED = {"/v1/opinion-requests/{link_id}", "/v1/opinion-requests/{link_id}/picture"}
"""That they were looked at is put down, and shown in a list; so they cannot be read to see whether anything changed."""

UNMADE: dict[str, str] = {}
"""Path parameters that `House.furnish` makes none of, each with the reason."""

ALSO = {"job_id": ["enrolment_id"]}
"""Other things of a house that a path parameter takes: a marketplace has jobs, and a brand owner has."""

_QUERY_IDS = {"object_id", "key_id", "organisation_id"}
"""Filters that name a thing of somebody's."""

_MADE = re.compile(r"[a-z]{3}_[0-9a-f]{32}|mzg_\w+|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
"""Ids, keys and moments of what was made for the question."""

_PAGE = {"/v1/audit/entries": 20}
"""Items of a page, where it is not one."""


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    names: tuple[str, ...]
    """Of the path parameters."""
    query: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def body(self) -> Body:
        return BODIES.get((self.method, self.path), NOTHING)

    @property
    def all_names(self) -> set[str]:
        """Of whatever it takes an id of, in its path, its query or its body."""
        return {*self.names, *self.body.names, *(self.query & _QUERY_IDS)}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """No work in the background, so that nothing changes between two questions; no limit on questions."""
    return settings.model_copy(update={"job_workers": 0, "requests_per_minute": 1_000_000})


@pytest.fixture
def three(client: TestClient, key_for: Authorised) -> tuple[House, House, House]:
    return houses(client, key_for)


def operations(client: TestClient) -> Iterator[Operation]:
    for path, item in client.app.openapi()["paths"].items():  # type: ignore[attr-defined]
        for method in METHODS:
            if method in item:
                taken = [*item.get("parameters", []), *item[method].get("parameters", [])]
                names = tuple(each["name"] for each in taken if each["in"] == "path")
                query = frozenset(each["name"] for each in taken if each["in"] == "query")
                yield Operation(method, path, names, query)


def scoped(client: TestClient) -> list[Operation]:
    return [each for each in operations(client) if each.path not in PUBLIC]


def ask(client: TestClient, asked: Operation, ids: Mapping[str, str], headers: Headers) -> tuple[int, str]:
    """Status, body and names of headers, with the ids and what differs from request to request taken out."""
    fresh = unheard_of()
    filters = {name: ids[name] for name in asked.query & _QUERY_IDS if name in ids}
    answer = client.request(
        asked.method,
        asked.path.format_map(ids),
        headers=headers,
        params=filters,
        **asked.body.request(fresh | dict(ids)),
    )
    body = answer.text
    if answer.headers.get("content-type") == "application/problem+json":
        document = answer.json()
        document.pop("request_id", None)
        body = json.dumps(document, sort_keys=True)
    if answer.status_code in {201, 202}:
        body = _MADE.sub("NEW", body)
    for value in (*fresh.values(), *ids.values()):
        body = body.replace(value, "ID")
    return answer.status_code, f"{body} {sorted(answer.headers.keys())}"


def unknown(names: Iterable[str]) -> Things:
    """Ids, such as there could be, of nothing."""
    return {name: secrets.token_hex(32) if name == "sha256" else new_id(name[:3]) for name in names}


def test_every_path_parameter_has_a_declared_expectation(three: tuple[House, House, House]) -> None:
    asked = {name for each in scoped(three[0].client) for name in each.names}
    undeclared = asked - three[0].furnish().keys() - UNMADE.keys()
    assert not undeclared, f"add to House.furnish how to make one of: {sorted(undeclared)}"


def test_every_operation_that_takes_a_body_has_one(client: TestClient) -> None:
    taking = {(each.method, each.path) for each in scoped(client) if each.method in {"post", "put", "patch"}}
    without, stale = sorted(taking - BODIES.keys()), sorted(BODIES.keys() - taking)
    assert not without, f"add to BODIES what is accepted by {without}"
    assert not stale, f"take out of BODIES what is not offered any more: {stale}"


def test_every_body_is_one_that_the_house_itself_may_send(three: tuple[House, House, House]) -> None:
    """Or else strangers would be refused for the body, and nothing would be known about the id."""
    ours = three[0]
    things = ours.furnish()
    for asked in scoped(ours.client):
        answers = [ask(ours.client, asked, things, each) for each in ours.people]
        if not any(status < 300 for status, _ in answers):  # spoilt by an operation before, such as DELETE
            things = ours.furnish()
            answers = [ask(ours.client, asked, things, each) for each in ours.people]
        assert any(status < 300 for status, _ in answers), f"{asked}: {answers}"


def test_without_a_key_nothing_but_the_public_addresses_answers(client: TestClient) -> None:
    for asked in scoped(client):
        status, _ = ask(client, asked, unknown(asked.all_names), {})
        assert status == 401, f"{asked} answers {status} to somebody without a key"


@pytest.mark.parametrize("role", list(Role))
def test_no_role_makes_the_service_stumble(
    three: tuple[House, House, House], key_for: Authorised, role: Role
) -> None:
    ours = three[0]
    things = ours.furnish()
    headers = key_for(role, "Ohashi")
    for asked in operations(ours.client):
        ids = unknown(asked.names) | things
        status, body = ask(ours.client, asked, ids, headers)
        assert status < 500, f"{asked} as {role}: {status} {body}"
        if asked.method in {"post", "put", "patch"}:
            answer = ours.client.request(
                asked.method, asked.path.format_map(ids), headers=headers, json={"nonsense": [None]}
            )
            assert answer.status_code < 500, f"{asked} as {role}: {answer.text}"


STRANGERS = {
    "a brand owner beside": (Role.BRAND_OWNER, "Ishii", "house"),
    "an agent without a mandate": (Role.AGENT, "Nobody's agent", "house"),
    "an agent of another owner": (Role.AGENT, "Ishii's agent", "house"),
    "a marketplace beside": (Role.PLATFORM, "Bazaar", "house"),
    **{f"{role} of another tenant": (role, "Ohashi", "elsewhere") for role in Role},
}


def test_what_is_anothers_is_answered_like_what_does_not_exist(
    three: tuple[House, House, House], key_for: Authorised
) -> None:
    ours = three[0]
    things = ours.furnish()
    before = _held(ours, things)
    for who, (role, organisation, tenant) in STRANGERS.items():
        stranger = key_for(role, organisation, tenant=tenant)
        if organisation == "Ishii's agent":
            _mandate(three[1], stranger)
        for asked, theirs in _questions(ours, things):
            expected = ask(ours.client, asked, unknown(asked.all_names), stranger)
            assert ask(ours.client, asked, theirs, stranger) == expected, f"{asked} by {who}"
        assert _held(ours, things) == before, f"{who} changed something"


@pytest.mark.parametrize("at", [1, 2], ids=["a neighbour", "another tenant"])
def test_what_is_anothers_does_not_fit_into_what_is_ones_own(
    three: tuple[House, House, House], at: int
) -> None:
    """One id of another among ids of one's own: a delivery of another to a webhook of one's own, and so on."""
    ours, strangers = three[0], three[at]
    theirs, own = ours.furnish(), strangers.furnish()
    before, compared = _held(ours, theirs), 0
    for asked in scoped(ours.client):
        for name in sorted(asked.all_names & theirs.keys()) if len(asked.all_names) > 1 else []:
            for headers in strangers.people[:2] if at == 1 else strangers.people:
                expected = ask(ours.client, asked, own | unknown([name]), headers)
                found = ask(ours.client, asked, own | {name: theirs[name]}, headers)
                assert found == expected, f"{asked} with another's {name}"
                compared += 1
    assert compared >= 10
    assert _held(ours, theirs) == before


def test_what_is_listed_is_ones_own_on_every_page(three: tuple[House, House, House]) -> None:
    things = {house: _plenty(house) for house in three}
    most: Counter[str] = Counter()
    for house in three:
        others = {
            value for other in three if other != house for each in things[other] for value in each.values()
        }
        people = house.people if house is three[2] else [house.owner, house.market]
        for asked in (each for each in scoped(house.client) if each.method == "get"):
            for headers in people:
                pages = _pages(house.client, asked, things[house][0], headers)
                shown = "".join(pages)
                assert not [each for each in others if each in shown], f"{asked} of {house.tenant}"
                most[asked.path] = max(most[asked.path], len(pages))
    lists = {each.path for each in scoped(three[0].client) if "limit" in each.query}
    assert not [each for each in lists if most[each] < 2], f"no second page was seen: {most}"


def test_an_idempotency_key_of_another_is_a_new_one(three: tuple[House, House, House]) -> None:
    key, photo = {"Idempotency-Key": "once"}, picture()
    decisions = [house.check(photo, house.market | key) for house in three]
    assert len(set(decisions)) == len(three)


def _questions(house: House, things: Things) -> Iterator[tuple[Operation, Things]]:
    """Every operation that takes an id, with all ids that the house has for it."""
    for asked in scoped(house.client):
        if asked.all_names:
            named = unknown(asked.all_names) | {n: things[n] for n in asked.all_names & things.keys()}
            yield asked, named
            for name in asked.all_names & ALSO.keys():
                yield from ((asked, named | {name: things[other]}) for other in ALSO[name])


def _held(house: House, things: Things) -> list[tuple[str, tuple[int, str]]]:
    """What the house itself sees of its things, pictures and lists included."""
    reading = [
        each
        for each in scoped(house.client)
        if each.method == "get" and each.names and each.path not in NOTED
    ]
    return [
        (f"{asked}", ask(house.client, asked, things, headers))
        for headers in (house.owner, house.market)
        for asked in reading
    ]


def _mandate(house: House, agent: Headers) -> None:
    listed = house.client.get("/v1/keys", headers=agent).json()["items"]
    house.send("/v1/mandates", house.furnish() | {"agent_id": listed[0]["organisation_id"]}, house.admin)


def _plenty(house: House) -> list[Things]:
    """Two of everything, and in the first of them two of whatever is inside another thing."""
    first, second = house.furnish(), house.furnish()
    listed = {each.path for each in scoped(house.client) if each.method == "get" and each.names}
    for asked in scoped(house.client):
        if asked.method == "post" and (asked.path in listed or asked.path.endswith("/test")):
            for headers in (house.owner, house.market):
                ask(house.client, asked, first, headers)
    return [first, second]


def _pages(client: TestClient, asked: Operation, things: Things, headers: Headers) -> list[str]:
    """Every page of a list; the one answer of what is no list."""
    address, pages, after = asked.path.format_map(things), list[str](), None
    while True:
        paged = (
            {"limit": _PAGE.get(asked.path, 1)} | ({} if after is None else {"after": after})
            if "limit" in asked.query
            else {}
        )
        answer = client.get(address, headers=headers, params=paged)
        pages.append(answer.text)
        if answer.status_code != 200 or not paged:
            return pages
        document = answer.json()
        after = document.get("next_after", document.get("next"))
        if after is None:
            return pages
