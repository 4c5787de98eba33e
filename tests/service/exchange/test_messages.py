"""The form of messages: what is signed, what is refused, and that the schema for others is the real one."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from service.audit.chain import canonical
from service.commands.exchange import schema_text
from service.exchange.keys import Party
from service.exchange.messages import Forged, MessageRefused, WrongFormat, opened, parse
from service.exchange.wire import BODIES, body_of, schema
from service.house_key import house_key
from tests.service.exchange.houses import SIGNAL, Stranger

DOCUMENTED = Path(__file__).parents[3] / "docs" / "exchange" / "schema.json"
HERE = Party(key="ab" * 32, house="here")
WITHDRAWAL = {"of": "signal", "id": "s-1"}


def read(sender: Stranger, document: dict[str, Any]) -> Any:
    return opened(parse(json.dumps(document), 10**6), sender.key.public, sender.party, HERE)


def test_a_message_is_read_as_it_was_signed(stranger: Stranger) -> None:
    sent = stranger.message(HERE, "signal", SIGNAL, epoch="e", sequence=7)
    found = read(stranger, sent)
    assert (found.sequence, found.epoch, found.purpose) == (7, "e", "counterfeit-prevention")
    assert body_of(found).model_dump(mode="json") == SIGNAL


@pytest.mark.parametrize(
    "path", [("body", "brand"), ("sequence",), ("epoch",), ("issued_at",), ("id",), ("type",), ("purpose",)]
)
def test_whatever_is_changed_the_signature_does_not_fit(stranger: Stranger, path: tuple[str, ...]) -> None:
    document = stranger.message(HERE, "signal", SIGNAL, epoch="e", sequence=7)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = 8 if isinstance(place[path[-1]], int) else "other"
    with pytest.raises(Forged):
        read(stranger, document)


def test_another_key_a_missing_signature_and_another_recipient_are_refused(
    stranger: Stranger, tmp_path: Path
) -> None:
    document = stranger.message(HERE, "withdrawal", WITHDRAWAL)
    with pytest.raises(Forged):
        opened(document, house_key(tmp_path / "other").public, stranger.party, HERE)
    with pytest.raises(Forged):
        read(stranger, {key: value for key, value in document.items() if key != "signature"})
    elsewhere = stranger.message(Party(key="cd" * 32, house="here"), "withdrawal", WITHDRAWAL)
    with pytest.raises(Forged, match="another house"):
        read(stranger, elsewhere)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": 1.5}',
        '{"a": NaN}',
        "[1]",
        "{",
        '{"a": ' + "[" * 40 + "]" * 40 + "}",
        "[" * 100_000,
        '{"a": ' + "9" * 5_000 + "}",
        '{"a": "' + "x" * 2_000 + '"}',
    ],
    ids=["twice", "fraction", "NaN", "list", "cut", "deep", "bottomless", "endless number", "large"],
)
def test_json_that_two_readers_could_read_differently_is_refused(text: str) -> None:
    with pytest.raises(MessageRefused):
        parse(text, 1_500)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(MessageRefused):
        assert isinstance(parse(data, 200), dict)


def test_a_version_that_is_not_known_is_refused(stranger: Stranger) -> None:
    document = stranger.message(HERE, "withdrawal", WITHDRAWAL)
    content = {name: value for name, value in document.items() if name != "signature"}
    content["format"] = "mizugiwa-exchange-2"
    signature = stranger.key.sign(canonical(content).encode())
    with pytest.raises(WrongFormat, match="format"):
        read(stranger, content | {"signature": signature})


def test_a_body_brings_no_field_along_that_is_not_named(stranger: Stranger) -> None:
    sent = stranger.message(HERE, "signal", SIGNAL | {"seller": "shop-9"}, epoch="e", sequence=1)
    with pytest.raises(WrongFormat, match="seller"):
        body_of(read(stranger, sent))


def test_the_schema_that_is_documented_is_the_one_that_is_meant() -> None:
    assert DOCUMENTED.read_text() == schema_text(), "run `mizugiwa exchange schema`"
    Draft202012Validator.check_schema(schema())


def test_messages_that_are_signed_fit_the_schema_and_mutilated_ones_do_not(stranger: Stranger) -> None:
    validator = Draft202012Validator(schema())
    sent = stranger.message(HERE, "signal", SIGNAL, epoch="e", sequence=1)
    validator.validate(sent)
    for name in sent:
        assert not validator.is_valid({key: value for key, value in sent.items() if key != name}), name
    assert not validator.is_valid(sent | {"body": SIGNAL | {"seller": "shop-9"}})
    assert not validator.is_valid(sent | {"type": "rumour"})
    card = json.loads(stranger.card())
    Draft202012Validator({"$ref": "#/$defs/Card", "$defs": schema()["$defs"]}).validate(card)


def test_the_protocol_page_tells_of_every_type() -> None:
    page = DOCUMENTED.with_name("protocol.md").read_text()
    assert [str(name) for name in BODIES if f"`{name}`" not in page] == []
