"""Names that are exchanged: for a stated purpose, on a stated basis, unreadable at rest, gone at their expiry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.clock import now
from service.errors import Unprocessable
from service.exchange.outgoing.content import Told, slot_of
from service.exchange.wire import MessageType, Nominal
from service.settings import Settings
from service.webhooks.secret_box import SecretBox

LONGEST = timedelta(days=366)
_PURPOSE = b"mizugiwa exchange nominal data v1"


class ExpiryNotAllowed(Unprocessable):
    slug = "nominal-expiry"
    title = "Nominal data is exchanged until a moment in the next 366 days"
    help = "Give an `expires_at` after now, with its time zone, and no later than in a year."


@dataclass(frozen=True)
class HeldNominal:
    """What a partner told of somebody, read out once."""

    id: str
    partner_id: str
    received_at: datetime
    nominal: Nominal


def nominal_box(settings: Settings) -> SecretBox:
    return SecretBox(settings.signing_key(), _PURPOSE)


def check_expiry(expires_at: datetime) -> None:
    """
    Raises:
        ExpiryNotAllowed: it has passed, lies too far ahead, or has no zone.
    """
    if expires_at.tzinfo is None or not now() < expires_at <= now() + LONGEST:
        raise ExpiryNotAllowed(f"{expires_at} is no moment within the next {LONGEST.days} days.")


def told(nominal: Nominal) -> Told:
    return Told(slot_of("nominal", nominal.id), MessageType.NOMINAL, nominal)


def locked(settings: Settings, nominal: Nominal) -> str:
    return nominal_box(settings).lock(nominal.model_dump_json())


def unlocked(settings: Settings, box: str) -> Nominal:
    """
    Raises:
        SecretKeyChanged: the installation's secret key is another than when it came.
    """
    return Nominal.model_validate(json.loads(nominal_box(settings).unlock(box)))
