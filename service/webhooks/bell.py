"""Rings when the outbox got something, so that it need not wait for the next look."""

from __future__ import annotations

from threading import Event

_rung = Event()


def wake() -> None:
    _rung.set()


def wait(seconds: float) -> None:
    """Until the bell rings, or that long; a ring that another courier of this process took costs no more."""
    if _rung.wait(seconds):
        _rung.clear()
