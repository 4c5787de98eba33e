"""The verdict is learnt from pairs, and judged on attacks that it has not seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.copies.evidence import Evidence
from model.copies.photometry import Agreement
from model.copies.regions import overlap
from model.copies.verification import CopyKind, judged
from model.evaluation.attacks import Attack
from model.evaluation.copy_fit import fit, held_out_figures
from model.evaluation.copy_pairs import Compared, Relation

ATTACKS = (Attack.JPEG_20, Attack.WORDS, Attack.PASTED)


def evidence(rng: np.random.Generator, relation: Relation) -> Evidence | None:
    """Copies agree closely on most places; other photos fairly, and on the print alone."""
    if relation is Relation.UNRELATED and rng.random() < 0.9:
        return None
    places = np.stack(np.meshgrid(np.linspace(0, 1, 30), np.linspace(0, 1, 30)), axis=-1).reshape(-1, 2)
    close = rng.beta(60, 2, len(places))
    loose = rng.beta(5, 4, len(places)) - 0.2
    copied = rng.random(len(places)) < (rng.uniform(0.7, 1) if relation is Relation.COPY else 0.1)
    seen = overlap(np.eye(3))
    assert seen is not None
    error = rng.uniform(0.02, 0.04) if relation is Relation.COPY else rng.uniform(0.08, 0.2)
    agreement = Agreement(places, np.where(copied, close, loose).astype(np.float32), error)
    matches = int(rng.integers(20, 300))
    share = rng.uniform(0.8, 1) if relation is Relation.COPY else rng.uniform(0.2, 0.7)
    inliers = 5 if relation is Relation.UNRELATED else max(8, int(matches * share))
    return Evidence(np.eye(3), False, matches, inliers, seen, agreement)


def pairs(seed: int = 0, each: int = 40) -> list[Compared]:
    rng = np.random.default_rng(seed)
    relations = (Relation.COPY, Relation.OTHER_PHOTO, Relation.UNRELATED)
    return [
        Compared(relation, Path("a"), Path("b"), attack, None, None, evidence(rng, relation))
        for relation in relations
        for attack in ATTACKS
        for _ in range(each)
    ]


def test_copies_are_told_from_other_photos_with_their_attack_held_out() -> None:
    measured = pairs()

    rows = held_out_figures(measured, fit(measured, {}))

    assert [row.family for row in rows] == ["jpeg", "overlay", "pasted", "all"]
    assert all(row.recall > 0.9 and row.false_copies == 0 for row in rows)
    assert rows[-1].copies == 120
    assert rows[-1].others == 240


def test_what_was_fitted_judges_pairs_that_it_has_not_seen() -> None:
    verdict = fit(pairs(), {}).verdict

    kinds = [(pair.relation, judged(pair.evidence, verdict).kind) for pair in pairs(seed=1)]

    assert {kind for relation, kind in kinds if relation is Relation.OTHER_PHOTO} == {CopyKind.SAME_ARTWORK}
    assert {kind for relation, kind in kinds if relation is Relation.UNRELATED} == {CopyKind.NONE}
    copies = [kind for relation, kind in kinds if relation is Relation.COPY]
    assert copies.count(CopyKind.SAME_PHOTO) > 0.95 * len(copies)


def test_same_artwork_needs_more_inliers_than_strangers_have() -> None:
    assert fit(pairs(), {}).verdict.artwork_inliers == 6


def test_a_family_is_judged_by_what_the_others_teach() -> None:
    """Copies of one family that look like other photos are lost, since nothing else taught them."""
    odd = [
        Compared(Relation.COPY, pair.query, pair.reference, Attack.BLUR, None, None, pair.evidence)
        for pair in pairs(seed=2)
        if pair.relation is Relation.OTHER_PHOTO
    ]
    measured = [*pairs(), *odd]

    rows = {row.family: row for row in held_out_figures(measured, fit(measured, {}))}

    assert rows["blur"].recall == 0
