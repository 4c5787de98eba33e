"""One-time codes of an authenticator app as a second factor (TOTP, RFC 6238: SHA-1, six digits, 30 seconds)."""

from __future__ import annotations

import re
from datetime import datetime

import pyotp
import zxingcpp

from service.webhooks.secret_box import SecretBox, SecretKeyChanged

_PURPOSE = b"mizugiwa second factors v1"
_SECONDS = 30
_DRIFT = 1
"""Steps that a clock may be early or late."""
_ISSUER = "mizugiwa"
_CODE = re.compile(r"[0-9]{6}")


class SecondFactorUnreadable(RuntimeError):
    """The secret was sealed under another key of the installation."""


class FactorSeal:
    """A box for secrets of second factors, each bound to its person."""

    def __init__(self, signing_key: bytes) -> None:
        self._box = SecretBox(signing_key, _PURPOSE)

    def seal(self, user_id: str, secret: str) -> str:
        return self._box.lock(f"{user_id} {secret}")

    def open(self, user_id: str, sealed: str) -> str:
        """
        Raises:
            SecondFactorUnreadable: sealed under another key, or for somebody else.
        """
        try:
            owner, _, secret = self._box.unlock(sealed).partition(" ")
        except SecretKeyChanged:
            owner, secret = "", ""
        if owner != user_id:
            raise SecondFactorUnreadable(
                "A second factor cannot be read: MIZUGIWA_SECRET_KEY is not the one it was sealed with. Set that key "
                "again, or take the factor away with `mizugiwa users reset`."
            )
        return secret


def fresh_secret() -> str:
    """160 random bits in Base32."""
    return str(pyotp.random_base32())


def address(login: str, secret: str) -> str:
    """The `otpauth:` address that authenticator apps read."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER))


def qr_code(text: str) -> str:
    """The text as an SVG picture, without the XML prologue, so that it can stand in a page."""
    svg = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg()
    return str(svg[svg.index("<svg") :])


def accepted_step(secret: str, code: str, last_step: int, at: datetime) -> int | None:
    """The time step of a right code that is later than the last one accepted; None for any other."""
    code = "".join(code.split())
    if not _CODE.fullmatch(code):
        return None
    step = int(at.timestamp()) // _SECONDS
    totp = pyotp.TOTP(secret)
    for each in range(step - _DRIFT, step + _DRIFT + 1):
        if each > last_step and totp.verify(code, for_time=each * _SECONDS, valid_window=0):
            return each
    return None
