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


def cramped(*words: str) -> NDArray[np.uint8]:
    """Words one right under the other, each as wide as high lines of three letters are."""
    drawn = np.full((36 * len(words) + 8, 104, 3), 245, np.uint8)
    for at, word in enumerate(words):
        cv2.putText(
            drawn, word, (12, 33 + 36 * at), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 3, cv2.LINE_AA
        )
    return drawn


def test_lines_are_read_with_their_places_in_the_picture(reader: Reader) -> None:
    reading = reader.read(page("TALVORA", "SENCHA"))
    places = {line.text: np.array(line.polygon).mean(axis=0) for line in reading.lines}
    assert set(places) == {"TALVORA", "SENCHA"}
    assert places["TALVORA"][1] == pytest.approx(62, abs=12)
    assert places["SENCHA"][1] == pytest.approx(142, abs=12)


def test_short_lines_that_the_detector_takes_for_one_are_parted(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = cramped("TAL", "VOR", "KEN")
    height, width = drawn.shape[:2]
    monkeypatch.setattr(reader, "_find", lambda _: [((0, 0), (width, 0), (width, height), (0, height))])
    lines = reader.read(drawn).lines
    assert [line.text for line in lines] == ["TAL", "VOR", "KEN"]
    tops = [line.polygon[0][1] for line in lines]
    assert tops == pytest.approx([0, height / 3, 2 * height / 3])


def test_one_line_of_cramped_letters_stays_one(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = cv2.resize(page("GRADDFIL")[20:110], (190, 90), interpolation=cv2.INTER_AREA)
    monkeypatch.setattr(reader, "_find", lambda _: [((0, 0), (190, 0), (190, 90), (0, 90))])
    assert len(reader.read(narrow).lines) == 1


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
    asked: list[object] = []

    def refuse(_: socket.socket, address: object) -> None:
        asked.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    Reader().load()
    assert asked == []


def _ticking() -> Callable[[], float]:
    times = iter(range(100))
    return lambda: float(next(times))
