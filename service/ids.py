"""Ids that say what they name and sort by time: `brd_0192f…` (a prefix and a UUID of version 7)."""

from __future__ import annotations

import uuid_utils


def new_id(prefix: str) -> str:
    """A fresh id; `prefix` is three lower-case letters."""
    return f"{prefix}_{uuid_utils.uuid7().hex}"
