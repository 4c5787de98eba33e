"""One bounded queue before the encoder, shared by all requests, threads and event loops."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB, Encoder, EncoderBusy, EncoderClosed, EncoderInfo, EncoderTooSlow, Vectors

_SMOOTHING = 0.1


@dataclass(frozen=True)
class _Waiting:
    picture: RGB
    give_up_at: float
    vector: Future[NDArray[np.float32]] = field(default_factory=Future)


class BatchingEncoder:
    """Serves concurrent calls with a fixed number of workers; a vector is the same as from the encoder itself.

    Args:
        workers: threads that encode; with an encoder of one thread each, as many as cores.
        max_batch: pictures a worker takes at once.
        max_waiting: pictures that may wait; beyond it calls are refused with `EncoderBusy`.
        deadline: seconds after which a call gives up, with `EncoderTooSlow`.
    """

    def __init__(
        self,
        encoder: Encoder,
        *,
        workers: int = 2,
        max_batch: int = 8,
        max_waiting: int = 256,
        deadline: float = 30.0,
    ) -> None:
        self._encoder = encoder
        self._max_batch, self._max_waiting, self._deadline = max_batch, max_waiting, deadline
        self._queue: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._seconds_per_picture = 0.05
        self._workers = [
            threading.Thread(target=self._work, name=f"encoder-{n}", daemon=True) for n in range(workers)
        ]
        for worker in self._workers:
            worker.start()

    @property
    def info(self) -> EncoderInfo:
        return self._encoder.info

    @property
    def encoder(self) -> Encoder:
        """The one that is served; calls of it pass the queue by."""
        return self._encoder

    @property
    def waiting(self) -> int:
        """Pictures in the queue now."""
        return len(self._queue)

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        """As the encoder itself; a call larger than the queue goes through it in parts.

        Raises:
            EncoderBusy: the queue has no room for the call.
            EncoderTooSlow: the deadline passed.
            EncoderClosed: `close` was called.
        """
        rows: list[NDArray[np.float32]] = []
        for begin in range(0, len(pictures), self._max_waiting):
            waiting = self._enqueue(pictures[begin : begin + self._max_waiting])
            rows += [_result(one, self._deadline) for one in waiting]
        return self._stacked(rows)

    async def encode_async(self, pictures: Sequence[RGB]) -> Vectors:
        """`encode` for event loops, which it never blocks."""
        rows: list[NDArray[np.float32]] = []
        for begin in range(0, len(pictures), self._max_waiting):
            waiting = self._enqueue(pictures[begin : begin + self._max_waiting])
            futures = [asyncio.wrap_future(one.vector) for one in waiting]
            try:
                rows += await asyncio.wait_for(asyncio.gather(*futures), self._deadline)
            except TimeoutError as error:
                raise EncoderTooSlow(self._deadline) from error
        return self._stacked(rows)

    def close(self) -> None:
        """Refuse further calls, finish those that wait, stop the workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()

    def _stacked(self, rows: list[NDArray[np.float32]]) -> Vectors:
        return np.stack(rows) if rows else np.empty((0, self.info.dimension), np.float32)

    def _enqueue(self, pictures: Sequence[RGB]) -> list[_Waiting]:
        give_up_at = time.monotonic() + self._deadline
        fresh = [_Waiting(picture, give_up_at) for picture in pictures]
        with self._changed:
            if self._closed:
                raise EncoderClosed
            if len(self._queue) + len(fresh) > self._max_waiting:
                raise EncoderBusy(len(self._queue), self._retry_after())
            self._queue.extend(fresh)
            self._changed.notify(len(fresh))
        return fresh

    def _retry_after(self) -> int:
        seconds = len(self._queue) * self._seconds_per_picture / len(self._workers)
        return max(1, math.ceil(seconds))

    def _work(self) -> None:
        while batch := self._next_batch():
            begin = time.perf_counter()
            self._encode_batch(batch)
            measured = (time.perf_counter() - begin) / len(batch)
            self._seconds_per_picture += _SMOOTHING * (measured - self._seconds_per_picture)

    def _next_batch(self) -> list[_Waiting]:
        """A fair share of the queue, at most `max_batch`; empty once closed and drained."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            share = math.ceil(len(self._queue) / len(self._workers))
            return [self._queue.popleft() for _ in range(min(share, self._max_batch))]

    def _encode_batch(self, batch: list[_Waiting]) -> None:
        now = time.monotonic()
        wanted = [one for one in batch if one.vector.set_running_or_notify_cancel()]
        for one in wanted:
            if one.give_up_at < now:
                one.vector.set_exception(EncoderTooSlow(self._deadline))
        alive = [one for one in wanted if one.give_up_at >= now]
        try:
            vectors = self._encoder.encode([one.picture for one in alive])
        except Exception:  # whichever picture it was, the others must not fail with it
            for one in alive:
                self._encode_alone(one)
            return
        for one, vector in zip(alive, vectors, strict=True):
            one.vector.set_result(vector)

    def _encode_alone(self, one: _Waiting) -> None:
        try:
            one.vector.set_result(self._encoder.encode([one.picture])[0])
        except Exception as error:  # handed to the caller whose picture it is
            one.vector.set_exception(error)


def _result(one: _Waiting, deadline: float) -> NDArray[np.float32]:
    try:
        return one.vector.result(max(0.0, one.give_up_at - time.monotonic()))
    except TimeoutError as error:
        one.vector.cancel()
        raise EncoderTooSlow(deadline) from error
