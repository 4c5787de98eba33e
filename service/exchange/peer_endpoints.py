"""HTTP between houses: signed messages instead of keys. docs/exchange/protocol.md and schema.json describe it.

It is a protocol of its own and stands in no OpenAPI document: its types and its errors are those of the exchange.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from service.deps import RuntimeDep
from service.exchange.answering import answer_feed, answer_picture
from service.exchange.door import ExchangeRefused, note_refusal
from service.exchange.inbox import take_in
from service.exchange.incoming.pulling import LARGEST_ANSWER
from service.exchange.messages import MessageRefused, parse

router = APIRouter(prefix="/exchange/v1", include_in_schema=False)

MOST_MESSAGES = 500
House = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
SignedRequest = Annotated[str, Header(alias="Exchange-Request", max_length=32_768)]
_JSON = "application/json"
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.get("/{house}/feed")
def feed(
    house: House, request: Request, runtime: RuntimeDep, exchange_request: SignedRequest = ""
) -> Response:
    """A page of the feed for the partner that signed the request."""
    try:
        return Response(answer_feed(runtime, house, exchange_request), 200, _NOT_KEPT, _JSON)
    except ExchangeRefused:
        _count(request)
        raise


@router.get("/{house}/picture")
def picture(
    house: House, request: Request, runtime: RuntimeDep, exchange_request: SignedRequest = ""
) -> Response:
    """The bytes of a picture that the feed for that partner names."""
    try:
        data = answer_picture(runtime, house, exchange_request)
    except ExchangeRefused:
        _count(request)
        raise
    return Response(data, 200, _NOT_KEPT, "application/octet-stream")


@router.post("/{house}/inbox")
async def inbox(house: House, request: Request, runtime: RuntimeDep) -> Response:
    """Messages of a partner's feed to this house, in any order and as often as it likes; answers with a receipt."""
    body = await request.body()
    try:
        receipt = await run_in_threadpool(_taken_in, runtime, house, body)
    except ExchangeRefused:
        _count(request)
        raise
    return Response(receipt, 200, _NOT_KEPT, _JSON)


def _taken_in(runtime: RuntimeDep, house: str, body: bytes) -> str:
    try:
        messages = _messages(body)
    except MessageRefused as refusal:
        note_refusal(runtime, house, "", refusal)
        raise ExchangeRefused from refusal
    return take_in(runtime, house, messages)


def _messages(body: bytes) -> list[dict[str, Any]]:
    found = parse(body, LARGEST_ANSWER).get("messages")
    if not isinstance(found, list) or not 0 < len(found) <= MOST_MESSAGES:
        raise MessageRefused(f"`messages` is a list of 1 to {MOST_MESSAGES} messages.")
    if not all(isinstance(each, dict) for each in found):
        raise MessageRefused("A message is a JSON object.")
    return found


def _count(request: Request) -> None:
    """An address that knocks wrongly again and again is told to wait, before anything is verified or written.

    Raises:
        TooManyRequests: it did so too often in this minute.
    """
    request.app.state.gate.count_failure(request.client.host if request.client else "", "exchange")
