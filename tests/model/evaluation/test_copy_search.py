"""Every way of finding copies over one small suite, with the dummy for weights."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from model.encoders.dummy import DummyEncoder
from model.evaluation.attacks import AttackSuite, suite
from model.evaluation.copy_search import Means, Seeker, Sought
from model.evaluation.kit import background_photo

VERIFIED = {Means.ALL: 3}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> AttackSuite:
    folder = tmp_path_factory.mktemp("photos")
    for number in range(26):
        photo = Image.fromarray(background_photo(np.random.default_rng(number)))
        photo.resize((150, 200)).save(folder / f"{number:02}.png")
    return suite(list(folder.iterdir()), 0, references=8, queries=6, carriers=4, further=True)


def seeker(made: AttackSuite, **more: int) -> Seeker:
    found = Seeker(made, DummyEncoder(), **more)
    found.enrol(found.pictures())
    return found


@pytest.fixture(scope="module")
def sought(made: AttackSuite) -> list[Sought]:
    asking = seeker(made)
    return [asking.seek(query, VERIFIED) for query in made.queries]


def test_every_means_scores_every_reference(sought: list[Sought]) -> None:
    expected = set(Means) - {Means.SSCD, Means.SSCD_RAW}
    for each in sought:
        assert set(each.scores) == expected == set(each.milliseconds)
        assert {scores.shape for scores in each.scores.values()} == {(8,)}


def test_candidates_are_the_best_by_their_means(sought: list[Sought]) -> None:
    scores = sought[0].scores[Means.ALL]
    assert list(sought[0].candidates(Means.ALL, 3)) == sorted(range(8), key=lambda at: -scores[at])[:3]


def test_only_the_first_candidates_are_compared(sought: list[Sought]) -> None:
    for each in sought:
        assert set(each.probabilities) == set(each.candidates(Means.ALL, 3).tolist())


def test_under_the_bar_nothing_is_compared_and_nothing_paid(sought: list[Sought]) -> None:
    answer = sought[0].verified(Means.ALL, 3, bar=9.0)
    assert len(answer.references) == 0
    assert answer.milliseconds == sought[0].milliseconds[Means.ALL]


def test_what_was_proven_comes_before_what_only_looks_alike(sought: list[Sought]) -> None:
    for each in sought:
        answer = each.verified(Means.ALL, 3)
        proven = np.array([each.probabilities[int(at)] > 0 for at in answer.references])
        assert not proven.any() or proven.all() or answer.scores[proven].min() > answer.scores[~proven].max()


def test_further_references_are_sought_beside_those_of_the_suite(made: AttackSuite) -> None:
    larger = seeker(made, further=5)
    found = larger.seek(made.queries[0], VERIFIED)
    assert found.scores[Means.ALL].shape == (13,)
    assert Means.HASH not in found.scores
    assert np.array_equal(larger.picture(9), made.further_reference(1))


def test_another_descriptor_is_measured_beside_the_encoder(made: AttackSuite) -> None:
    asking = Seeker(made, DummyEncoder(), sscd=DummyEncoder("other"))
    asking.enrol(asking.pictures())
    assert Means.SSCD in asking.seek(made.queries[0], VERIFIED).scores
