"""What this house answers to a partner that asks: its feed, a picture, or that the partnership is over."""

from __future__ import annotations

from service.blobs import BlobDamaged, BlobMissing
from service.errors import NotFound
from service.exchange.door import Knock, asked
from service.exchange.keys import Party, own_party
from service.exchange.messages import seal
from service.exchange.models import Partner
from service.exchange.outgoing.pages import feed
from service.exchange.outgoing.publishing import is_told_picture
from service.exchange.wire import Farewell, FeedRequest, MessageType, PictureRequest, Stated
from service.house_key import house_key
from service.runtime import Runtime


def answer_feed(runtime: Runtime, house: str, header: str) -> str:
    """
    Raises:
        ExchangeRefused: it is no partner's request.
    """
    knock = asked(runtime, house, header, MessageType.FEED_REQUEST)
    if knock.is_over or not isinstance(knock.body, FeedRequest):
        return farewell(runtime, knock.partner, knock.envelope.id)
    try:
        found = feed(runtime, house, knock.partner.id, knock.body)
    except NotFound:  # it ended between the two
        return farewell(runtime, knock.partner, knock.envelope.id)
    return sealed(runtime, knock.partner, MessageType.FEED, found, knock.envelope.id)


def answer_picture(runtime: Runtime, house: str, header: str) -> bytes:
    """The bytes of a picture that the feed for this partner names.

    Raises:
        ExchangeRefused: it is no partner's request.
        NotFound: the partner is not given that picture, or not any more.
    """
    knock = asked(runtime, house, header, MessageType.PICTURE_REQUEST)
    nothing = NotFound("There is no such picture for this partner.")
    if knock.is_over or not _is_told(runtime, knock):
        raise nothing
    try:
        return runtime.blobs.get(_picture_of(knock))
    except (BlobMissing, BlobDamaged) as lost:
        raise nothing from lost


def farewell(runtime: Runtime, partner: Partner, in_reply_to: str | None) -> str:
    """That it is over, signed."""
    body = Farewell(reason="The partnership is over; delete what this house gave you.")
    return sealed(runtime, partner, MessageType.FAREWELL, body, in_reply_to)


def sealed(
    runtime: Runtime, partner: Partner, type_: MessageType, body: Stated, in_reply_to: str | None
) -> str:
    """A message that is in no feed, for this partner."""
    key = house_key(runtime.settings.data_dir)
    return seal(
        key,
        type_,
        own_party(key, partner.tenant_id),
        Party(key=partner.key_id, house=partner.house),
        body.model_dump(mode="json"),
        in_reply_to=in_reply_to,
    )


def _is_told(runtime: Runtime, knock: Knock) -> bool:
    if not isinstance(knock.body, PictureRequest):
        return False
    with runtime.database.read() as session:
        return is_told_picture(session, knock.partner, knock.body.signal, knock.body.sha256)


def _picture_of(knock: Knock) -> str:
    return knock.body.sha256 if isinstance(knock.body, PictureRequest) else ""
