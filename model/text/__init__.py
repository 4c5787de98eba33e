"""What is written on it? Lines of text, names and what imitates them, words for copies, barcodes."""

from model.text.barcodes import (
    Agreement,
    Barcode,
    NumberKind,
    TradeNumber,
    TradeNumberInvalid,
    agreement,
    find_barcodes,
    trade_number,
)
from model.text.lexicon import NAMED, BrandWords, Lexicon, Match, MatchKind, brands_named
from model.text.lines import TextLine
from model.text.reading import Reader, Reading, ReadingUnavailable
from model.text.replicas import Plainness, ReplicaWord, replica_words
from model.text.seeing import SeenMatch, foremost_brand, lookalikes_seen, names_seen

__all__ = [
    "NAMED",
    "Agreement",
    "Barcode",
    "BrandWords",
    "Lexicon",
    "Match",
    "MatchKind",
    "NumberKind",
    "Plainness",
    "Reader",
    "Reading",
    "ReadingUnavailable",
    "ReplicaWord",
    "SeenMatch",
    "TextLine",
    "TradeNumber",
    "TradeNumberInvalid",
    "agreement",
    "brands_named",
    "find_barcodes",
    "foremost_brand",
    "lookalikes_seen",
    "names_seen",
    "replica_words",
    "trade_number",
]
