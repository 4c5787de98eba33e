"""Who earns a right and who loses one: pure rules over what was measured. The doubt goes to the seller.

To earn, the lower bound must reach the bar: what is not proven is not given. To lose, the plain share under the bar is
enough: nobody waits for certainty that sellers are wronged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.control.measuring import Tally
from service.screening.findings import RuleStatus
from service.screening.outcome import Decision
from service.screening.policy_file import PrecisionBar, Rule

SIX_MONTHS = timedelta(days=183)
NOTICES_UPHELD = 0.90
"""Of a brand's notices, to earn the auto-block right."""
BLOCKS_RIGHT = 0.99
"""Of what is blocked without a person, to keep the right, and to keep a rule live."""
REVIEWS_RIGHT = 0.50
"""Of what a rule sends to people: below, most of their time is lost on honest sellers."""
FEWEST_REVIEWS = 30


class Verdict(StrEnum):
    EARNS = "earns"
    KEEPS = "keeps"
    LOSES = "loses"
    WAITS = "waits"
    """Not held, and not proven."""
    TAKEN = "taken_away"
    """An administrator took it away after it was earned; it is not given back by itself."""


@dataclass(frozen=True)
class BrandStanding:
    brand_id: str
    held: bool
    since: datetime
    """From when verdicts count: six months, or since the right last changed hands if that is later."""
    notices: Tally
    opinions: Tally
    """Of the brand's own on cases, those that the decision upheld."""
    blocks: Tally
    verdict: Verdict

    @property
    def missing(self) -> int:
        """Further notices upheld, all of them, that would earn the right."""
        return 0 if self.held else self.notices.missing(NOTICES_UPHELD)


@dataclass(frozen=True)
class RuleBar:
    """What a rule must reach to be proposed, and what it falls under to be withdrawn."""

    share: float
    fewest: int


class RuleVerdict(StrEnum):
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    STAYS = "stays"


def brand_verdict(held: bool, earned_before: bool, notices: Tally, opinions: Tally, blocks: Tally) -> Verdict:
    """
    Args:
        earned_before: the last thing that happened to the right is that it was earned.
        opinions: those on cases that were decided; on listings they are among the notices already, so they are not
            added, but a share of them under the bar keeps the right away.
    """
    if held:
        fallen = blocks.share is not None and blocks.share < BLOCKS_RIGHT
        return Verdict.LOSES if fallen else Verdict.KEEPS
    if earned_before:
        return Verdict.TAKEN
    contradicted = opinions.share is not None and opinions.share < NOTICES_UPHELD
    proven = notices.lower >= NOTICES_UPHELD and not contradicted
    return Verdict.EARNS if proven else Verdict.WAITS


def bar_of(rule: Rule, precision: PrecisionBar) -> RuleBar:
    """A rule that blocks is held to the policy's own bar for precision."""
    if rule.result.decision is Decision.BLOCK:
        return RuleBar(precision.lower_bound, precision.labelled)
    return RuleBar(REVIEWS_RIGHT, FEWEST_REVIEWS)


def rule_verdict(
    rule: Rule, status: RuleStatus, precision: PrecisionBar, found: Tally, blocked: Tally
) -> RuleVerdict:
    """Only rules that are shipped in shadow are moved by measurement.

    Args:
        found: judged findings of the rule, live or in shadow.
        blocked: of those, what it blocked without a person.
    """
    if rule.status is not RuleStatus.SHADOW:
        return RuleVerdict.STAYS
    bar = bar_of(rule, precision)
    if status is RuleStatus.SHADOW:
        proven = found.labelled >= bar.fewest and found.lower >= bar.share
        return RuleVerdict.PROPOSE if proven else RuleVerdict.STAYS
    counted = blocked if rule.result.decision is Decision.BLOCK else found
    fewest = 1 if rule.result.decision is Decision.BLOCK else bar.fewest
    broken = counted.share is not None and counted.labelled >= fewest and counted.share < bar.share
    return RuleVerdict.WITHDRAW if broken else RuleVerdict.STAYS
