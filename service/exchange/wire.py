"""What messages may say: one body for each type. Fields that are not named here are refused: no name slips in.

`docs/exchange/schema.json` is written from this file by `mizugiwa exchange schema`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from service.exchange.keys import Word
from service.exchange.messages import FORMAT, Count, Envelope, WrongFormat
from service.exchange.models import PartyKind
from service.rights.models import Disclosure, RightKind

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Hex16 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,64}$")]
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=2**17)]
Place = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}([A-Z2-9]{3})?$")]
"""ISO 3166-1 alpha-2, or UN/LOCODE without its space: JP, JPOSA."""
Week = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-W[0-5][0-9]$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Address = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s\\]+)?$", max_length=500)]


class MessageType(StrEnum):
    SIGNAL = "signal"
    DESCRIPTOR = "descriptor"
    OPINION = "opinion"
    NOMINAL = "nominal"
    WITHDRAWAL = "withdrawal"

    FEED_REQUEST = "feed-request"
    PICTURE_REQUEST = "picture-request"
    FEED = "feed"
    RECEIPT = "receipt"
    FAREWELL = "farewell"


class Outcome(StrEnum):
    """What became of the goods. All of them are confirmed counterfeits; nothing less leaves a house."""

    CONFIRMED = "confirmed"
    DESTROYED = "destroyed"
    ABANDONED = "abandoned"


class OpinionKind(StrEnum):
    CONFIRMS = "confirms"
    DISPUTES = "disputes"


class SubjectKind(StrEnum):
    """Whom nominal data names."""

    SELLER_ACCOUNT = "seller_account"
    SENDER = "sender"
    ADDRESSEE = "addressee"


class Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToldRight(Stated):
    kind: RightKind
    office: Annotated[str, StringConstraints(min_length=2, max_length=8)]
    """WIPO ST.3 code of the office."""
    number: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ToldPicture(Stated):
    sha256: Sha256


class Signal(Stated):
    """A photo of a confirmed counterfeit, without anybody's name."""

    id: Word
    pdq: Sha256
    """Perceptual hash: 256 bits in the order of the reference implementation."""
    pdq_quality: Annotated[int, Field(strict=True, ge=0, le=100)]
    brand: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    category: Annotated[str, StringConstraints(max_length=100)]
    rights: Annotated[list[ToldRight], Field(max_length=50)]
    outcome: Outcome
    place: Place | None
    week: Week
    """ISO 8601 week of the stop; no day, so that it points at no parcel."""
    disclosure: Disclosure
    """Whom the recipient may show it to."""
    picture: ToldPicture | None
    """Where the sender gives it."""
    disputes: Count
    """How many partners of the sender dispute it."""


class Descriptor(Stated):
    """Vectors of the photo of a signal, for recipients with exactly the same encoder and views."""

    signal: Word
    fingerprint: Hex16
    copy_fingerprint: Hex16
    embedding: Base64
    """Little-endian float32 of Euclidean length 1."""
    views: Annotated[list[Base64], Field(max_length=16)]


class Opinion(Stated):
    """What a recipient thinks of a signal of the recipient of this message."""

    signal: Word
    opinion: OpinionKind


class Nominal(Stated):
    """A name, for a stated purpose, on a stated basis, until a stated moment; then it is deleted."""

    id: Word
    signal: Word | None
    subject: SubjectKind
    value: Text
    purpose: Text
    legal_basis: Text
    expires_at: AwareDatetime


class Withdrawal(Stated):
    """What its sender said of the thing counts no more."""

    of: Literal["signal", "opinion", "nominal"]
    id: Word


class ToldEncoder(Stated):
    fingerprint: Hex16
    copy_fingerprint: Hex16


class FeedRequest(Stated):
    epoch: Word | None
    after: Count
    limit: Annotated[int, Field(strict=True, ge=1, le=500)]
    snapshot: bool
    """The asker is reading everything anew, which began at 0."""
    encoder: ToldEncoder | None
    """With which vectors the asker could do something."""


class PictureRequest(Stated):
    signal: Word
    sha256: Sha256


