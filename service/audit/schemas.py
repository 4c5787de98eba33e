"""What the audit endpoints answer."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from service.audit.models import AuditEntry
from service.audit.verification import Fault, Verification


class EntryOut(BaseModel):
    seq: int
    at: datetime
    key_id: str
    role: str
    organisation_id: str
    action: str
    object_id: str
    detail: dict[str, Any]
    previous_hash: str
    hash: str

    @classmethod
    def of(cls, entry: AuditEntry) -> EntryOut:
        plain = {name: getattr(entry, name) for name in cls.model_fields if name != "detail"}
        return cls(**plain, detail=json.loads(entry.detail))


class EntryPage(BaseModel):
    items: list[EntryOut]
    next_after: int | None
    """Give it as `after` to read on; null on the last page."""


class VerificationOut(BaseModel):
    intact: bool
    entries: int
    """How many entries were found in order."""
    head_hash: str
    """Hash of the last of them: keep it elsewhere to be able to prove later that nothing was cut off."""
    broken_seq: int | None
    fault: Fault | None

    @classmethod
    def of(cls, found: Verification) -> VerificationOut:
        return cls(
            intact=found.intact,
            entries=found.entries,
            head_hash=found.head_hash,
            broken_seq=found.broken_seq,
            fault=found.fault,
        )
