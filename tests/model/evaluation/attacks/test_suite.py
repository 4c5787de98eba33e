"""The suite: every picture has one role, every query is the same whenever it is drawn."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.evaluation.attacks import Attack, AttackSuite, TooFewPictures, contact_sheet, suite


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(90):
        small = Image.fromarray(rng.integers(0, 255, (8, 6, 3), np.uint8))
        small.resize((90, 120)).save(folder / f"{number:03}.jpg")
    return list(folder.iterdir())


def drawn(pictures: list[Path], seed: int = 0) -> AttackSuite:
    return suite(pictures, seed, references=30, queries=20, carriers=8)


def test_there_are_as_many_unrelated_queries_as_copies(pictures: list[Path]) -> None:
    found = Counter(each.reference is None for each in drawn(pictures).queries)
    assert found == {True: 20, False: 20}


def test_copies_name_the_reference_that_they_were_made_of(pictures: list[Path]) -> None:
    made = drawn(pictures)
    assert all(made.references[each.reference or 0] == each.source for each in made.copies)


def test_no_picture_has_two_roles(pictures: list[Path]) -> None:
    made = suite(pictures, 0, references=30, queries=20, carriers=8, further=True)
    unrelated = [each.source for each in made.queries if each.reference is None]
    around = {path for each in made.queries for path in each.others}
    roles = [*made.references, *unrelated, *made.background, *made.further, *around]
    assert len(roles) == len(set(roles))
    assert len(made.background) > 0
    assert len(made.further) > 0


def test_unrelated_queries_are_attacked_in_the_same_ways(pictures: list[Path]) -> None:
    made = suite(pictures, 0, references=30, queries=28, carriers=8)
    copies = Counter(each.attack for each in made.copies)
    unrelated = Counter(each.attack for each in made.queries if each.reference is None)
    assert copies == unrelated == Counter({**dict.fromkeys(Attack, 1), Attack.TWO: 2, Attack.THREE: 2})


def test_a_query_is_the_same_whenever_it_is_drawn(pictures: list[Path]) -> None:
    forwards = [each.edited() for each in drawn(pictures).queries]
    again = drawn(list(reversed(pictures)))
    for number in (39, 12, 0):
        redrawn = again.queries[number].edited()
        assert np.array_equal(redrawn.pixels, forwards[number].pixels)
        assert redrawn.parameters == forwards[number].parameters


def test_another_seed_gives_another_suite(pictures: list[Path]) -> None:
    assert drawn(pictures, 0).references != drawn(pictures, 1).references


def test_further_references_come_from_pictures_that_no_query_shows(pictures: list[Path]) -> None:
    made = suite(pictures, 0, references=30, queries=20, carriers=8, further=True)
    first, second = made.further_reference(0), made.further_reference(len(made.further))
    assert np.array_equal(first, made.further_reference(0))
    assert first.shape != second.shape or not np.array_equal(first, second)


def test_too_few_pictures_are_refused_with_their_number(pictures: list[Path]) -> None:
    with pytest.raises(TooFewPictures, match="needs 110 pictures but the folder has 90"):
        suite(pictures, 0, references=60, queries=41, carriers=8)


def test_the_contact_sheet_shows_every_attack(pictures: list[Path]) -> None:
    made = suite(pictures, 0, references=30, queries=28, carriers=8)
    assert contact_sheet(made).shape == (7 * (220 + 24), 4 * (2 * 220 + 12), 3)
