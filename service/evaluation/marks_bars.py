"""Learns by which measures a mark counts as found, and as altered, from pictures whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.kit import build_kit
from model.marks import MarkIndex, MarkThresholds, Scale
from model.marks.measures import NAMES
from model.marks.proofs import ROUGH_MEASURES, Look, Proof, Search, close, one_a_place
from model.marks.proposals import propose
from service.evaluation.logistic import weighed
from service.evaluation.marks import Change, Question, Surface, questions, register_kit, without_marks
from service.marks.models import MarkKind

_CLOSELY = 10
"""Places of a picture that are laid over exactly, twice as many as when it counts."""
_PRECISION = 0.97
"""Of what is reported, at least so much is right: pictures that bars were not fitted on are harder."""
_LOST_EARLY = 0.01
"""Share of right places that each rough look may give up."""
_FALSE_ALTERED = 0.05
"""Share of pictures of genuine marks that may be called altered: it is an accusation."""
_FOLDS = 6
_CLEAR = (0.6, 0.5)
"""Explained share and cosine of edges of what counts as the mark on a product, where its place is not known."""
_NEAR, _SIZES = 0.25, (0.65, 1.5)
_ALTERS = {
    Change.STRETCHED: (MarkKind.FIGURE, MarkKind.WORD),
    Change.RESPELLED: (MarkKind.WORD,),
    Change.OTHER_FONT: (MarkKind.WORD,),
}
"""Which marks each change is seen in."""
_ROUGHLY = Scale({"explained": 4.0, "edges": 4.0, "likeness": 6.0}, -6.0, 0.0)
_START = MarkThresholds(
    version="2026-11",
    source="before any fit",
    first=_ROUGHLY,
    second=_ROUGHLY,
    present=Scale({"explained": 4.0, "edges": 6.0, "distinct": 11.0}, -15.0, 0.5),
    altered=Scale({"worst": 1.0}, -1.0, 0.5),
    part=0.72,
    difference=1.0,
)
"""What places are chosen by before anything is fitted."""


@dataclass(frozen=True, eq=False)
class Looked:
    """A picture, and what was measured of every place in it."""

    question: Question
    first: tuple[tuple[Mapping[str, float], bool], ...]
    """Measures of each place as it was proposed, and whether it is the mark's."""
    second: tuple[tuple[Mapping[str, float], bool], ...]
    proofs: tuple[tuple[Proof, str, bool], ...]
    """With the mark's name."""


def look(photos: Sequence[Path], kit_seed: int, pictures: int, without: int) -> Iterator[Looked]:
    """At `pictures` on cloth, on products and without marks, and at `without` more photos."""
    kit = build_kit(kit_seed, brands=10)
    index = register_kit(kit)
    asked = [questions(kit, photos, seed=kit_seed, pictures=pictures)]
    asked.append(without_marks(photos, seed=kit_seed, pictures=without))
    return (_looked(index, each) for some in asked for each in some)


def fit_bars(looked: Sequence[Looked], source: str) -> MarkThresholds:
    """Args: looked: as `look` gives, of several kits."""
    first = _early([each for one in looked for each in one.first])
    second = _early([each for one in looked for each in one.second])
    present = _present(looked)
    altered, genuine = _changed(looked, present)
    return replace(
        _START,
        source=source,
        first=first,
        second=second,
        present=present,
        altered=replace(_altering(altered, genuine), least=_least_altered(looked, present)),
        difference=round(float(np.quantile([each.shape.worst for each in genuine], 1 - _FALSE_ALTERED)), 3),
    )


def _looked(index: MarkIndex, question: Question) -> Looked:
    search = Search.of(question.pixels, index, _START)
    first = [Look.at(search, each) for each in propose(question.pixels, index)]
    second = [each.better(search) for each in first]
    nearest = sorted(second, key=lambda each: -_START.second.chance(each.measures))[:_CLOSELY]
    proofs = [close(search, each) for each in nearest]
    names = index.names
    return Looked(
        question,
        tuple((each.measures, _right(names[each.proposal.mark], each.quad, question)) for each in first),
        tuple((each.measures, _right(names[each.proposal.mark], each.quad, question)) for each in second),
        tuple(
            (each, names[each.proposal.mark], _right(names[each.proposal.mark], each.quad, question))
            for each in proofs
        ),
    )


def _right(name: str, quad: NDArray[np.float64], question: Question) -> bool:
    """On cloth the mark's own place, on a product anywhere on it."""
    brand, kind = name.rsplit(" ", 1)
    if brand != question.brand or question.kind not in (None, kind):
        return False
    middle = quad.mean(axis=0)
    if question.surface is Surface.PRODUCT:
        place = float(middle[0]), float(middle[1])
        return cv2.pointPolygonTest(question.quad.astype(np.float32), place, measureDist=False) >= 0
    truth = question.quad
    shorter = min(np.linalg.norm(truth[1] - truth[0]), np.linalg.norm(truth[3] - truth[0]))
    times = np.sqrt(cv2.contourArea(quad.astype(np.float32)) / cv2.contourArea(truth.astype(np.float32)))
    off = float(np.linalg.norm(middle - truth.mean(axis=0)))
    return off < _NEAR * float(shorter) and _SIZES[0] < float(times) < _SIZES[1]


