"""A seeded suite of copies and unrelated pictures from any folder of photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from model.encoders.base import RGB
from model.evaluation.attacks.catalogue import OTHERS, Attack, attacked
from model.evaluation.attacks.edited import Edited
from model.images import decode

MAX_SIDE = 1024
_ROUND = (*Attack, Attack.TWO, Attack.THREE)
"""Attacks take turns; combinations are twice as frequent as any other."""
_WITHOUT_OTHERS = tuple(
    each
    for each in Attack
    if each not in (Attack.SCREENSHOT, Attack.PASTED, Attack.COLLAGE, Attack.TWO, Attack.THREE)
)
_QUERY, _FURTHER = 0, 1

Load = Callable[[Path], RGB]


class TooFewPictures(ValueError):
    def __init__(self, found: int, needed: int) -> None:
        super().__init__(
            f"The suite needs {needed} pictures but the folder has {found}. Ask for fewer references or queries."
        )


@dataclass(frozen=True)
class Attacked:
    """One query: an attacked picture, drawn anew and the same at every call of `edited`."""

    number: int
    attack: Attack
    source: Path
    reference: int | None
    """Place in the suite's references of the picture that this is a copy of; None: of none."""
    seed: int
    others: tuple[Path, ...]
    load: Load = field(repr=False, compare=False)

    def edited(self) -> Edited:
        """Pixels, parameters, and the true homography from the source to them (`back` for the other way)."""
        rng = np.random.default_rng([self.seed, _QUERY, self.number])
        return attacked(self.attack, self.load(self.source), [self.load(path) for path in self.others], rng)


@dataclass(frozen=True)
class AttackSuite:
    """No picture has two roles."""

    seed: int
    references: tuple[Path, ...]
    queries: tuple[Attacked, ...]
    """Copies first, then as many unrelated ones, attacked in the same ways."""
    background: tuple[Path, ...]
    """Everyday pictures that are neither references nor asked about."""
    further: tuple[Path, ...]
    """Sources of `further_reference`; taken from the background, and empty unless asked for."""
    load: Load = field(repr=False, compare=False)

    @property
    def copies(self) -> tuple[Attacked, ...]:
        return tuple(each for each in self.queries if each.reference is not None)

    def further_reference(self, number: int) -> RGB:
        """An edit of a picture that no query shows: a reference more, for a larger house; any number from 0."""
        rng = np.random.default_rng([self.seed, _FURTHER, number])
        attack = _WITHOUT_OTHERS[int(rng.integers(len(_WITHOUT_OTHERS)))]
        source = self.load(self.further[number % len(self.further)])
        return attacked(attack, source, [], rng).pixels


def suite(
    paths: Sequence[Path],
    seed: int,
    references: int = 400,
    queries: int = 336,
    carriers: int = 80,
    *,
    further: bool = False,
) -> AttackSuite:
    """Give every picture its role and every query its attack; nothing is read yet.

    The order of `paths` does not matter, and a query depends on nothing but the pictures, the seed and its number.

    Args:
        queries: copies; there are as many unrelated queries.
        carriers: pictures that appear around others, in collages and under pasted ones.
        further: set half of the background aside for `further_reference`.

    Raises:
        TooFewPictures: there are not enough for the roles, with one left for the background.
    """
    needed = references + queries + carriers + (2 if further else 1)
    if len(paths) < needed:
        raise TooFewPictures(len(paths), needed)
    ordered = sorted(paths)
    order = np.random.default_rng(seed).permutation(len(ordered))
    shuffled = [ordered[int(at)] for at in order]
    held, shuffled = shuffled[:references], shuffled[references:]
    unrelated, shuffled = shuffled[:queries], shuffled[queries:]
    around, rest = shuffled[:carriers], shuffled[carriers:]
    aside = len(rest) // 2 if further else 0
    load = _loader()
    asked = [_query(n, held[n % references], n % references, around, seed, load) for n in range(queries)]
    asked += [_query(queries + n, path, None, around, seed, load) for n, path in enumerate(unrelated)]
    return AttackSuite(seed, tuple(held), tuple(asked), tuple(rest[aside:]), tuple(rest[:aside]), load)


def _query(
    number: int, source: Path, reference: int | None, around: Sequence[Path], seed: int, load: Load
) -> Attacked:
    attack = _ROUND[number % len(_ROUND)]
    drawn = np.random.default_rng([seed, number]).choice(len(around), OTHERS, replace=False)
    return Attacked(number, attack, source, reference, seed, tuple(around[int(at)] for at in drawn), load)


def _loader() -> Load:
    @cache
    def load(path: Path) -> RGB:
        return decode(path.read_bytes(), max_side=MAX_SIDE).pixels

    return load
