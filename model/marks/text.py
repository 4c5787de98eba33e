"""What was read in a picture, against what word marks read: where to look for a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_SHORTEST = 3
"""Letters; shorter words are found everywhere."""


class ReadLine(Protocol):
    """A line of text in a picture, whoever read it."""

    @property
    def text(self) -> str: ...

    @property
    def polygon(self) -> Sequence[Sequence[float]]:
        """Four corners from the beginning of its top, clockwise, in pixels."""
        ...


@dataclass(frozen=True, eq=False)
class Named:
    """A stretch of a line that reads as a word mark, or nearly."""

    mark: int
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels."""
    edits: int
    """Letters that differ; 0 for the very word."""


def named(lines: Sequence[ReadLine], words: Sequence[str], most_edits: int = 2) -> list[Named]:
    """Where lines name one of the words (`words[m]` is what mark `m` reads, "" for none), or nearly do.

    Args:
        most_edits: letters that may differ; of a short word at most one in four.
    """
    found: list[Named] = []
    folded = [_letters(word) for word in words]
    for line in lines:
        read = _letters(line.text)
        for mark, word in enumerate(folded):
            if len(word) < _SHORTEST or len(read) < _SHORTEST:
                continue
            edits, start, end = _nearest(word, read)
            if edits <= min(most_edits, len(word) // 4):
                found.append(Named(mark, _stretch(line.polygon, start / len(read), end / len(read)), edits))
    return found


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _nearest(word: str, read: str) -> tuple[int, int, int]:
    """Fewest edits that make the word of a stretch of what was read, and where it begins and ends (Sellers, 1980)."""
    best = [(0, at) for at in range(len(read) + 1)]
    for row, letter in enumerate(word, start=1):
        after = [(row, 0)]
        for at, other in enumerate(read, start=1):
            changed = best[at - 1][0] + (letter != other), best[at - 1][1]
            left_out = best[at][0] + 1, best[at][1]
            put_in = after[at - 1][0] + 1, after[at - 1][1]
            after.append(min(changed, left_out, put_in))
        best = after
    end = min(range(len(read) + 1), key=lambda at: (best[at][0], -at))
    return best[end][0], best[end][1], end


def _stretch(polygon: Sequence[Sequence[float]], start: float, end: float) -> NDArray[np.float64]:
    """Letters taken as equally wide."""
    corners = np.asarray(polygon, np.float64)
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    return np.stack(
        [
            corners[0] + top * start,
            corners[0] + top * end,
            corners[3] + bottom * end,
            corners[3] + bottom * start,
        ]
    )
