"""Which names stand in a picture, and where: the lexicon asked for each line, and for lines that belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from math import hypot

from model.text.folding import compact, fold_name
from model.text.lexicon import NAMED, Lexicon, Match, MatchKind
from model.text.lines import Polygon, TextLine, area, around

SURE_LINE = 0.9
"""Confidence from which a single line's letters are believed enough to call a spelling false."""
TALL_LINE = 14.0
"""Pixels of a line's height below which the recogniser mistakes letters too often for that."""
LONG_NAME = 5
"""Letters of the shortest name whose imitation a picture alone can show: a misread letter makes Arlo of Arla."""
CENTRAL = 0.6
"""A name farther out, in half diagonals, is a neighbour's on the shelf."""
_STEP = (0.35, 1.9)
"""Letter heights from a line to the next for both to be read as one name."""


@dataclass(frozen=True)
class SeenMatch:
    match: Match
    polygon: Polygon
    """Around the matched part, in pixels."""
    confidence: float
    height: float
    """Of its letters in pixels."""
    share: float
    """Of the picture's area."""
    off_centre: float
    """Distance of its middle from the picture's, in half diagonals: 0 to 1."""


def names_seen(lines: Sequence[TextLine], size: tuple[int, int], lexicon: Lexicon) -> list[SeenMatch]:
    """Every registered name in the lines, and what resembles one.

    Args:
        lines: of one picture.
        size: its width and height in pixels.
    """
    found = [_seen(match, line, size) for line in lines for match in lexicon.matches(line.text)]
    placed = {(seen.match.brand, seen.polygon) for seen in found if seen.match.kind in NAMED}
    for joined in _stacked(lines):
        for match in lexicon.matches(joined.text):
            if match.kind in NAMED and " " in match.written.strip():
                seen = _seen(match, joined, size)
                if (match.brand, seen.polygon) not in placed:
                    found.append(seen)
    return [*found, *_pieces(lines, size, lexicon, {each.match.brand for each in found})]


def lookalikes_seen(seen: Iterable[SeenMatch]) -> list[SeenMatch]:
    """False spellings that are no misreadings: large, surely read, and the right name nowhere in the picture."""
    every = list(seen)
    named = {each.match.brand for each in every if each.match.kind in NAMED}
    return [each for each in every if each.match.brand not in named and _believed(each)]


def foremost_brand(seen: Iterable[SeenMatch]) -> str | None:
    """The brand that the picture is about, by the size and place of its names; None when none is named or two are
    equally to the fore."""
    weights: dict[str, float] = defaultdict(float)
    for each in (each for each in seen if each.off_centre <= CENTRAL):
        weights[each.match.brand] = max(weights[each.match.brand], _weight(each))
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[1][1] > _CLEARLY * ranked[0][1]):
        return None
    return ranked[0][0]


_CLEARLY = 0.8
_TRUST = {
    MatchKind.EXACT: 1.0,
    MatchKind.SPELLING: 1.0,
    MatchKind.LOOKALIKE: 0.6,
    MatchKind.PIECE: 0.5,
    MatchKind.FUZZY: 0.35,
}


def _weight(seen: SeenMatch) -> float:
    return seen.height * seen.confidence * _TRUST[seen.match.kind] * (1.0 - 0.7 * min(1.0, seen.off_centre))


def _believed(seen: SeenMatch) -> bool:
    return (
        seen.match.kind is MatchKind.LOOKALIKE
        and seen.confidence >= SURE_LINE
        and seen.height >= TALL_LINE
        and len(compact(fold_name(seen.match.name))) >= LONG_NAME
        and not _cut_off(compact(fold_name(seen.match.written)), compact(fold_name(seen.match.name)))
    )


def _cut_off(written: str, name: str) -> bool:
    """Whether a thumb or the picture's edge may hide the letters that are missing."""
    return name.startswith(written) or name.endswith(written)


def _pieces(
    lines: Sequence[TextLine], size: tuple[int, int], lexicon: Lexicon, known: Set[str]
) -> Iterator[SeenMatch]:
    """Of names that a hand or the picture's edge hides in part, where nothing better is read of the brand."""
    for line in (*lines, *_stacked(lines)):
        for match in lexicon.pieces(line.text):
            if match.brand not in known and line.confidence >= SURE_LINE:
                yield _seen(match, line, size)


def _seen(match: Match, line: TextLine, size: tuple[int, int]) -> SeenMatch:
    polygon = line.part(match.start, match.end)
    box = around([polygon])
    x, y = (box[0][0] + box[2][0]) / 2, (box[0][1] + box[2][1]) / 2
    half = hypot(*size) / 2
    off = hypot(x - size[0] / 2, y - size[1] / 2) / half
    return SeenMatch(match, polygon, line.confidence, line.height, area(polygon) / (size[0] * size[1]), off)


def _stacked(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """Two or three lines of one letter size, each right below or right beside the one before, as one line."""
    after = {
        first: [second for second in lines if first is not second and _follows(first, second)]
        for first in lines
    }
    for first, seconds in after.items():
        for second in seconds:
            yield _joined([first, second])
            for third in after[second]:
                if third is not first:
                    yield _joined([first, second, third])


def _joined(lines: Sequence[TextLine]) -> TextLine:
    return TextLine(
        " ".join(line.text for line in lines),
        min(line.confidence for line in lines),
        around([line.polygon for line in lines]),
        min(line.height for line in lines),
    )


def _follows(first: TextLine, second: TextLine) -> bool:
    return _alike(first, second) and (_below(first, second) or _beside(first, second))


def _alike(first: TextLine, second: TextLine) -> bool:
    return max(first.height, second.height) <= 1.8 * min(first.height, second.height)


def _below(first: TextLine, second: TextLine) -> bool:
    upper, lower = around([first.polygon]), around([second.polygon])
    overlap = min(upper[1][0], lower[1][0]) - max(upper[0][0], lower[0][0])
    narrow = min(upper[1][0] - upper[0][0], lower[1][0] - lower[0][0])
    step = (lower[0][1] + lower[2][1] - upper[0][1] - upper[2][1]) / 2
    return overlap > 0.4 * narrow and _STEP[0] <= step / max(first.height, second.height) <= _STEP[1]


def _beside(first: TextLine, second: TextLine) -> bool:
    left, right = around([first.polygon]), around([second.polygon])
    overlap = min(left[2][1], right[2][1]) - max(left[0][1], right[0][1])
    gap = right[0][0] - left[1][0]
    low = min(first.height, second.height)
    return overlap > 0.5 * low and -0.5 * low <= gap <= 1.5 * low
