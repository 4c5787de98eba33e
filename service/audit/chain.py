"""How an entry is hashed: SHA-256 over the canonical JSON of all its fields, the previous hash among them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

NO_HASH = "0" * 64
"""What the first entry of a chain follows."""


@dataclass(frozen=True)
class Link:
    """The hashed content of an entry; `detail` is canonical JSON as text."""

    tenant_id: str
    seq: int
    at: datetime
    key_id: str
    role: str
    organisation_id: str
    action: str
    object_id: str
    detail: str
    previous_hash: str

    def digest(self) -> str:
        """64 hexadecimal digits."""
        content = asdict(self) | {"at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}
        return hashlib.sha256(canonical(content).encode("ascii")).hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys, no spaces and only ASCII: one text for one value, on every engine.

    Raises:
        TypeError: for a value that is neither JSON nor a date, a time or a decimal number.
        ValueError: for a number that is not finite.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_as_text)


def _as_text(value: object) -> str:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in an audit entry; give text or numbers")
