"""What was measured, as reviewers and administrators read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from model.scoring.drift import Moved, Standing
from model.scoring.risk import CannotTell, Threshold
from service.control.drifting import Drift
from service.control.looking import CalibrationStanding, Look, RuleStanding
from service.control.measuring import Tally
from service.control.models import ControlEvent, EventKind
from service.control.queue import QueueFilter, QueueOrder, QueueState
from service.control.rights import BrandStanding, RuleVerdict, Verdict
from service.decisions.models import StoredDecision
from service.paging import After, Limit
from service.screening.findings import RuleStatus
from service.screening.outcome import Decision, Priority, ReasonCode
from service.screening.record import Basis
from service.security.principals import Principal


class TallyOut(BaseModel):
    right: int
    wrong: int
    cannot_tell: int
    share: float | None
    lower: float
    """Exact one-sided bounds at 95 % confidence (Clopper and Pearson)."""
    upper: float
    wilson: tuple[float, float]
    """The score interval at 95 %, for comparison."""

    @classmethod
    def of(cls, tally: Tally) -> TallyOut:
        return cls(
            right=tally.right,
            wrong=tally.wrong,
            cannot_tell=tally.cannot_tell,
            share=tally.share,
            lower=tally.lower,
            upper=tally.upper,
            wilson=tally.wilson,
        )


class RuleControlOut(BaseModel):
    rule: str
    title: str
    status: RuleStatus
    verdict: RuleVerdict
    """What measurement would do about it."""
    bar: float
    """Share of right findings that it is held to."""
    missing: int
    """Further right findings, without a wrong one, that would prove it."""
    findings: TallyOut
    blocks: TallyOut
    """Of the findings, what it blocked without a person."""
    brands: dict[str, TallyOut]

    @classmethod
    def of(cls, standing: RuleStanding) -> RuleControlOut:
        return cls(
            rule=standing.rule,
            title=standing.title,
            status=standing.status,
            verdict=standing.verdict,
            bar=standing.bar.share,
            missing=standing.found.missing(standing.bar.share, standing.bar.fewest),
            findings=TallyOut.of(standing.found),
            blocks=TallyOut.of(standing.blocked),
            brands={brand: TallyOut.of(tally) for brand, tally in standing.brands.items()},
        )


class BrandControlOut(BaseModel):
    brand_id: str
    auto_block: bool
    verdict: Verdict
    since: datetime
    notices: TallyOut
    """Findings on listings of the brand that people judged."""
    missing: int
    """Further notices upheld, without one that is not, that would earn the right."""
    opinions: TallyOut
    """Of the brand's own on cases, those that the decision upheld; under the bar they keep the right away."""
    blocks: TallyOut

    @classmethod
    def of(cls, standing: BrandStanding) -> BrandControlOut:
        return cls(
            brand_id=standing.brand_id,
            auto_block=standing.held,
            verdict=standing.verdict,
            since=standing.since,
            notices=TallyOut.of(standing.notices),
            missing=standing.missing,
            opinions=TallyOut.of(standing.opinions),
            blocks=TallyOut.of(standing.blocks),
        )


class BrandControlPage(BaseModel):
    items: list[BrandControlOut]
    next_after: str | None
    """Give it as `after` for the next page; null on the last one."""


class StreamOut(BaseModel):
    stream: str
    standing: Standing
    psi: float
    psi_threshold: float
    """Chance alone passes it once in a thousand times."""
    ks: float | None
    p_value: float
    before: int
    after: int

    @classmethod
    def of(cls, moved: Moved) -> StreamOut:
        return cls(
            stream=moved.stream,
            standing=moved.standing,
            psi=moved.psi,
            psi_threshold=moved.psi_threshold,
            ks=moved.ks,
            p_value=moved.p_value,
            before=moved.before,
            after=moved.after,
        )


