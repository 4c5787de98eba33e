"""The installation's own Ed25519 key (RFC 8032): with it the house signs what leaves it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from service.secret_files import keep_first

_RAW_BYTES = 32


class HouseKeyUnusable(RuntimeError):
    """The key file holds no Ed25519 key; restore it from a backup, or remove it to begin with a new key."""


class NotAPublicKey(ValueError):
    """A public key is 32 bytes in base64, as `mizugiwa evidence public-key` prints it."""


class HouseKey:
    """Signs. `public` may be told to everybody, and should be, by another way than what is signed."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = base64.b64encode(private.public_key().public_bytes_raw()).decode()

    def sign(self, data: bytes) -> str:
        """Base64 of the 64 bytes of the signature."""
        return base64.b64encode(self._private.sign(data)).decode()


def house_key(data_dir: Path) -> HouseKey:
    """The key kept in the data folder (mode 0600), made where there is none.

    Raises:
        HouseKeyUnusable: the file holds something else.
    """
    path = data_dir / "house-key.pem"
    try:
        private = load_pem_private_key(keep_first(path, _fresh), password=None)
    except ValueError as error:
        raise HouseKeyUnusable(f"{path} holds no private key.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise HouseKeyUnusable(f"{path} holds a key of another kind than Ed25519.")
    return HouseKey(private)


def is_signed(public: str, signature: str, data: bytes) -> bool:
    """Whether the holder of the key signed exactly these bytes.

    Raises:
        NotAPublicKey: `public` is none.
    """
    key = _public(public)
    try:
        key.verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """SHA-256 of the raw key in groups of four hexadecimal digits, the first 32: short enough to read out.

    Raises:
        NotAPublicKey: `public` is none.
    """
    digest = hashlib.sha256(_public(public).public_bytes_raw()).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def _public(text: str) -> Ed25519PublicKey:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise NotAPublicKey(f"{text[:80]!r} is not base64.") from error
    if len(raw) != _RAW_BYTES:
        raise NotAPublicKey(f"{text[:80]!r} has {len(raw)} bytes; a public key has {_RAW_BYTES}.")
    return Ed25519PublicKey.from_public_bytes(raw)


def _fresh() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