def _early(looks: Sequence[tuple[Mapping[str, float], bool]]) -> Scale:
    truth = np.array([right for _, right in looks])
    scale = _scale([measures for measures, _ in looks], truth, ROUGH_MEASURES)
    chances = [scale.chance(measures) for measures, right in looks if right]
    return replace(scale, least=float(f"{np.quantile(chances, _LOST_EARLY):.3g}"))


def _present(looked: Sequence[Looked]) -> Scale:
    proofs = [each for one in looked for each in _certain(one)]
    truth = np.array([right for _, _, right in proofs])
    scale = _scale([vars(proof.measures) for proof, _, _ in proofs], truth, NAMES)
    right, wrong = [], []
    for one in looked:
        kept = _kept(one, scale)
        right += (
            [max(scale.chance(vars(proof.measures)) for proof, good in kept if good)]
            if any(good for _, good in kept)
            else []
        )
        wrong += [scale.chance(vars(proof.measures)) for proof, good in kept if not good]
    return replace(scale, least=round(_least(np.array(right), np.array(wrong)), 3))


def _certain(one: Looked) -> list[tuple[Proof, str, bool]]:
    """Without those of which nobody knows whether they are the mark."""
    if one.question.surface is not Surface.PRODUCT:
        return list(one.proofs)
    explained, edges = _CLEAR
    return [
        each
        for each in one.proofs
        if not each[2] or (each[0].measures.explained >= explained and each[0].measures.edges >= edges)
    ]


def _kept(one: Looked, scale: Scale) -> list[tuple[Proof, bool]]:
    """What would be reported of a picture if no chance were too low."""
    ranked = sorted(one.proofs, key=lambda each: -scale.chance(vars(each[0].measures)))
    good = {id(proof): right for proof, _, right in ranked}
    return [(each, good[id(each)]) for each in one_a_place([proof for proof, _, _ in ranked])]


def _least(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> float:
    """The lowest chance at which enough of what is reported is right."""
    for bar in np.sort(right):
        found, mistaken = int((right >= bar).sum()), int((wrong >= bar).sum())
        if found >= _PRECISION * (found + mistaken):
            return float(bar)
    return float(right.max())


def _changed(looked: Sequence[Looked], present: Scale) -> tuple[list[Proof], list[Proof]]:
    """The proofs that hold of altered marks, and of genuine ones."""
    altered: list[Proof] = []
    genuine: list[Proof] = []
    for one in looked:
        change = one.question.change
        for proof, name, right in _certain(one):
            if not right or not present.holds(vars(proof.measures)):
                continue
            if change is Change.NONE:
                genuine.append(proof)
            elif MarkKind(name.rsplit(" ", 1)[1]) in _ALTERS[change]:
                altered.append(proof)
    return altered, genuine


def _altering(altered: Sequence[Proof], genuine: Sequence[Proof]) -> Scale:
    truth = np.array([True] * len(altered) + [False] * len(genuine))
    return _scale([vars(each.measures) for each in [*altered, *genuine]], truth, NAMES)


def _least_altered(looked: Sequence[Looked], present: Scale) -> float:
    """The chance that few pictures of genuine marks reach, each by weights of kits that it is not of.

    By weights that were fitted on them, genuine marks look more genuine than new ones do. And a picture is called
    altered by any of its marks, those included of which nobody knows how well they were seen.
    """
    reached: list[float] = []
    folds = np.array_split(np.arange(len(looked)), _FOLDS)
    for fold in folds:
        others = [looked[at] for other in folds if other is not fold for at in other]
        scale = _altering(*_changed(others, present))
        reached += (most for at in fold if (most := _most_altered(looked[at], present, scale)) is not None)
    return round(float(np.quantile(reached, 1 - _FALSE_ALTERED)), 3)


def _most_altered(one: Looked, present: Scale, altered: Scale) -> float | None:
    """Of what would be reported of a genuine mark."""
    if one.question.change is not Change.NONE:
        return None
    held = (proof.measures for proof, good in _kept(one, present) if good)
    chances = [altered.chance(vars(each)) for each in held if present.holds(vars(each))]
    return max(chances, default=None)


def _scale(measures: Sequence[Mapping[str, float]], truth: NDArray[np.bool_], names: Sequence[str]) -> Scale:
    weights, intercept = weighed(np.array([[each[name] for name in names] for each in measures]), truth)
    return Scale(dict(zip(names, weights, strict=True)), intercept, 0.0)