class DriftOut(BaseModel):
    standing: Standing
    streams: list[StreamOut]
    window_from: datetime | None
    window_until: datetime | None
    recalibrate_by: datetime | None

    @classmethod
    def of(cls, drift: Drift | None) -> DriftOut:
        if drift is None:
            return cls(
                standing=Standing.CANNOT_TELL,
                streams=[],
                window_from=None,
                window_until=None,
                recalibrate_by=None,
            )
        return cls(
            standing=drift.standing,
            streams=[StreamOut.of(each) for each in drift.streams],
            window_from=drift.window_from,
            window_until=drift.window_until,
            recalibrate_by=drift.recalibrate_by,
        )


class ThresholdOut(BaseModel):
    """For: of what is blocked, at most 1 % wrong, at 95 % confidence."""

    score: float | None
    """The least score that may be acted upon; null: it cannot be told."""
    selected: int
    wrong: int
    upper_bound: float
    needed: int
    """Labelled findings above a threshold that would do; 0 where one is given."""
    reason: str

    @classmethod
    def of(cls, found: Threshold | CannotTell) -> ThresholdOut:
        if isinstance(found, Threshold):
            return cls(
                score=found.score,
                selected=found.selected,
                wrong=found.wrong,
                upper_bound=found.upper_bound,
                needed=0,
                reason=f"{found.wrong} wrong among {found.selected} labelled findings at or above it",
            )
        best = found.best
        return cls(
            score=None,
            selected=best.selected if best else 0,
            wrong=best.wrong if best else 0,
            upper_bound=best.upper_bound if best else 1.0,
            needed=found.needed,
            reason=found.reason,
        )


class CalibrationOut(BaseModel):
    version: str
    basis: Basis
    labels: int
    """Verdicts on decisions of the encoder in service."""
    prior: float
    """Share of right findings for which its probabilities hold."""
    threshold: ThresholdOut

    @classmethod
    def of(cls, look: CalibrationStanding) -> CalibrationOut:
        return cls(
            version=look.using.version,
            basis=look.using.basis,
            labels=len(look.labels),
            prior=look.using.calibration.prior,
            threshold=ThresholdOut.of(look.threshold),
        )


class EventOut(BaseModel):
    id: str
    kind: EventKind
    rule: str | None
    brand_id: str | None
    detail: dict[str, Any]
    at: datetime

    @classmethod
    def of(cls, row: ControlEvent) -> EventOut:
        return cls(
            id=row.id,
            kind=EventKind(row.kind),
            rule=row.rule,
            brand_id=row.brand_id,
            detail=row.detail,
            at=row.at,
        )


class QueueQuery(BaseModel):
    """What of the queue is asked for."""

    model_config = ConfigDict(extra="forbid")

    state: QueueState = QueueState.WAITING
    order: QueueOrder = QueueOrder.LIKELIEST
    decision: Decision | None = None
    """Reviews and blocks when not given; `allow` gives the sample of them that people look at."""
    code: ReasonCode | None = None
    brand_id: str | None = Field(default=None, max_length=40)
    limit: Limit = 50
    after: After = None

    def wanted(self, principal: Principal) -> QueueFilter:
        return QueueFilter(self.state, self.order, self.decision, self.code, self.brand_id, principal.key_id)


class QueuedOut(BaseModel):
    """A decision to look at; no number says how likely it is right."""

    id: str
    listing_id: str
    decision: Decision
    priority: Priority | None
    codes: list[ReasonCode]
    decided_at: datetime

    @classmethod
    def of(cls, row: StoredDecision) -> QueuedOut:
        return cls(
            id=row.id,
            listing_id=row.listing_id,
            decision=Decision(row.decision),
            priority=Priority(row.priority) if row.priority else None,
            codes=row.record["outcome"]["codes"],
            decided_at=row.decided_at,
        )


class ReportOut(BaseModel):
    """What one look found; kept with its run."""

    at: datetime
    rules: list[RuleControlOut]
    brands: list[BrandControlOut]
    calibration: CalibrationOut
    drift: DriftOut

    @classmethod
    def of(cls, look: Look) -> ReportOut:
        return cls(
            at=look.at,
            rules=[RuleControlOut.of(each) for each in look.rules],
            brands=[BrandControlOut.of(each) for each in look.brands],
            calibration=CalibrationOut.of(look.calibration),
            drift=DriftOut.of(look.drift),
        )
