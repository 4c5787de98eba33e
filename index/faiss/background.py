"""One thread that looks after what grew large, and how its owner stops it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from index.faiss.intake import Key

_log = logging.getLogger(__name__)


class Abandoned(Exception):
    """The index was closed while work went on."""


class UpkeepFailed(RuntimeError):
    """Work in the background broke off; searches stay right and grow slower. Its cause tells what to mend."""


class Background:
    """Calls `work(key)` on one thread for each key asked for; a key waits there once at most."""

    def __init__(self, work: Callable[[Key], None]) -> None:
        self._work = work
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="index-upkeep")
        self._waiting: set[Key] = set()
        self._futures: set[Future[None]] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def ask(self, key: Key) -> None:
        with self._lock:
            if key not in self._waiting and not self._stopped.is_set():
                self._waiting.add(key)
                self._futures = {future for future in self._futures if not _went_well(future)}
                self._futures.add(self._pool.submit(self._run, key))

    def wait(self) -> None:
        """Until nothing is left to do.

        Raises:
            UpkeepFailed: some of it broke off.
        """
        while futures := self._unfinished():
            for future in futures:
                if error := future.exception():
                    raise UpkeepFailed("The index could not be kept up in the background.") from error

    def checkpoint(self) -> None:
        """Break off here once the index is being closed."""
        if self._stopped.is_set():
            raise Abandoned

    def stop(self) -> None:
        self._stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _unfinished(self) -> list[Future[None]]:
        with self._lock:
            return [future for future in self._futures if not _went_well(future)]

    def _run(self, key: Key) -> None:
        with self._lock:
            self._waiting.discard(key)
        try:
            self._work(key)
        except Abandoned:
            _log.info("upkeep of %s abandoned: the index is being closed", key)
        except Exception:
            _log.exception("upkeep of %s failed; searches stay right and grow slower", key)
            raise


def _went_well(future: Future[None]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is None)
