"""The conditions that a policy file may state, and what made one hold.

A condition answers with its witnesses: the signals and facts without which it would not hold. Reasons given to
people are drawn from the witnesses, so that nobody is told a reason that played no part.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, PositiveInt, Tag

from service.screening.findings import BrandView, Fact
from service.screening.signals import Family, SignalCode, Strength

Witness = SignalCode | Fact

_STRENGTHS = {strength.name.lower(): strength for strength in Strength if strength}


def _asked_strength(value: Any) -> Any:
    if isinstance(value, str) and value in _STRENGTHS:
        return _STRENGTHS[value]
    raise ValueError(f"a strength is one of {', '.join(_STRENGTHS)}; got {value!r}")


AskedStrength = Annotated[Strength, BeforeValidator(_asked_strength)]


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AtLeast(_Stated):
    signal: SignalCode
    at_least: AskedStrength


class Below(_Stated):
    """Also holds when the signal is absent."""

    signal: SignalCode
    below: AskedStrength


class Families(_Stated):
    """Signals of this strength in at least `count` different ones of these families."""

    families: frozenset[Family]
    at_least: AskedStrength
    count: PositiveInt


class FactHolds(_Stated):
    fact: Fact


class AllOf(_Stated):
    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(_Stated):
    any: tuple[Condition, ...] = Field(min_length=1)


_KINDS = ("all", "any", "families", "fact", "below", "at_least")


def _kind(value: Any) -> str | None:
    return next((kind for kind in _KINDS if kind in value), None) if isinstance(value, dict) else None


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Families, Tag("families")]
    | Annotated[FactHolds, Tag("fact")]
    | Annotated[Below, Tag("below")]
    | Annotated[AtLeast, Tag("at_least")],
    Discriminator(
        _kind,
        custom_error_type="unknown_condition",
        custom_error_message="a condition is a table with one of: all, any, families, fact, or signal with "
        "at_least or below",
    ),
]

AllOf.model_rebuild()
AnyOf.model_rebuild()


def witnesses(condition: Condition, view: BrandView) -> frozenset[Witness] | None:
    """What made the condition hold for this brand; None when it does not hold."""
    match condition:
        case AtLeast(signal=code, at_least=asked):
            return frozenset({code}) if view.strength(code) >= asked else None
        case Below(signal=code, below=asked):
            return frozenset() if view.strength(code) < asked else None
        case FactHolds(fact=fact):
            return frozenset({fact}) if fact in view.facts else None
        case Families():
            return _in_families(condition, view)
        case AllOf(all=parts):
            held = [witnesses(part, view) for part in parts]
            return None if None in held else _union(held)
        case AnyOf(any=parts):
            held = [found for part in parts if (found := witnesses(part, view)) is not None]
            return _union(held) if held else None


def fewest_families(condition: Condition) -> int:
    """How many families of evidence must at least speak for the condition to hold."""
    named, further = _demanded(condition)
    return len(named) + further


def _in_families(condition: Families, view: BrandView) -> frozenset[Witness] | None:
    codes = [
        code
        for code, strength in view.strengths.items()
        if code.family in condition.families and strength >= condition.at_least
    ]
    return frozenset(codes) if len({code.family for code in codes}) >= condition.count else None


def _union(held: list[Any]) -> frozenset[Witness]:
    return frozenset[Witness]().union(*held)


def _demanded(condition: Condition) -> tuple[frozenset[Family], int]:
    """Families that certainly speak, and how many certainly speak beside those."""
    match condition:
        case AtLeast(signal=code):
            return frozenset({code.family} if code.family.is_evidence else ()), 0
        case Families():
            gates = sum(not family.is_evidence for family in condition.families)
            return frozenset(), max(0, condition.count - gates)
        case AllOf(all=parts):
            return _demanded_by_all(parts)
        case AnyOf(any=parts):
            demands = [_demanded(part) for part in parts]
            return frozenset.intersection(*(named for named, _ in demands)), 0
        case Below() | FactHolds():
            return frozenset(), 0


def _demanded_by_all(parts: tuple[Condition, ...]) -> tuple[frozenset[Family], int]:
    """Parts may count the same families, so of the uncounted ones only the largest demand that cannot overlap."""
    named = frozenset[Family]().union(*(_demanded(part)[0] for part in parts))
    further = [
        condition_count - len(part.families & named)
        for part in parts
        if isinstance(part, Families) and (condition_count := _demanded(part)[1])
    ]
    return named, max([0, *further])
