from __future__ import annotations

from model.text import BrandWords, Lexicon, MatchKind, TextLine, foremost_brand, lookalikes_seen, names_seen

SHELF = Lexicon({name: BrandWords(name) for name in ("God Morgon", "Tropicana", "Arla", "Oatly")})
SIZE = (400, 400)


def line(text: str, x: float, y: float, height: float = 20.0, confidence: float = 0.97) -> TextLine:
    width = height * 0.6 * len(text)
    return TextLine(text, confidence, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)))


def test_a_name_has_the_box_of_its_own_letters() -> None:
    (seen,) = names_seen([line("by Oatly", 100, 100)], SIZE, SHELF)
    assert seen.polygon == ((136.0, 100.0), (196.0, 100.0), (196.0, 120.0), (136.0, 120.0))


def test_a_name_set_on_two_or_three_lines_is_one_name() -> None:
    for lines in (["GOD", "MORGON"], ["GOD", "MOR", "GON"], ["OAT", "LY!"]):
        seen = names_seen([line(text, 180, 150 + 22 * at) for at, text in enumerate(lines)], SIZE, SHELF)
        assert [each.match.kind for each in seen] == [
            MatchKind.EXACT if len(lines) == 2 and "GOD" in lines else MatchKind.SPELLING
        ]


def test_lines_far_apart_are_not_joined() -> None:
    assert names_seen([line("GOD", 180, 20), line("MORGON", 180, 350)], SIZE, SHELF) == []


def test_a_name_that_a_hand_hides_in_part_is_a_piece_of_it() -> None:
    for text, brand in (("opicana", "Tropicana"), ("GOD MOR", "God Morgon")):
        seen = names_seen([line(text, 170, 180)], SIZE, SHELF)
        assert [(each.match.kind, each.match.brand) for each in seen] == [(MatchKind.PIECE, brand)]
        assert lookalikes_seen(seen) == []
        assert foremost_brand(seen) == brand


def test_a_short_piece_a_whole_word_of_a_name_or_one_beside_the_name_is_none() -> None:
    for lines in (["cana"], ["Morgon"], ["Tropicana", "opicana"]):
        seen = names_seen([line(text, 170, 120 + 60 * at) for at, text in enumerate(lines)], SIZE, SHELF)
        assert MatchKind.PIECE not in [each.match.kind for each in seen]


def test_the_large_name_in_the_middle_is_foremost() -> None:
    seen = names_seen([line("Tropicana", 150, 190, 30), line("Arla", 10, 10, 20)], SIZE, SHELF)
    assert foremost_brand(seen) == "Tropicana"


def test_nothing_is_foremost_where_two_are_or_all_is_at_the_rim() -> None:
    both = names_seen([line("Oatly", 170, 160), line("Arla", 176, 220)], SIZE, SHELF)
    assert foremost_brand(both) is None
    assert foremost_brand(names_seen([line("Oatly", 0, 0)], SIZE, SHELF)) is None


def test_a_false_spelling_counts_where_it_is_large_and_sure() -> None:
    for height, confidence, count in ((24.0, 0.97, 1), (8.0, 0.97, 0), (24.0, 0.7, 0)):
        seen = names_seen([line("Trcpicana", 100, 100, height, confidence)], SIZE, SHELF)
        assert len(lookalikes_seen(seen)) == count


def test_a_false_spelling_beside_the_right_one_is_a_misreading() -> None:
    seen = names_seen([line("Trcpicana", 100, 100, 24), line("Tropicana", 100, 200, 24)], SIZE, SHELF)
    assert lookalikes_seen(seen) == []


def test_a_short_name_misread_by_a_letter_accuses_nobody() -> None:
    assert lookalikes_seen(names_seen([line("Ar1a", 100, 100, 24)], SIZE, SHELF)) == []


def test_a_name_whose_end_is_hidden_is_no_false_spelling() -> None:
    for written in ("Tropican", "ropicana"):
        assert lookalikes_seen(names_seen([line(written, 100, 100, 24)], SIZE, SHELF)) == []
