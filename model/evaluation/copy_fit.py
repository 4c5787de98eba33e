"""Fit the verdict on copies, and say how it does on attacks that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from model.copies.evidence import MEASURES
from model.copies.verdict import Verdict
from model.evaluation.attacks import Family
from model.evaluation.copy_pairs import Compared, Relation

_PENALTY = 1.0
_LIMITS = np.arange(500, 1000, 5) / 1000
_MISTAKEN = 1e-3
"""Share of pairs of different photos of one product that may be called a copy."""
_STRANGERS = 5e-3
"""Share of unrelated pairs with evidence that may be called the same artwork."""
Scores = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fitted:
    verdict: Verdict
    held_out: Scores
    """Of each pair, from a verdict that has seen no pair whose query was attacked by the same family."""


def fit(pairs: Sequence[Compared], provenance: Mapping[str, Any]) -> Fitted:
    """The verdict on all pairs, with thresholds that hold where each attack family is left out in turn."""
    held_out = _held_out(pairs)
    weights, intercept = _regression(pairs)
    verdict = Verdict(
        measures=MEASURES,
        weights=tuple(round(float(each), 5) for each in weights),
        intercept=round(intercept, 5),
        copy_from=_copy_from(pairs, held_out),
        artwork_inliers=_artwork_inliers(pairs),
        provenance=dict(provenance),
    )
    return Fitted(verdict, held_out)


@dataclass(frozen=True)
class Held:
    """How the pairs of one family of attacks fare under a verdict that has seen none of them."""

    family: str
    copies: int
    recall: float
    others: int
    false_copies: int


def held_out_figures(pairs: Sequence[Compared], fitted: Fitted) -> list[Held]:
    """At the fitted threshold; the last row is all together."""
    families = np.array([str(family(pair) or "none") for pair in pairs])
    copies = np.array([pair.relation is Relation.COPY for pair in pairs])
    called = fitted.held_out >= fitted.verdict.copy_from
    chosen = [(name, families == name) for name in sorted(set(families))]
    return [_held(name, of_it, copies, called) for name, of_it in (*chosen, ("all", families != ""))]


def _held(name: str, of_it: NDArray[np.bool_], copies: NDArray[np.bool_], called: NDArray[np.bool_]) -> Held:
    true, others = of_it & copies, of_it & ~copies
    recall = float(called[true].mean()) if true.any() else 0.0
    return Held(name, int(true.sum()), recall, int(others.sum()), int(called[others].sum()))


def family(pair: Compared) -> Family | None:
    return pair.attack.family if pair.attack else None


def probabilities(pairs: Sequence[Compared], weights: Scores, intercept: float) -> Scores:
    """Shape (N,); 0 without evidence."""
    found = np.zeros(len(pairs))
    at = [n for n, pair in enumerate(pairs) if pair.evidence is not None]
    if at:
        logits = _measures(pairs) @ weights + intercept
        found[at] = 1 / (1 + np.exp(-np.clip(logits, -40, 40)))
    return found


def _held_out(pairs: Sequence[Compared]) -> Scores:
    families = np.array([str(family(pair)) for pair in pairs])
    scores = np.zeros(len(pairs))
    for each in sorted(set(families)):
        left_out = families == each
        weights, intercept = _regression([pair for pair, out in zip(pairs, left_out, strict=True) if not out])
        scores[left_out] = probabilities(
            [pair for pair, out in zip(pairs, left_out, strict=True) if out], weights, intercept
        )
    return scores


def _regression(pairs: Sequence[Compared]) -> tuple[Scores, float]:
    """Weights for the measures as they are, and the intercept; only of pairs that have evidence."""
    known = [pair for pair in pairs if pair.evidence is not None]
    measures = _measures(known)
    labels = np.array([pair.relation is Relation.COPY for pair in known])
    middle, spread = measures.mean(axis=0), np.maximum(measures.std(axis=0), 1e-9)
    model = LogisticRegression(C=_PENALTY, max_iter=5000)
    model.fit((measures - middle) / spread, labels, sample_weight=_fair(known))
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ middle)


def _fair(pairs: Sequence[Compared]) -> Scores:
    """Copies weigh a half together; what is cut down to a print weighs little, since it is hardly ever so seen."""
    relations = np.array([pair.relation for pair in pairs])
    wanted = {
        Relation.COPY: 0.5,
        Relation.OTHER_PHOTO: 0.285,
        Relation.UNRELATED: 0.2,
        Relation.SAME_PRINT: 0.015,
    }
    weights = np.zeros(len(pairs))
    for relation, share in wanted.items():
        of_it = relations == relation
        if of_it.any():
            weights[of_it] = share * len(pairs) / of_it.sum()
    return weights


def _measures(pairs: Sequence[Compared]) -> NDArray[np.float64]:
    return np.array([pair.evidence.measures() for pair in pairs if pair.evidence is not None])


def _copy_from(pairs: Sequence[Compared], held_out: Scores) -> float:
    """The lowest limit that at most `_MISTAKEN` of the pairs of different photos of one product reach."""
    hard = np.array([pair.relation is Relation.OTHER_PHOTO for pair in pairs])
    if not hard.any():
        return float(_LIMITS[0])
    reached = (held_out[hard][:, None] >= _LIMITS).mean(axis=0)
    beyond = _LIMITS[reached <= _MISTAKEN]
    return float(beyond[0]) if len(beyond) else float(_LIMITS[-1])


def _artwork_inliers(pairs: Sequence[Compared]) -> int:
    strangers = [
        pair.evidence.inliers if pair.evidence else 0 for pair in pairs if pair.relation is Relation.UNRELATED
    ]
    return int(np.quantile(strangers, 1 - _STRANGERS)) + 1 if strangers else 1
