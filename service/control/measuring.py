"""How often people confirmed what rules found, by rule and by brand: counts with exact bounds, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from model.scoring.bounds import clopper_pearson_lower, clopper_pearson_upper, labels_needed, wilson
from service.control.models import ShadowFiring
from service.screening.outcome import Decision
from service.verdicts.models import VerdictOutcome
from service.verdicts.repository import Standing

_SUSPICIONS = frozenset({Decision.BLOCK.value, Decision.REVIEW.value})


@dataclass(frozen=True)
class Tally:
    """Judged findings. Verdicts of `cannot_tell` and `needs_documents` are counted apart: they speak neither way."""

    right: int = 0
    wrong: int = 0
    cannot_tell: int = 0

    @property
    def labelled(self) -> int:
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """Of the labelled, confirmed; None where nothing is labelled."""
        return self.right / self.labelled if self.labelled else None

    @property
    def lower(self) -> float:
        """Exact and one-sided at 95 %, as the policy's bar asks (Clopper and Pearson 1934)."""
        return clopper_pearson_lower(self.right, self.labelled)

    @property
    def upper(self) -> float:
        return clopper_pearson_upper(self.right, self.labelled)

    @property
    def wilson(self) -> tuple[float, float]:
        return wilson(self.right, self.labelled)

    def missing(self, bar: float, fewest: int = 1) -> int:
        """Further labels that would lift the lower bound to `bar` if all of them were right."""
        return max(0, labels_needed(self.wrong, bar) - self.labelled, fewest - self.labelled)


@dataclass(frozen=True)
class RuleTally:
    rule: str
    whole: Tally
    brands: Mapping[str, Tally]


def notices(judged: Iterable[Standing], brand_id: str, since: datetime) -> Tally:
    """Findings against listings of the brand that people judged since then."""
    return tally(
        each
        for each in judged
        if each.brand_id == brand_id and each.given_at >= since and each.automatic_decision in _SUSPICIONS
    )


def blocks(judged: Iterable[Standing], since: datetime, brand_id: str | None = None) -> Tally:
    """Listings blocked without a person that people judged since then."""
    return tally(
        each
        for each in judged
        if each.automatic_decision == Decision.BLOCK
        and each.given_at >= since
        and brand_id in (None, each.brand_id)
    )


def by_rule(
    judged: Sequence[Standing], firings: Iterable[ShadowFiring], since: Mapping[str, datetime]
) -> dict[str, RuleTally]:
    """What each rule found, or would have found had it not been in shadow.

    Args:
        since: rule to the moment from which verdicts count; all of them for a rule that is not in it.
    """
    found: dict[str, dict[str, list[Standing]]] = {}
    for rule, brand, verdict in _findings(judged, firings):
        if rule not in since or verdict.given_at >= since[rule]:
            found.setdefault(rule, {}).setdefault(brand, []).append(verdict)
    return {
        rule: RuleTally(
            rule,
            tally(each for verdicts in brands.values() for each in verdicts),
            {brand: tally(verdicts) for brand, verdicts in sorted(brands.items()) if brand},
        )
        for rule, brands in sorted(found.items())
    }


def tally(judged: Iterable[Standing]) -> Tally:
    outcomes = [each.outcome for each in judged]
    right, wrong = outcomes.count(VerdictOutcome.COUNTERFEIT), outcomes.count(VerdictOutcome.GENUINE)
    return Tally(right, wrong, len(outcomes) - right - wrong)


def _findings(
    judged: Sequence[Standing], firings: Iterable[ShadowFiring]
) -> Iterable[tuple[str, str, Standing]]:
    by_decision = {each.decision_id: each for each in judged}
    for each in judged:
        if each.automatic_decision in _SUSPICIONS:
            yield each.rule, each.brand_id or "", each
    for firing in firings:
        verdict = by_decision.get(firing.decision_id)
        if verdict is not None and verdict.rule != firing.rule:
            yield firing.rule, firing.brand_id or "", verdict
