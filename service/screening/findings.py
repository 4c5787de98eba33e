"""Everything a policy may look at: signals of all pictures, and facts about brands, rules and the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import PlainSerializer

from service.screening.signals import Signal, SignalCode, Strength

Ids = Annotated[frozenset[str], PlainSerializer(sorted, return_type=list[str])]
"""Written in order, so that a record has one canonical form."""


class RuleStatus(StrEnum):
    LIVE = "live"
    SHADOW = "shadow"


class Fact(StrEnum):
    """What a condition may ask beside signals."""

    LATE = "late"
    INDEX_NOT_READY = "index_not_ready"
    NO_USABLE_PICTURE = "no_usable_picture"
    TEXT_NAMES_BRAND = "text_names_brand"
    GATED = "gated"
    RIGHT_IN_FORCE = "right_in_force"
    """Of the brand; asked of parcels alone, as are the two below."""
    RECORDED = "recorded"
    NOT_RECORDED = "not_recorded"
    ALWAYS = "always"


@dataclass(frozen=True)
class RulePrecision:
    """How often decisions of one rule for one brand were upheld."""

    rule: str
    brand_id: str
    labelled: int
    lower_bound: float
    """Lower end of the confidence interval of precision, in [0, 1]."""


@dataclass(frozen=True)
class Findings:
    """Complete: with the policy file of the same digest, `decide` gives the same outcome again."""

    pictures: int
    """How many pictures the listing has."""
    signals: tuple[Signal, ...] = ()
    in_time: bool = True
    index_ready: bool = True
    text_names: Ids = frozenset()
    """Ids of protected brands that title or description name."""
    auto_block_brands: Ids = frozenset()
    """Ids of brands that hold the auto-block right now."""
    precision: tuple[RulePrecision, ...] = ()
    category: str | None = None
    gated_brands: Ids = frozenset()
    gated_categories: Ids = frozenset()
    rule_status: Mapping[str, RuleStatus] = field(default_factory=dict, hash=False)
    """Rule id to status, where the operator's differs from the policy file's."""


@dataclass(frozen=True)
class BrandView:
    """The findings as they bear on one brand: its own signals and those that speak of no brand."""

    brand_id: str | None
    strengths: Mapping[SignalCode, Strength]
    facts: frozenset[Fact]

    def strength(self, code: SignalCode) -> Strength:
        return self.strengths.get(code, Strength.NONE)


def views(findings: Findings) -> list[BrandView]:
    """One view for each brand that a signal or the text names, and one for the listing without any brand."""
    failed = _failed_pictures(findings)
    signals = [signal for signal in findings.signals if _can_be_judged(signal, failed)]
    brands = {signal.brand_id for signal in signals if signal.brand_id is not None} | findings.text_names
    return [_view(findings, signals, failed, brand) for brand in [*sorted(brands), None]]


def _failed_pictures(findings: Findings) -> frozenset[int]:
    return frozenset(
        signal.picture
        for signal in findings.signals
        if signal.code is SignalCode.S0 and signal.strength and signal.picture is not None
    )


def _can_be_judged(signal: Signal, failed: frozenset[int]) -> bool:
    """A picture that fails S0 gets no visual verdict; a verified copy of it is a match of content and stays."""
    if signal.code is SignalCode.S0 or signal.strength is Strength.NONE:
        return False
    verified_copy = signal.code in (SignalCode.S2, SignalCode.S3) and signal.strength is Strength.STRONG
    return signal.picture not in failed or verified_copy


def _view(findings: Findings, signals: list[Signal], failed: frozenset[int], brand: str | None) -> BrandView:
    strengths: dict[SignalCode, Strength] = {}
    for signal in signals:
        if signal.brand_id in (None, brand):
            strengths[signal.code] = max(signal.strength, strengths.get(signal.code, Strength.NONE))
    return BrandView(brand, strengths, _facts(findings, failed, brand))


def _facts(findings: Findings, failed: frozenset[int], brand: str | None) -> frozenset[Fact]:
    holds = {
        Fact.LATE: not findings.in_time,
        Fact.INDEX_NOT_READY: not findings.index_ready,
        Fact.NO_USABLE_PICTURE: failed.issuperset(range(findings.pictures)),
        Fact.TEXT_NAMES_BRAND: brand in findings.text_names,
        Fact.GATED: brand in findings.gated_brands or findings.category in findings.gated_categories,
        Fact.ALWAYS: True,
    }
    return frozenset(fact for fact, held in holds.items() if held)
