"""A moment by which something must be answered."""

from __future__ import annotations

import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TypeVar

T = TypeVar("T")


class OutOfTime(TimeoutError):
    """The time budget is used up."""


class Deadline:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds, 0 when none are left."""
        return max(0.0, self._ends - time.monotonic())

    def check(self) -> None:
        """Raises: OutOfTime: it has passed."""
        if self.remaining == 0:
            raise OutOfTime(f"not done within {self.seconds:g} s")

    def wait(self, future: Future[T]) -> T:
        """The future's result. Raises: OutOfTime: it did not come in time; the work is given up if not begun."""
        try:
            return future.result(timeout=self.remaining)
        except FutureTimeout:
            future.cancel()
            self.check()
            raise


class Stopwatch:
    """Milliseconds from lap to lap, by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        at = time.perf_counter()
        self.laps[name] = round((at - self._last) * 1000, 2)
        self._last = at
