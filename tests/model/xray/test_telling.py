"""Captures are told from photos, by rendered ones and by real ones that nothing was fitted on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.encoders.dummy import DummyEncoder
from model.evaluation.metrics import auroc
from model.xray.categories import OTHER, TooFewCategories, learn
from model.xray.renderer import render_parcel
from model.xray.telling import xray_chance
from service.evaluation.xray_pictures import Use, isolated, read_captures, read_photos, read_small


@pytest.mark.parametrize("colour", [False, True])
def test_a_rendered_capture_is_told_to_be_one(colour: bool) -> None:
    rng = np.random.default_rng(21)
    parcel = render_parcel(rng, 5, 3)
    assert xray_chance(parcel.picture(colour=colour, rng=rng)) > 0.9


def test_a_picture_of_one_level_has_a_chance_too() -> None:
    assert 0.0 <= xray_chance(np.full((40, 60, 3), 128, np.uint8)) <= 1.0


@pytest.mark.data
def test_captures_are_told_from_photos(shared_data: Path) -> None:
    rows = [each for each in read_captures(shared_data / "xray" / "manifest.csv") if each.is_test]
    captures = [xray_chance(read_small(each.path)) for each in rows[::5]]
    photos = [xray_chance(read_small(path)) for path in read_photos(shared_data, Use.TEST, 50, 3)]
    assert auroc(np.array(captures), np.array(photos)) >= 0.99


@pytest.mark.data
def test_no_occasion_is_learnt_from_and_tested_on(shared_data: Path) -> None:
    rows = read_captures(shared_data / "xray" / "manifest.csv")
    alone = isolated(rows)
    assert {each.label for each in alone} == {"gun", "other", "razor_blade", "shuriken"}
    assert not {each.series for each in alone} & {each.series for each in rows if each.is_test}
    first, second = (set(read_photos(shared_data, use, 100, 0)) for use in Use)
    assert not first & second


def test_categories_are_named_after_a_few_examples() -> None:
    rng, encoder = np.random.default_rng(8), DummyEncoder()
    examples = {
        kind: [render_parcel(rng, 1, 0, kind=kind, side=160).picture(colour=False, rng=rng) for _ in range(3)]
        for kind in ("buckle", "tin")
    }
    known = learn(encoder, examples, seed=0, scenes=6)
    assert known.categories == ("buckle", OTHER, "tin")
    [named] = known.name(encoder, examples["tin"][:1])
    assert named.category in known.categories
    assert 1 / 3 <= named.chance <= 1.0
    assert known.name(encoder, []) == []


def test_one_category_cannot_be_told_from_nothing() -> None:
    with pytest.raises(TooFewCategories):
        learn(DummyEncoder(), {"tin": [np.zeros((50, 50, 3), np.uint8)]}, seed=0)
