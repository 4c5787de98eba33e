"""Concurrent calls through one queue: same vectors, bounded, one failure apart from the others."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model.encoders import RGB, BatchingEncoder, EncoderBusy, EncoderClosed, EncoderTooSlow, Vectors
from model.encoders.dummy import DummyEncoder
from model.encoders.probe import textured_pictures

PICTURES = textured_pictures(12)


class _Gated(DummyEncoder):
    """Waits until the gate opens; refuses black pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.entered = threading.Event(), threading.Event()
        self.batches: list[int] = []

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        self.entered.set()
        assert self.gate.wait(20)
        self.batches.append(len(pictures))
        if any(not picture.any() for picture in pictures):
            raise ValueError("a black picture")
        return super().encode(pictures)


@pytest.fixture
def gated() -> _Gated:
    return _Gated()


@pytest.fixture
def batching(gated: _Gated) -> Iterator[BatchingEncoder]:
    encoder = BatchingEncoder(gated, workers=1, max_batch=4, max_waiting=6, deadline=10)
    yield encoder
    gated.gate.set()
    encoder.close()


def test_a_vector_is_the_same_alone_and_under_load(gated: _Gated, batching: BatchingEncoder) -> None:
    gated.gate.set()
    alone = [DummyEncoder().encode([picture])[0] for picture in PICTURES]
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(lambda picture: batching.encode([picture])[0], PICTURES))
    np.testing.assert_array_equal(np.stack(loaded), np.stack(alone))


def test_calls_that_wait_together_are_encoded_together(gated: _Gated, batching: BatchingEncoder) -> None:
    with ThreadPoolExecutor(5) as pool:
        calls = [pool.submit(batching.encode, PICTURES[:1])]
        assert gated.entered.wait(10)
        calls += [pool.submit(batching.encode, [picture]) for picture in PICTURES[1:5]]
        while batching.waiting < 4:
            time.sleep(0.005)
        gated.gate.set()
        for call in calls:
            call.result(10)
    assert gated.batches == [1, 4]


def test_a_full_queue_refuses_and_says_when_to_retry(gated: _Gated, batching: BatchingEncoder) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(batching.encode, PICTURES[:6])
        assert gated.entered.wait(10)
        with pytest.raises(EncoderBusy, match="Retry") as refusal:
            batching.encode(PICTURES[:6])
        gated.gate.set()
        first.result(10)
    assert refusal.value.retry_after >= 1


def test_a_bad_picture_fails_its_own_call_alone(gated: _Gated, batching: BatchingEncoder) -> None:
    black = np.zeros((20, 20, 3), np.uint8)
    with ThreadPoolExecutor(3) as pool:
        good = [pool.submit(batching.encode, [picture]) for picture in PICTURES[:2]]
        bad = pool.submit(batching.encode, [black])
        gated.gate.set()
        with pytest.raises(ValueError, match="black"):
            bad.result(10)
        assert [call.result(10).shape for call in good] == [(1, 192)] * 2


def test_a_call_gives_up_at_its_deadline(gated: _Gated) -> None:
    encoder = BatchingEncoder(gated, workers=1, deadline=0.05)
    with pytest.raises(EncoderTooSlow):
        encoder.encode(PICTURES[:1])
    gated.gate.set()
    encoder.close()


def test_a_call_larger_than_the_queue_goes_through_in_parts(gated: _Gated, batching: BatchingEncoder) -> None:
    gated.gate.set()
    np.testing.assert_array_equal(batching.encode(PICTURES), DummyEncoder().encode(PICTURES))


def test_closing_finishes_what_waits_and_refuses_the_rest(gated: _Gated) -> None:
    encoder = BatchingEncoder(gated, workers=1)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(encoder.encode, PICTURES[:3])
        assert gated.entered.wait(10)
        threading.Timer(0.1, gated.gate.set).start()
        encoder.close()
        assert call.result(10).shape == (3, 192)
    with pytest.raises(EncoderClosed):
        encoder.encode(PICTURES[:1])


async def test_event_loops_share_the_queue(gated: _Gated, batching: BatchingEncoder) -> None:
    gated.gate.set()
    found = await asyncio.gather(*(batching.encode_async([picture]) for picture in PICTURES[:5]))
    np.testing.assert_array_equal(np.concatenate(found), DummyEncoder().encode(PICTURES[:5]))


async def test_event_loops_meet_the_deadline_too(gated: _Gated) -> None:
    encoder = BatchingEncoder(gated, workers=1, deadline=0.05)
    with pytest.raises(EncoderTooSlow):
        await encoder.encode_async(PICTURES[:1])
    gated.gate.set()
    encoder.close()
