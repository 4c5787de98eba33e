"""Carries what waits in the outbox to its endpoints, each at its own pace."""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Lock, Thread

from service.clock import now
from service.database import Database
from service.fetching import FetchError, FetchLimits, post_message
from service.settings import Settings
from service.webhooks import bell, outbox
from service.webhooks.outbox import Attempt
from service.webhooks.secret_box import SecretBox, SecretKeyChanged
from service.webhooks.signing import signed_headers

GIVE_UP_AFTER = timedelta(hours=24)
TIMEOUT_SECONDS = 10.0
LEASE_SECONDS = 30.0
_FIRST_RETRY_SECONDS = 10.0
_LONGEST_RETRY_SECONDS = 3 * 3600.0
_LOOK_SECONDS = 1.0
_THREADS = 16
_FOR_FAILING = 8
_PER_ENDPOINT = 4
_TIDY_SECONDS = 3600.0
_FORGOTTEN_AT_ONCE = 500
_MAX_ANSWER_BYTES = 64 * 2**10
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outcome:
    status: int | None
    error: str | None


class Courier:
    """Sixteen threads, of which endpoints that failed last time get half at most and one each.

    So a dead endpoint, which costs its full time limit at every attempt, never delays a living one. One thread more
    forgets, every hour, what ended longer ago than the settings say.
    """

    def __init__(self, database: Database, settings: Settings, lease_seconds: float = LEASE_SECONDS) -> None:
        self._database = database
        self._settings = settings
        self._lease = timedelta(seconds=lease_seconds)
        self._stopping = Event()
        self._thread: Thread | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._busy: Counter[str] = Counter()
        self._failing: set[str] = set()
        self._lock = Lock()

    def start(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS + 1, thread_name_prefix="courier")
        self._thread = Thread(target=self._go_round, args=(self._pool,), name="courier")
        self._thread.start()

    def close(self) -> None:
        """Wait for what is on its way, ten seconds at most; the rest stays in the outbox."""
        self._stopping.set()
        bell.wake()
        if self._thread is not None and self._pool is not None:
            self._thread.join()
            self._pool.shutdown(wait=True)

    def _go_round(self, pool: ThreadPoolExecutor) -> None:
        tidied_at = float("-inf")
        while not self._stopping.is_set():
            try:
                if time.monotonic() - tidied_at >= _TIDY_SECONDS:
                    tidied_at = time.monotonic()
                    pool.submit(self._tidy)
                attempts = self._take()
                for attempt in attempts:
                    self._note(attempt, 1)
                    pool.submit(self._carry, attempt)
            except Exception:
                _log.exception("the outbox could not be read; it is tried again in a second")
                attempts = []
            if not attempts:
                bell.wait(_LOOK_SECONDS)

    def _tidy(self) -> None:
        """Forget what ended long ago, in short transactions, so that nobody waits for the write lock."""
        before = now() - timedelta(days=self._settings.webhook_retention_days)
        try:
            full = True
            while full and not self._stopping.is_set():
                with self._database.write() as session:
                    full = outbox.forget_ended(session, before, _FORGOTTEN_AT_ONCE) == _FORGOTTEN_AT_ONCE
        except Exception:
            _log.exception("old deliveries could not be forgotten; it is tried again in an hour")

    def _take(self) -> list[Attempt]:
        with self._database.read() as session:
            waiting = outbox.waiting_endpoints(session, now())
        room = self._room(waiting)
        if not room:
            return []
        with self._database.write() as session:
            return outbox.take(session, room, now(), self._lease)

    def _room(self, waiting: dict[str, bool]) -> dict[str, int]:
        """How many deliveries each endpoint that waits may have taken now; `waiting` says which failed last time."""
        with self._lock:
            free = _THREADS - self._busy.total()
            free_for_failing = _FOR_FAILING - sum(self._busy[endpoint] for endpoint in self._failing)
            room: dict[str, int] = {}
            for endpoint, failing in waiting.items():
                allowed = min(free_for_failing, 1 - self._busy[endpoint]) if failing else _PER_ENDPOINT
                share = min(free, allowed - (0 if failing else self._busy[endpoint]))
                if share > 0:
                    room[endpoint] = share
                    free -= share
                    free_for_failing -= share if failing else 0
            return room

    def _note(self, attempt: Attempt, change: int) -> None:
        with self._lock:
            self._busy[attempt.endpoint_id] += change
            if attempt.failing and change > 0:
                self._failing.add(attempt.endpoint_id)
            if not self._busy[attempt.endpoint_id]:
                del self._busy[attempt.endpoint_id]
                self._failing.discard(attempt.endpoint_id)

    def _carry(self, attempt: Attempt) -> None:
        try:
            outcome = self._post(attempt)
            with self._database.write() as session:
                self._keep(attempt, outcome)(session)
        except Exception:
            _log.exception("delivery %s: its outcome was not kept; it is sent again", attempt.delivery_id)
        finally:
            self._note(attempt, -1)
            bell.wake()

    def _post(self, attempt: Attempt) -> _Outcome:
        body = attempt.body.encode()
        limits = FetchLimits(_MAX_ANSWER_BYTES, TIMEOUT_SECONDS, 0, self._settings.fetch_hosts_allowed)
        try:
            secret = SecretBox(self._settings.signing_key()).unlock(attempt.secret_box)
            headers = signed_headers(secret, attempt.event_id, int(now().timestamp()), body)
            headers["Content-Type"] = "application/json"
            return _Outcome(post_message(attempt.url, headers, body, limits), None)
        except (FetchError, SecretKeyChanged) as error:
            return _Outcome(None, str(error))

    def _keep(self, attempt: Attempt, outcome: _Outcome) -> partial[None]:
        at, status = now(), outcome.status
        if status is not None and 200 <= status < 300:
            return partial(outbox.delivered, attempt=attempt, status=status, at=at)
        if status == 410:
            return partial(outbox.gone, attempt=attempt, status=status)
        return partial(
            outbox.failed,
            attempt=attempt,
            status=status,
            error=outcome.error or f"The endpoint answered with status {status}.",
            next_at=_next_attempt(attempt, at),
        )


def retry_delay(attempts: int) -> float:
    """Seconds after so many attempts: doubling from 10 s to 3 h, less up to half of it by chance."""
    full = min(_FIRST_RETRY_SECONDS * 2.0 ** min(attempts - 1, 20), _LONGEST_RETRY_SECONDS)
    return full * (1 - 0.5 * secrets.SystemRandom().random())


def _next_attempt(attempt: Attempt, at: datetime) -> datetime | None:
    """None when the delivery has been tried for a day."""
    due = at + timedelta(seconds=retry_delay(attempt.attempts))
    return due if due - attempt.first_attempt_at <= GIVE_UP_AFTER else None
