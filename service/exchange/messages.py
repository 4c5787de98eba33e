"""Signed messages: canonical JSON under Ed25519 (RFC 8032), with who says what to whom, in which order.

The canonical form is that of evidence bundles: keys sorted, no white space, ASCII alone. Numbers are whole, so that
every language writes them alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from service.audit.chain import canonical
from service.clock import now
from service.exchange.keys import Party, Word
from service.house_key import HouseKey, is_signed
from service.ids import new_id

FORMAT = "mizugiwa-exchange-1"
LARGEST = 2**31 - 1
"""No number is larger, so that every language and every database holds it."""
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]

_DEEPEST = 12


class MessageRefused(ValueError):
    """The bytes are no message that may be acted on; `kind` says in one word why."""

    kind = "malformed"


class WrongFormat(MessageRefused):
    kind = "format"


class Forged(MessageRefused):
    kind = "forged"


class Envelope(BaseModel):
    """Everything of a message but its signature."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["mizugiwa-exchange-1"]
    id: Word
    """Never used twice by its sender."""
    type: Word
    sender: Party
    recipient: Party
    epoch: Word | None
    """Of the sender's feed to this recipient; null for requests and answers, which are in no feed."""
    sequence: Count | None
    in_reply_to: Word | None
    """The id of the request that this answers."""
    issued_at: AwareDatetime
    purpose: Literal["counterfeit-prevention"]
    """What the recipient may use it for, and nothing else."""
    body: dict[str, Any]


def seal(
    key: HouseKey,
    type_: str,
    sender: Party,
    recipient: Party,
    body: Mapping[str, Any],
    *,
    epoch: str | None = None,
    sequence: int | None = None,
    in_reply_to: str | None = None,
) -> str:
    """A signed message as text, in its canonical form."""
    document = {
        "format": FORMAT,
        "id": new_id("msg"),
        "type": type_,
        "sender": sender.model_dump(),
        "recipient": recipient.model_dump(),
        "epoch": epoch,
        "sequence": sequence,
        "in_reply_to": in_reply_to,
        "issued_at": f"{now():%Y-%m-%dT%H:%M:%SZ}",
        "purpose": "counterfeit-prevention",
        "body": dict(body),
    }
    return signed_text(key, document)


def signed_text(key: HouseKey, document: Mapping[str, Any]) -> str:
    """The document with its signature, in canonical form."""
    return canonical({**document, "signature": key.sign(canonical(document).encode())})


def parse(data: bytes | str, most: int) -> dict[str, Any]:
    """Read JSON as strictly as the signature needs it: no key twice, no fraction, an object at the top.

    Raises:
        MessageRefused: it is something else, or has more than `most` bytes.
    """
    if len(data) > most:
        raise MessageRefused(f"It has more than {most} bytes.")
    try:
        found = json.loads(data, object_pairs_hook=_once, parse_float=_fraction, parse_constant=_fraction)
    except (ValueError, RecursionError) as error:
        raise MessageRefused(f"It is not JSON as the exchange writes it: {str(error)[:100]}") from error
    if not isinstance(found, dict):
        raise MessageRefused("It is not a JSON object.")
    _check_depth(found, _DEEPEST)
    return found


def opened(document: Mapping[str, Any], public: str, sender: Party, recipient: Party) -> Envelope:
    """The message, if that sender signed it for that recipient.

    Raises:
        WrongFormat: another version, or not what a message holds.
        Forged: signed by someone else, changed since, or meant for somebody else.
    """
    content = {name: value for name, value in document.items() if name != "signature"}
    signature = document.get("signature")
    if not isinstance(signature, str) or not is_signed(public, signature, canonical(content).encode()):
        raise Forged("The signature is not the partner's over these words.")
    try:
        envelope = Envelope.model_validate(content)
    except ValidationError as error:
        raise WrongFormat(_first(error)) from error
    if envelope.sender != sender or envelope.recipient != recipient:
        raise Forged("It is signed, but by or for another house.")
    return envelope


def digest(value: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def named_parties(document: Mapping[str, Any]) -> tuple[Party, Party]:
    """Sender and recipient as it says itself, before anything is verified: to find the key to verify with.

    Raises:
        WrongFormat: it does not say so.
    """
    try:
        return Party.model_validate(document.get("sender")), Party.model_validate(document.get("recipient"))
    except ValidationError as error:
        raise WrongFormat(_first(error)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _fraction(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is not a whole number")


def _check_depth(value: object, left: int) -> None:
    if left == 0:
        raise MessageRefused("It is nested deeper than any message.")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _check_depth(each, left - 1)


def _first(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"[:300]
