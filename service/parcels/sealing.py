"""Names of parties: sealed where they are kept, and a keyed digest by which a sender is known again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import unicodedata
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.parcels.schemas import Party
from service.text import fold

_SEALS = b"mizugiwa parties of parcels v1"
_DIGESTS = b"mizugiwa senders of parcels v1"
_KEY_DIGITS = 40


class SealBroken(RuntimeError):
    """The names were sealed under another key of the installation, or for another parcel."""


@dataclass(frozen=True)
class Parties:
    sender: Party | None
    addressee: Party | None


class PartySeal:
    """Fernet and HMAC-SHA256 under keys derived (HKDF, RFC 5869) from the installation's secret key."""

    def __init__(self, signing_key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(signing_key, _SEALS)))
        self._digest_key = _derived(signing_key, _DIGESTS)

    def seal(self, parcel_id: str, parties: Parties) -> str:
        """Bound to the parcel: put beside another, it does not open."""
        document = {
            "parcel": parcel_id,
            **{
                name: party.model_dump(mode="json") if party else None
                for name, party in (("sender", parties.sender), ("addressee", parties.addressee))
            },
        }
        return self._fernet.encrypt(json.dumps(document).encode()).decode()

    def open(self, parcel_id: str, sealed: str) -> Parties:
        """
        Raises:
            SealBroken: it was sealed under another key, or for another parcel.
        """
        try:
            document = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise SealBroken(
                "The parties of a parcel cannot be read: MIZUGIWA_SECRET_KEY is not the one they were sealed with. "
                "Set that key again."
            ) from None
        if document["parcel"] != parcel_id:
            raise SealBroken("The names under this seal are those of another parcel; restore the table.")
        return Parties(_party(document["sender"]), _party(document["addressee"]))

    def sender_key(self, tenant_id: str, sender: Party | None) -> str | None:
        """The same for the same name, address and country; None where no address tells namesakes apart."""
        if sender is None or not _letters(sender.address):
            return None
        words = [tenant_id, _letters(sender.name), _letters(sender.address), sender.country or ""]
        digest = hmac.new(self._digest_key, "\0".join(words).encode(), hashlib.sha256)
        return digest.hexdigest()[:_KEY_DIGITS]


def _letters(text: str) -> str:
    """Letters and digits alone, folded: labels differ in blanks, stops and capitals."""
    return "".join(each for each in fold(text) if unicodedata.category(each)[0] in "LN")


def _party(document: dict[str, str | None] | None) -> Party | None:
    return None if document is None else Party.model_validate(document)


def _derived(signing_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(signing_key)
