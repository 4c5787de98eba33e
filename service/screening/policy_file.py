"""Reads a policy file and refuses one that could surprise: a hole, a typing error, a block without its safeguards."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from service.screening.conditions import AllOf, Condition, FactHolds, Witness, fewest_families, witnesses
from service.screening.findings import BrandView, Fact, RuleStatus
from service.screening.outcome import Action, BlockNeed, Decision, Priority, ReasonCode
from service.screening.signals import SignalCode
from service.screening.thresholds import Thresholds

DEFAULT_POLICY = Path(__file__).parent / "policies" / "listing-2026-11.toml"

_SAFEGUARDS = frozenset({BlockNeed.BRAND_RIGHT, BlockNeed.OUT_OF_SHADOW})
_MOST_BYTES = 2**20

P = TypeVar("P", bound=BaseModel)


class PolicyInvalid(ValueError):
    """The file cannot be used; the message names every place that must be corrected."""

    def __init__(self, name: Path | str, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(
            f"{name} is not a valid policy. Correct:\n" + "\n".join(f"- {each}" for each in problems)
        )


class InShadow(StrEnum):
    """What a rule does while it is in shadow, beside recording what it would have done."""

    SKIP = "skip"
    OTHERWISE = "otherwise"
    """Gives its `otherwise`: the review is established, only the block is new."""


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Result(_Stated):
    decision: Decision
    priority: Priority | None = None
    action: Action = Action.NONE
    watched: bool = False
    sample_rate: float = Field(default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _priority_is_of_reviews(self) -> Self:
        if (self.priority is not None) != (self.decision is Decision.REVIEW):
            raise ValueError("a review, and nothing else, has a priority of low, normal or high")
        if self.decision is not Decision.ALLOW and (self.watched or self.sample_rate):
            raise ValueError("only what is allowed is watched or sampled")
        return self

    @property
    def is_grave(self) -> bool:
        return self.decision is Decision.BLOCK or self.priority is Priority.HIGH


class Rule(_Stated):
    id: str = Field(min_length=1, max_length=40)
    title: str = Field(min_length=1)
    """In words, for people; `docs/policy.md` shows it."""
    status: RuleStatus
    when: tuple[Condition, ...] = Field(min_length=1)
    result: Result = Field(alias="then")
    otherwise: Result | None = None
    """Instead of a block whose needs are not met."""
    block_needs: frozenset[BlockNeed] = frozenset()
    in_shadow: InShadow = InShadow.SKIP
    codes: tuple[ReasonCode, ...] = Field(min_length=1)

    @cached_property
    def condition(self) -> Condition:
        return AllOf.model_construct(all=self.when)  # its parts are validated already

    @model_validator(mode="after")
    def _blocks_are_guarded(self) -> Self:
        blocks = self.result.decision is Decision.BLOCK
        if blocks and not self.block_needs >= _SAFEGUARDS:
            raise ValueError("a rule that blocks has block_needs with brand_right and out_of_shadow")
        if blocks and (self.otherwise is None or self.otherwise.decision is not Decision.REVIEW):
            raise ValueError("a rule that blocks says what it does otherwise, and that is a review")
        if not blocks and (self.otherwise is not None or self.block_needs):
            raise ValueError("only a rule that blocks has `otherwise` and `block_needs`")
        if self.in_shadow is InShadow.OTHERWISE and not blocks:
            raise ValueError("in_shadow = 'otherwise' is for rules that block")
        return self

    @model_validator(mode="after")
    def _grave_rules_need_two_families(self) -> Self:
        grave = self.result.is_grave or (self.otherwise is not None and self.otherwise.is_grave)
        if grave and fewest_families(self.condition) < 2:
            raise ValueError("a block or a review of high priority needs evidence of two families at least")
        return self


class PrecisionBar(_Stated):
    lower_bound: float = Field(ge=0, le=1)
    labelled: int = Field(ge=1)
    source: str = Field(min_length=1)


def as_witness(value: object) -> object:
    """The signal or fact of that name. Raises: ValueError: there is none."""
    for kind in (SignalCode, Fact):
        if value in [member.value for member in kind]:
            return kind(value)
    raise ValueError(f"{value!r} is neither a signal (S0 to S13) nor a fact ({', '.join(Fact)})")


class Policy(_Stated):
    """The whole file; `digest` is the SHA-256 of its bytes."""

    version: str = Field(min_length=1, max_length=80)
    digest: str
    precision: PrecisionBar
    thresholds: Thresholds
    grounds: dict[ReasonCode, Annotated[Witness, BeforeValidator(as_witness)]]
    """What must have been a witness for a reason to be given."""
    rules: tuple[Rule, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _has_no_holes(self) -> Self:
        problems = list(_holes(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self


def load_policy(path: Path = DEFAULT_POLICY) -> Policy:
    """Read and check a policy file.

    Raises:
        PolicyInvalid: with one line for each thing that is wrong.
        OSError: the file cannot be read.
    """
    return parse_policy(path.read_bytes(), path)


def parse_policy(data: bytes, name: Path | str) -> Policy:
    """Check the bytes of a policy file; `name` is what a message calls it.

    Raises:
        PolicyInvalid: with one line for each thing that is wrong.
    """
    return checked(Policy, data, name)


def checked(kind: type[P], data: bytes, name: Path | str) -> P:
    """Bytes of TOML as a policy of that kind, with the digest of the bytes.

    Raises:
        PolicyInvalid: with one line for each thing that is wrong.
    """
    if len(data) > _MOST_BYTES:
        raise PolicyInvalid(name, [f"it has {len(data)} bytes; a policy has at most {_MOST_BYTES}"])
    try:
        stated = tomllib.loads(data.decode())
        return kind.model_validate({**stated, "digest": hashlib.sha256(data).hexdigest()})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyInvalid(name, [str(error)]) from error
    except ValidationError as error:
        raise PolicyInvalid(name, [_problem(each) for each in _details(error)]) from error


def _holes(policy: Policy) -> Iterator[str]:
    ids = [rule.id for rule in policy.rules]
    yield from (
        f"rule {each} is there twice" for each in sorted({each for each in ids if ids.count(each) > 1})
    )
    first, last = policy.rules[0], policy.rules[-1]
    if last.when != (FactHolds(fact=Fact.ALWAYS),) or last.status is not RuleStatus.LIVE:
        yield "the last rule is the fallthrough: when = [{ fact = 'always' }] and status = 'live'"
    for fact in (Fact.LATE, Fact.INDEX_NOT_READY):
        if not _catches(first, fact):
            yield f"the first rule, live, makes {fact} a review_pending, so that it is never a silent allow"
    for code in ReasonCode:
        if code not in policy.grounds:
            yield f"[grounds] lacks {code}"


def _catches(rule: Rule, fact: Fact) -> bool:
    caught = witnesses(rule.condition, BrandView(None, {}, frozenset({fact, Fact.ALWAYS}))) is not None
    return caught and rule.status is RuleStatus.LIVE and rule.result.decision is Decision.REVIEW_PENDING


def _details(error: ValidationError) -> list[tuple[str, str]]:
    return [(".".join(str(part) for part in each["loc"]), each["msg"]) for each in error.errors()]


def _problem(detail: tuple[str, str]) -> str:
    place, message = detail
    return f"{place}: {message}" if place else message
