from __future__ import annotations

import socket
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.text import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def page(*words: str) -> NDArray[np.uint8]:
    drawn = np.full((80 * len(words) + 60, 420, 3), 245, np.uint8)
    for at, word in enumerate(words):
        cv2.putText(
            drawn, word, (30, 80 + 80 * at), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 20), 4, cv2.LINE_AA
        )
    return drawn


def test_lines_are_read_with_their_places_in_the_picture(reader: Reader) -> None:
    reading = reader.read(page("TALVORA", "SENCHA"))
    places = {line.text: np.array(line.polygon).mean(axis=0) for line in reading.lines}
    assert set(places) == {"TALVORA", "SENCHA"}
    assert places["TALVORA"][1] == pytest.approx(62, abs=12)
    assert places["SENCHA"][1] == pytest.approx(142, abs=12)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_pictures_that_lie_on_their_side_or_head_are_read(reader: Reader, turns: int) -> None:
    reading = reader.read(np.ascontiguousarray(np.rot90(page("TALVORA"), turns)))
    assert [line.text for line in reading.lines] == ["TALVORA"]


def test_an_empty_or_tiny_picture_has_no_lines(reader: Reader) -> None:
    for shape in ((300, 300, 3), (8, 8, 3)):
        reading = reader.read(np.full(shape, 200, np.uint8))
        assert (reading.lines, reading.complete) == ((), True)


def test_time_that_runs_out_leaves_the_largest_lines_and_says_so(reader: Reader) -> None:
    reading = reader.read(page("TALVORA", "SENCHA", "MORNING"), seconds=1.5, clock=_ticking())
    assert (len(reading.lines), reading.complete) == (1, False)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    Reader().load()


def _ticking() -> Callable[[], float]:
    times = iter(range(100))
    return lambda: float(next(times))
