"""From findings on a parcel to advice: rows of a versioned file, tried for each brand apart; the first match wins.

Of the brands' advices the gravest is the parcel's, so that more evidence is never milder. A photo that cannot be
judged asks for another only where none can be: the others are not left unread for its sake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from service.screening.conditions import AllOf, Condition, FactHolds, Witness, witnesses
from service.screening.findings import BrandView, Fact, Findings, Ids, views
from service.screening.parcel_outcome import Advice, ParcelCode, ParcelOutcome
from service.screening.policy_file import as_witness, checked
from service.screening.signals import SignalCode
from service.screening.thresholds import Thresholds

PARCEL_POLICY = Path(__file__).parent / "policies" / "parcel-2026-11.toml"

_GRAVITY = {
    Advice.REFER: 6,
    Advice.EXAMINE: 5,
    Advice.CANNOT_TELL: 4,
    Advice.EX_OFFICIO_NOTE: 3,
    Advice.RETAKE: 2,
    Advice.RELEASE_SUGGESTED: 1,
    Advice.NO_FINDING: 0,
}
"""Where no photo can be judged, only a verified copy is advised on at all, and that outweighs another photo."""


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ParcelRule(_Stated):
    id: str = Field(min_length=1, max_length=20)
    title: str = Field(min_length=1)
    when: tuple[Condition, ...] = Field(min_length=1)
    advice: Advice = Field(alias="then")
    codes: tuple[ParcelCode, ...] = Field(min_length=1)

    @cached_property
    def condition(self) -> Condition:
        return AllOf.model_construct(all=self.when)  # its parts are validated already


class ParcelPolicy(_Stated):
    """The whole file; `digest` is the SHA-256 of its bytes."""

    version: str = Field(min_length=1, max_length=80)
    digest: str
    thresholds: Thresholds
    grounds: dict[ParcelCode, Annotated[Witness, BeforeValidator(as_witness)]]
    rules: tuple[ParcelRule, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _has_no_holes(self) -> Self:
        problems = list(_holes(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self


@dataclass(frozen=True)
class Standing:
    """Of the brands that the findings name: which have a right in force, and which a recordation, that day."""

    right_in_force: Ids = frozenset()
    recorded: Ids = frozenset()


def load_parcel_policy(path: Path = PARCEL_POLICY) -> ParcelPolicy:
    """
    Raises:
        PolicyInvalid: with one line for each thing that is wrong.
        OSError: the file cannot be read.
    """
    return checked(ParcelPolicy, path.read_bytes(), path)


def advise(policy: ParcelPolicy, findings: Findings, standing: Standing) -> ParcelOutcome:
    """The advice of the first rule that matches, for the brand where that is the gravest."""
    found = [(view, *_first(policy, _with_facts(view, findings, standing))) for view in views(findings)]
    view, rule, seen = min(found, key=lambda each: _rank(policy, each[0], each[1]))
    outcome = ParcelOutcome(rule.advice, rule.id, _codes(policy, rule, seen), view.brand_id)
    return replace(outcome, pictures=_pictures(policy, findings, outcome))


def _with_facts(view: BrandView, findings: Findings, standing: Standing) -> BrandView:
    """A parcel that was not photographed yet has no photo to take again."""
    brand = view.brand_id
    holds: Mapping[Fact, bool] = {
        Fact.RIGHT_IN_FORCE: brand in standing.right_in_force,
        Fact.RECORDED: brand in standing.recorded,
        Fact.NOT_RECORDED: brand is not None and brand not in standing.recorded,
    }
    more = {fact for fact, held in holds.items() if held}
    less = set() if findings.pictures else {Fact.NO_USABLE_PICTURE}
    return replace(view, facts=frozenset((view.facts | more) - less))


def _first(policy: ParcelPolicy, view: BrandView) -> tuple[ParcelRule, frozenset[Witness]]:
    for rule in policy.rules:
        seen = witnesses(rule.condition, view)
        if seen is not None:
            return rule, seen
    raise AssertionError("a loaded policy ends with a rule that always matches")


def _rank(policy: ParcelPolicy, view: BrandView, rule: ParcelRule) -> tuple[int, int, int, bool, str]:
    """Smallest leads: gravest, earliest rule, strongest evidence, a brand before none, then by id."""
    weight = sum(view.strengths.values())
    place = policy.rules.index(rule)
    return -_GRAVITY[rule.advice], place, -weight, view.brand_id is None, view.brand_id or ""


def _codes(policy: ParcelPolicy, rule: ParcelRule, seen: frozenset[Witness]) -> tuple[ParcelCode, ...]:
    codes = tuple(code for code in rule.codes if policy.grounds[code] in seen)
    return codes or (ParcelCode.N_NONE,)


def _pictures(policy: ParcelPolicy, findings: Findings, outcome: ParcelOutcome) -> tuple[int, ...]:
    grounds = {policy.grounds[code] for code in outcome.codes}
    if ParcelCode.Q_PHOTO in outcome.codes:
        grounds |= {SignalCode.S0}
    told = (
        signal.picture
        for signal in findings.signals
        if signal.code in grounds and signal.strength and signal.brand_id in (None, outcome.brand_id)
    )
    return tuple(sorted({picture for picture in told if picture is not None}))


def _holes(policy: ParcelPolicy) -> Iterator[str]:
    ids = [rule.id for rule in policy.rules]
    if len(set(ids)) < len(ids):
        yield "a rule is there twice"
    if policy.rules[-1].when != (FactHolds(fact=Fact.ALWAYS),):
        yield "the last rule is the fallthrough: when = [{ fact = 'always' }]"
    if any(code not in policy.grounds for code in ParcelCode):
        yield f"[grounds] has all of {', '.join(ParcelCode)}"
