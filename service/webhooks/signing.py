"""How a receiver knows that an event is from us, is new, and was not changed on the way.

Mizugiwa-Id: evt_…            the same at every attempt: drop what you have seen
Mizugiwa-Timestamp: 1767225600  when this attempt was signed, seconds since 1970
Mizugiwa-Signature: v1=<hex HMAC-SHA256(secret, "<timestamp>.<body>")>
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping

ID_HEADER = "Mizugiwa-Id"
TIMESTAMP_HEADER = "Mizugiwa-Timestamp"
SIGNATURE_HEADER = "Mizugiwa-Signature"


def signed_headers(secret: str, event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    return {
        ID_HEADER: event_id,
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: f"v1={_digest(secret, timestamp, body)}",
    }


def verify_signature(secret: str, headers: Mapping[str, str], body: bytes, tolerance: float = 300) -> bool:
    """Whether `body` was signed with `secret` at most `tolerance` seconds ago (or ahead, for clocks that differ).

    A copy that is sent again within the tolerance verifies: remember `Mizugiwa-Id` for that long. This is the whole
    of it; a receiver without this package does the same in ten lines.
    """
    given = {name.lower(): value for name, value in headers.items()}
    stamp = given.get(TIMESTAMP_HEADER.lower(), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(time.time() - int(stamp)) > tolerance:
        return False
    expected = f"v1={_digest(secret, int(stamp), body)}".encode()
    return hmac.compare_digest(expected, given.get(SIGNATURE_HEADER.lower(), "").encode())


def _digest(secret: str, timestamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
