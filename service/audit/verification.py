"""Walks a tenant's chain and names the first entry that is not as it was recorded.

A chain proves its own order and content; that its tail, or all of it, was not cut off together with the head is proved
only by a checkpoint kept elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from service.audit import repository
from service.audit.chain import NO_HASH

_BATCH = 1000


class Fault(StrEnum):
    ALTERED = "altered"
    """The content does not give the stored hash: a field was changed, or the entry was moved."""
    MISSING = "missing"
    """There are later entries, but not this one."""
    UNLINKED = "unlinked"
    """It does not follow from the entry before: one of the two was replaced."""
    TRUNCATED = "truncated"
    """The log once reached this entry and ends before it."""
    BEYOND_HEAD = "beyond_head"
    """It was added without the head being moved."""
    REWRITTEN = "rewritten"
    """The whole chain was computed anew: its hash here is not the one of the head or checkpoint."""


@dataclass(frozen=True)
class Checkpoint:
    """How far a log had come at some moment; keep it where the database's owner cannot write."""

    tenant_id: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Verification:
    """Whether the chain holds; `broken_seq` and `fault` name the first entry that does not."""

    tenant_id: str
    entries: int
    head_hash: str
    broken_seq: int | None = None
    fault: Fault | None = None

    @property
    def intact(self) -> bool:
        return self.fault is None


def checkpoint(session: Session, tenant_id: str) -> Checkpoint:
    """The present end of the chain; seq 0 where nothing has been recorded."""
    seq, digest = repository.head(session, tenant_id) or (0, NO_HASH)
    return Checkpoint(tenant_id, seq, digest)


def verify(session: Session, tenant_id: str, kept: Checkpoint | None = None) -> Verification:
    """Recompute every hash of the tenant's log and compare its end with the head, and with a kept checkpoint."""
    end = checkpoint(session, tenant_id)
    expected = {end.seq: end.hash} | ({kept.seq: kept.hash} if kept else {})
    seq, digest = 0, NO_HASH
    while batch := repository.links_after(session, tenant_id, seq, _BATCH):
        for link, stored in batch:
            if link.seq > end.seq:
                return _end_of_walk(session, end, kept, seq, digest)
            fault, at = _fault(link.seq, link.digest(), link.previous_hash, stored, seq, digest)
            if fault is None and expected.get(link.seq, stored) != stored:
                fault, at = Fault.REWRITTEN, link.seq
            if fault is not None:
                return Verification(tenant_id, seq, digest, at, fault)
            seq, digest = link.seq, stored
    return _end_of_walk(session, end, kept, seq, digest)


def _fault(
    seq: int, computed: str, previous: str, stored: str, before: int, before_hash: str
) -> tuple[Fault | None, int]:
    if seq != before + 1:
        return Fault.MISSING, before + 1
    if computed != stored:
        return Fault.ALTERED, seq
    if previous != before_hash:
        return Fault.UNLINKED, seq
    return None, seq


def _end_of_walk(
    session: Session, end: Checkpoint, kept: Checkpoint | None, seq: int, digest: str
) -> Verification:
    if seq < max(end.seq, kept.seq if kept else 0):
        return Verification(end.tenant_id, seq, digest, seq + 1, Fault.TRUNCATED)
    stray = repository.first_beyond_head(session, end.tenant_id)
    if stray is not None:
        return Verification(end.tenant_id, seq, digest, stray, Fault.BEYOND_HEAD)
    return Verification(end.tenant_id, seq, digest)
