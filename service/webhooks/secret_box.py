"""Keeps the secrets of endpoints unreadable in the database and its backups."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"mizugiwa webhook secrets v1"


class SecretKeyChanged(RuntimeError):
    """The secret was locked under another key of the installation."""


class SecretBox:
    """Fernet under a key derived (HKDF-SHA256, RFC 5869) from the installation's secret key for this purpose."""

    def __init__(self, signing_key: bytes, purpose: bytes = _PURPOSE) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(signing_key)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def lock(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def unlock(self, locked: str, within_seconds: int | None = None) -> str:
        """
        Args:
            within_seconds: how long ago it may have been locked; None for any time.

        Raises:
            SecretKeyChanged: it was not locked under this key, or too long ago.
        """
        try:
            return self._fernet.decrypt(locked.encode(), within_seconds).decode()
        except InvalidToken:
            raise SecretKeyChanged(
                "The secret of a webhook cannot be read: MIZUGIWA_SECRET_KEY is not the one it was stored with. "
                "Set that key again, or delete the webhook and register it anew."
            ) from None
