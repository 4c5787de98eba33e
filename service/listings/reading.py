"""What is written: in title and description, always; in the pictures, where it can matter and while there is time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from model.text.barcodes import Barcode, find_barcodes
from model.text.lexicon import NAMED, Lexicon, MatchKind
from model.text.lines import Polygon
from model.text.reading import SURE, Reading
from model.text.replicas import Plainness, replica_words
from model.text.seeing import TALL_LINE, SeenMatch, foremost_brand, lookalikes_seen, names_seen
from service.deadline import Deadline, OutOfTime
from service.listings.pictures import Seen
from service.listings.question import Comparing, Question
from service.listings.schemas import ListingIn
from service.readings.reader import reader
from service.screening.readings import Corners, NotRead, ReadCode, ReadLine, ReadPicture
from service.screening.rules.text import ReadName, Said, WordKind, Words

SHARE = 0.5
"""Of the time that is left, which reading may take; what comes after it needs the rest."""
LEAST_SECONDS = 0.4
"""Of the processor, which finding the lines of one picture takes; with less nobody begins."""
_DIGITS = 4
_KINDS = {MatchKind.LOOKALIKE: WordKind.LOOKALIKE, MatchKind.FUZZY: WordKind.FUZZY}
_REPLICAS = {Plainness.PLAIN: WordKind.REPLICA, Plainness.HINT: WordKind.REPLICA_HINT}


@dataclass(frozen=True)
class Written:
    """What pictures have written on them, as it is kept, and what of it tells something."""

    pictures: tuple[ReadPicture, ...] = ()
    words: tuple[Words, ...] = ()
    names: tuple[ReadName, ...] = ()


@dataclass(frozen=True, eq=False)
class _Looked:
    extent: tuple[int, int]
    """Width and height in pixels."""
    reading: Reading
    codes: Sequence[Barcode]


def in_text(listing: ListingIn, lexicon: Lexicon) -> tuple[Said, list[Words]]:
    """What title and description name, and their telling words."""
    text = f"{listing.title}\n{listing.description}"
    matches = lexicon.matches(text)
    named = {match.brand: match.written for match in matches if match.kind in NAMED}
    words = [
        Words(_KINDS[match.kind], match.written, match.brand, match.name)
        for match in matches
        if match.kind in _KINDS
    ]
    copies = [Words(_REPLICAS[word.plainness], word.written) for word in replica_words(text)]
    return Said(bool(text.strip()), named), [*words, *copies]


def in_pictures(comparing: Comparing, question: Question, lexicon: Lexicon, first: Sequence[int]) -> Written:
    """Read every picture that can be judged, until the time for it is up.

    Args:
        first: pictures to begin with.
    """
    until = monotonic() + SHARE * comparing.deadline.remaining
    order = sorted(range(len(question.seen)), key=lambda at: (at not in first, at))
    kept: list[ReadPicture] = []
    words: list[Words] = []
    names: list[ReadName] = []
    for at in order:
        looked = _looked(comparing, question.seen[at], until - monotonic())
        if isinstance(looked, NotRead):
            kept.append(ReadPicture(picture=at, not_read=looked))
            continue
        kept.append(_kept(at, looked))
        seen = names_seen(looked.reading.lines, looked.extent, lexicon)
        words += [*_false_names(at, looked, seen), *_words_for_copies(at, looked)]
        names += _name(at, looked, seen)
    return Written(tuple(sorted(kept, key=lambda each: each.picture)), tuple(words), tuple(names))


def _looked(comparing: Comparing, seen: Seen, seconds: float) -> _Looked | NotRead:
    if seen.faults:
        return NotRead.CANNOT_BE_JUDGED
    if seconds < LEAST_SECONDS:
        return NotRead.NO_TIME
    future = comparing.runtime.pool.submit(_look, seen, monotonic() + seconds)
    try:
        return Deadline(seconds + LEAST_SECONDS).wait(future)
    except OutOfTime:
        return NotRead.NO_TIME


def _look(seen: Seen, until: float) -> _Looked:
    pixels = seen.pixels()
    reading = reader().read(pixels, seconds=max(0.0, until - monotonic()))
    return _Looked((pixels.shape[1], pixels.shape[0]), reading, find_barcodes(pixels))


def _kept(at: int, looked: _Looked) -> ReadPicture:
    return ReadPicture(
        picture=at,
        lines=tuple(
            ReadLine(
                text=line.text,
                confidence=round(line.confidence, _DIGITS),
                corners=_shares(line.polygon, looked.extent),
            )
            for line in looked.reading.lines
        ),
        codes=tuple(
            ReadCode(text=code.text, symbology=code.symbology, corners=_shares(code.polygon, looked.extent))
            for code in looked.codes
        ),
        not_read=None if looked.reading.complete else NotRead.NO_TIME,
    )


def _false_names(at: int, looked: _Looked, seen: Sequence[SeenMatch]) -> Iterator[Words]:
    """Imitations that are no misreadings; what is merely near, where it is read surely and nobody is named."""
    telling = lookalikes_seen(seen)
    named = {each.match.brand for each in seen if each.match.kind in NAMED}
    for each in seen:
        kind = WordKind.LOOKALIKE if each in telling else WordKind.FUZZY
        sure = each.confidence >= SURE and each.height >= TALL_LINE
        if each in telling or (each.match.kind in _KINDS and sure and each.match.brand not in named):
            corners = _shares(each.polygon, looked.extent)
            yield Words(kind, each.match.written, each.match.brand, each.match.name, at, corners)


def _words_for_copies(at: int, looked: _Looked) -> Iterator[Words]:
    for line in looked.reading.lines:
        for word in replica_words(line.text) if line.confidence >= SURE else ():
            corners = _shares(line.part(word.start, word.end), looked.extent)
            yield Words(_REPLICAS[word.plainness], word.written, picture=at, corners=corners)


def _name(at: int, looked: _Looked, seen: Sequence[SeenMatch]) -> Iterator[ReadName]:
    """The name of the brand that the picture is about, where it is printed there."""
    brand = foremost_brand(seen)
    printed = [each for each in seen if each.match.brand == brand and each.match.kind in NAMED]
    if brand is not None and printed:
        largest = max(printed, key=lambda each: each.height)
        yield ReadName(brand, largest.match.written, at, _shares(largest.polygon, looked.extent))


def _shares(polygon: Polygon, extent: tuple[int, int]) -> Corners:
    """Kept inside the picture, so that they can be drawn."""
    width, height = extent
    return tuple(
        (round(min(max(x / width, 0.0), 1.0), _DIGITS), round(min(max(y / height, 0.0), 1.0), _DIGITS))
        for x, y in polygon
    )
