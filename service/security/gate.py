"""At the door of every request: how often a key may ask, how often an address may guess, when a key was last used."""

from __future__ import annotations

import ipaddress
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from service.clock import now
from service.database import Database
from service.errors import TooManyRequests
from service.security import repository
from service.security.principals import Principal

_log = logging.getLogger(__name__)
_FAILURES_PER_MINUTE = 30
_NOTED_EVERY = timedelta(hours=1)


class Gate:
    """Counts in memory, two counters a key or address that expire by themselves; one gate per process."""

    def __init__(self, requests_per_minute: int, failures_per_minute: int = _FAILURES_PER_MINUTE) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(requests_per_minute, namespace="requests")
        self._failures = RateLimitItemPerMinute(failures_per_minute, namespace="failures")
        self._noted: dict[str, datetime] = {}

    def admit(self, principal: Principal) -> dict[str, str]:
        """Count a request of the key; the headers tell how many are left.

        Raises:
            TooManyRequests: it asked more often than the settings allow.
        """
        self._hit(self._requests, principal.key_id, "requests a minute with this key")
        left = self._limiter.get_window_stats(self._requests, principal.key_id)
        return {
            "RateLimit-Limit": str(self._requests.amount),
            "RateLimit-Remaining": str(left.remaining),
            "RateLimit-Reset": str(_seconds_until(left.reset_time)),
        }

    def count_failure(self, address: str, why: str) -> None:
        """Count and log a refused key. A valid key is never refused for what a neighbour at its address does.

        Nothing is logged of those over the limit, so that a guesser cannot flood the log.

        Raises:
            TooManyRequests: too many were refused from there; IPv6 addresses count by their /64.
        """
        network, most = _network(address), self._failures.amount
        self._hit(self._failures, network, "refused keys a minute from one address")
        count = most - self._limiter.get_window_stats(self._failures, network).remaining
        _log.warning("refused a key from %s (%s), number %d of %d a minute", network, why, count, most)

    def note_use(self, principal: Principal, database: Database, pool: ThreadPoolExecutor) -> None:
        """Write down, at most once an hour and outside of the request, that the key is in use."""
        at = now()
        last = self._noted.get(principal.key_id)
        if last is None or at - last >= _NOTED_EVERY:
            self._noted[principal.key_id] = at
            pool.submit(_write_use, database, principal, at)

    def _hit(self, limit: RateLimitItem, who: str, what: str) -> None:
        if not self._limiter.hit(limit, who):
            wait = _seconds_until(self._limiter.get_window_stats(limit, who).reset_time)
            raise TooManyRequests(f"More than {limit.amount} {what}.", retry_after=wait)


def _seconds_until(moment: float) -> int:
    return max(1, round(moment - time.time()))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address  # a socket or a test client has no number
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if parsed.version == 6 else address


def _write_use(database: Database, principal: Principal, at: datetime) -> None:
    try:
        with database.write() as session:
            repository.note_use(session, principal.tenant_id, principal.key_id, at)
    except SQLAlchemyError as error:
        _log.warning("could not note the use of %s: %s", principal.key_id, error)
