"""Fetches the pictures that partners give, and describes them as one's own pictures are described."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from index.base import Library
from model.images import PictureError
from service.errors import Unprocessable
from service.exchange import incidents
from service.exchange.answering import sealed
from service.exchange.incoming import repository
from service.exchange.incoming.pulling import HEADER, address_of, limits_of, request_header
from service.exchange.incoming.repository import SignalRow
from service.exchange.models import Partner, PictureState
from service.exchange.wire import MessageType, PictureRequest
from service.fetching import ask
from service.references import pictures
from service.references.pictures import Taken
from service.runtime import Runtime
from service.vectors.serving import EnrolledFeatures, NewItem

AT_ONCE = 200
"""Of one poll."""
_GONE = frozenset({404, 410})


def fetch_pictures(runtime: Runtime, partner: Partner, going_on: Callable[[], bool] = lambda: True) -> int:
    """Up to `AT_ONCE` of those that are still wanted; how many came.

    Raises:
        FetchError: the partner cannot be reached.
    """
    with runtime.database.read() as session:
        wanted = repository.pictures_wanted(session, partner.tenant_id, partner.id, AT_ONCE)
    came = 0
    for row in wanted:
        if not going_on():
            break
        came += _fetched(runtime, partner, row)
    return came


def _fetched(runtime: Runtime, partner: Partner, row: SignalRow) -> bool:
    data, reason = _data(runtime, partner, row)
    if data is None:
        _settle(runtime, row, PictureState.REFUSED if reason else PictureState.NONE, reason)
        return False
    try:
        taken = pictures.take(runtime, data)
    except (PictureError, Unprocessable) as error:
        _settle(runtime, row, PictureState.REFUSED, f"The picture of signal {row.signal.id}: {error}")
        return False
    runtime.partner_pictures.keep(data)
    runtime.closeups.keep(taken.picture.sha256, taken.closeup)
    return pictures.described_and_stored(
        runtime, [taken], lambda found: _stored(runtime, row, taken, found[0])
    )


def _data(runtime: Runtime, partner: Partner, row: SignalRow) -> tuple[bytes | None, str]:
    """The bytes; or nothing, with a reason where that is not as it should be."""
    picture = row.signal.picture
    if picture is None:
        return None, ""
    body = PictureRequest(signal=row.signal.id, sha256=picture.sha256)
    text = sealed(runtime, partner, MessageType.PICTURE_REQUEST, body, None)
    limits = limits_of(runtime, runtime.settings.max_picture_bytes)
    answer = ask(address_of(partner, "picture"), limits, "GET", {HEADER: request_header(text)})
    if answer.status != 200:
        return None, "" if answer.status in _GONE else f"The partner answers with status {answer.status}."
    if hashlib.sha256(answer.body).hexdigest() != picture.sha256:
        return None, f"The picture of signal {row.signal.id} is not the one that was signed."
    return answer.body, ""


def _stored(runtime: Runtime, row: SignalRow, taken: Taken, features: EnrolledFeatures) -> bool:
    """Row and vectors in one transaction; nothing where the signal was withdrawn meanwhile.

    Raises:
        FingerprintMismatch: the encoder was changed since the picture was described.
    """
    with runtime.database.write() as session:
        held = repository.row_of(session, row.tenant_id, row.id)
        if held is None or held.picture != taken.picture.sha256:
            runtime.partner_pictures.forget_after_commit(session, [taken.picture.sha256])
            return False
        item = NewItem(row.item_id, row.tenant_id, Library.SHARED, "", taken.picture.sha256, features)
        runtime.vectors.forget(session, [row.item_id])
        runtime.vectors.record(session, [item])
        held.picture_state = PictureState.KEPT.value
    return True


def _settle(runtime: Runtime, row: SignalRow, state: PictureState, reason: str) -> None:
    with runtime.database.write() as session:
        held = repository.row_of(session, row.tenant_id, row.id)
        if held is not None:
            held.picture_state = state.value
        if reason:
            incidents.note(session, row.tenant_id, row.partner_id, "picture", reason)