class Feed(Stated):
    """Everything after a cursor, as far as it fits into one answer."""

    epoch: Word
    snapshot: bool
    """The cursor was too old or of another epoch: what follows begins with everything that stands."""
    after: Count
    through: Count
    """Every sequence after `after` up to this that is not among the messages was replaced by a later one."""
    more: bool
    messages: list[dict[str, Any]]


class Refusal(Stated):
    message: Annotated[str, StringConstraints(max_length=64)]
    reason: Annotated[str, StringConstraints(max_length=300)]


class Receipt(Stated):
    epoch: Word | None
    """Of the feed that the recipient reads; null before its first pull."""
    received: Count
    repeated: Count
    refused: list[Refusal]
    through: Count
    """Up to where the recipient has everything."""


class Farewell(Stated):
    """The partnership is over: the recipient deletes what the sender gave it."""

    reason: Annotated[str, StringConstraints(max_length=300)]


class Card(Stated):
    """How a house introduces itself, signed with the key that it names."""

    format: Literal["mizugiwa-exchange-card-1"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    kind: PartyKind
    house: Word
    public_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
    address: Address
    """The base URL under which `/exchange/v1/{house}` answers; empty where nobody can reach it."""


BODIES: dict[str, type[Stated]] = {
    MessageType.SIGNAL: Signal,
    MessageType.DESCRIPTOR: Descriptor,
    MessageType.OPINION: Opinion,
    MessageType.NOMINAL: Nominal,
    MessageType.WITHDRAWAL: Withdrawal,
    MessageType.FEED_REQUEST: FeedRequest,
    MessageType.PICTURE_REQUEST: PictureRequest,
    MessageType.FEED: Feed,
    MessageType.RECEIPT: Receipt,
    MessageType.FAREWELL: Farewell,
}
IN_FEED = frozenset(
    {
        MessageType.SIGNAL,
        MessageType.DESCRIPTOR,
        MessageType.OPINION,
        MessageType.NOMINAL,
        MessageType.WITHDRAWAL,
    }
)


def body_of(envelope: Envelope) -> Stated:
    """
    Raises:
        WrongFormat: the type is not known, or its body is not as it should be.
    """
    model = BODIES.get(envelope.type)
    if model is None:
        raise WrongFormat(f"Messages of type {envelope.type!r} are not known to this version.")
    try:
        return model.model_validate(envelope.body)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        raise WrongFormat(f"body.{'.'.join(map(str, problem['loc']))}: {problem['msg']}"[:300]) from error


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of every message and of the card; `$defs` has the bodies by their names."""
    definitions: dict[str, Any] = {}
    envelope = _absorbed(definitions, Envelope)
    _absorbed(definitions, Card)
    messages = []
    for name, model in sorted(BODIES.items()):
        definitions[model.__name__] = _absorbed(definitions, model)
        sequenced = {"type": "integer" if name in IN_FEED else "null"}
        messages.append(
            {
                "properties": {
                    "type": {"const": str(name)},
                    "sequence": sequenced,
                    "body": {"$ref": f"#/$defs/{model.__name__}"},
                }
            }
        )
    envelope["properties"]["signature"] = _SIGNATURE
    envelope["required"] = sorted([*envelope["required"], "signature"])
    definitions["Card"]["properties"]["signature"] = _SIGNATURE
    definitions["Card"]["required"] = sorted([*definitions["Card"]["required"], "signature"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:mizugiwa:{FORMAT}",
        "title": "A signed message of the exchange",
        **{key: value for key, value in envelope.items() if key not in {"title", "description"}},
        "oneOf": messages,
        "$defs": dict(sorted(definitions.items())),
    }


_SIGNATURE = {
    "type": "string",
    "pattern": "^[A-Za-z0-9+/]{86}==$",
    "description": "Base64 of the Ed25519 signature over the canonical form of everything else.",
}


def _absorbed(definitions: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    found = model.model_json_schema(ref_template="#/$defs/{model}")
    definitions.update(found.pop("$defs", {}))
    definitions[model.__name__] = found
    return found
