"""What each kind of message does to what is held of its sender."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from model.copies.hashes import MIN_QUALITY, PerceptualHash
from service.clock import now
from service.exchange import nominal
from service.exchange.incoming import forgetting, repository
from service.exchange.models import Held, Partner, PictureState
from service.exchange.wire import Descriptor, Nominal, Opinion, Signal, Stated, Withdrawal
from service.ids import new_id
from service.runtime import Runtime
from service.vectors.shared import GivenVectors, put_given, put_hashes

if TYPE_CHECKING:
    from service.exchange.incoming.receiving import Incoming

_log = logging.getLogger(__name__)


class Batch:
    """Messages of one partner that are applied in one transaction."""

    def __init__(self, runtime: Runtime, session: Session, partner: Partner) -> None:
        self._runtime, self._session, self._partner = runtime, session, partner
        self._held: dict[str, Held] = {}
        self._hashes: dict[str, PerceptualHash] = {}
        self._vectors: dict[str, Descriptor] = {}
        self._gone: list[Held] = []

    def load(self, messages: Sequence[tuple[Incoming, Stated]]) -> None:
        """Read what is held about the same things."""
        slots = [slot for _, body in messages for slot in _slots(body)]
        found = repository.by_slot(self._session, self._partner.tenant_id, self._partner.id, slots)
        self._held = dict(found)

    def apply(self, sequence: int, body: Stated) -> None:
        """In a snapshot also what is had already is named, or else it would be taken for gone."""
        slot = _slots(body)[0]
        row = self._held.get(slot) or self._new(slot)
        row.generation = self._partner.generation
        if sequence <= row.sequence:
            return
        row.sequence, row.changed_at = sequence, now()
        match body:
            case Signal():
                self._signal(row, body)
            case Descriptor():
                self._descriptor(row, body)
            case Nominal():
                self._nominal(row, body)
            case Opinion():
                row.body = body.model_dump(mode="json")
            case Withdrawal():
                self._withdraw(row)

    def finish(self) -> None:
        """Write what was gathered for the index."""
        forgetting.unlearn(self._runtime, self._session, self._gone)
        put_hashes(self._session, self._runtime.vectors, self._partner.tenant_id, self._hashes)
        for item, body in self._vectors.items():
            self._learn(item, body)
        self._session.flush()

    def _new(self, slot: str) -> Held:
        kind, _, about = slot.partition(":")
        row = Held(
            id=new_id("hld"),
            tenant_id=self._partner.tenant_id,
            partner_id=self._partner.id,
            slot=slot,
            kind=kind,
            about=about,
            sequence=0,
            generation=self._partner.generation,
            picture_state=PictureState.NONE.value,
            changed_at=now(),
        )
        self._session.add(row)
        self._held[slot] = row
        return row

    def _signal(self, row: Held, body: Signal) -> None:
        row.body, row.item_id = body.model_dump(mode="json"), item_of(self._partner.id, body.id)
        picture = body.picture.sha256 if body.picture else None
        if picture != row.picture:
            if row.picture is not None:
                self._runtime.partner_pictures.forget_after_commit(self._session, [row.picture])
                self._runtime.vectors.forget(self._session, [row.item_id])
            row.picture = picture
            row.picture_state = (PictureState.WANTED if picture else PictureState.NONE).value
        if row.picture_state != PictureState.KEPT and body.pdq_quality >= MIN_QUALITY:
            self._hashes[row.item_id] = PerceptualHash.from_hex(body.pdq, body.pdq_quality)

    def _descriptor(self, row: Held, body: Descriptor) -> None:
        """Of a signal that is withdrawn already it is not wanted; of one still to come it is kept ready."""
        signal = self._held.get(f"signal:{body.signal}")
        row.body = {"signal": body.signal, "copy_fingerprint": body.copy_fingerprint}
        row.item_id = item_of(self._partner.id, body.signal)
        if signal is None or (signal.body is not None and signal.picture_state != PictureState.KEPT):
            self._vectors[row.item_id] = body
        elif signal.body is None:
            row.body = None

    def _nominal(self, row: Held, body: Nominal) -> None:
        """Kept no longer than a year, whatever its sender says."""
        row.body = None
        row.expires_at = min(body.expires_at, now() + nominal.LONGEST)
        row.box = nominal.locked(self._runtime.settings, body)

    def _withdraw(self, row: Held) -> None:
        self._gone.append(_copied(row))
        if row.item_id is not None:
            self._hashes.pop(row.item_id, None)
            self._vectors.pop(row.item_id, None)
        row.body = row.box = row.picture = row.expires_at = None
        row.picture_state = PictureState.NONE.value
        vectors = self._held.get(f"descriptor:{row.about}") if row.kind == "signal" else None
        if vectors is not None:
            vectors.body = None

    def _learn(self, item: str, body: Descriptor) -> None:
        try:
            given = GivenVectors(
                item,
                body.fingerprint,
                body.copy_fingerprint,
                _vector(body.embedding),
                np.stack([_vector(each) for each in body.views])
                if body.views
                else np.empty((0, 1), np.float32),
            )
            put_given(self._session, self._runtime.vectors, self._partner.tenant_id, given)
        except ValueError as error:  # VectorsUnusable is one, and so is what no float32 can be read from
            _log.warning("vectors of partner %s are not used: %s", self._partner.id, error)


def item_of(partner_id: str, signal: str) -> str:
    """The id in the index of a partner's signal, the same whichever message about it comes first."""
    return "shs_" + hashlib.sha256(f"{partner_id}:{signal}".encode()).hexdigest()[:32]


def _slots(body: Stated) -> list[str]:
    """Of the thing itself, then of what depends on it or it depends on."""
    match body:
        case Signal(id=about):
            return [f"signal:{about}"]
        case Descriptor(signal=about):
            return [f"descriptor:{about}", f"signal:{about}"]
        case Opinion(signal=about):
            return [f"opinion:{about}"]
        case Nominal(id=about):
            return [f"nominal:{about}"]
        case Withdrawal(of=kind, id=about):
            return [f"{kind}:{about}", f"descriptor:{about}"]
        case _:
            return []


def _vector(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32)


def _copied(row: Held) -> Held:
    """What has to be unlearned, while the row itself is emptied."""
    return Held(item_id=row.item_id, picture=row.picture)
