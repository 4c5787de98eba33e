"""How likely a decision's finding is right: told when it is made, by the house's own calibration or the pooled one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from model.scoring.calibration import Calibration
from model.scoring.findings import calibration_from, shipped
from service.control import repository
from service.control.evidence import coverage, degrees, nearest
from service.control.models import FindingChance, ShadowFiring
from service.screening.findings import Findings
from service.screening.record import Basis, DecisionRecord, Sureness


@dataclass(frozen=True)
class InUse:
    """The calibration that tells chances now."""

    version: str
    basis: Basis
    calibration: Calibration


def sureness(
    session: Session, tenant_id: str, fingerprint: str, findings: Findings, brand_id: str | None
) -> Sureness:
    """How likely people would confirm what the evidence against this brand's listing suggests."""
    using = in_use(session, tenant_id, fingerprint)
    score = shipped().score(degrees(findings, brand_id))
    return Sureness(
        score=round(score, 6),
        probability=round(using.calibration.probability(score), 6),
        calibration=using.version,
        basis=using.basis,
        weights=shipped().version,
    )


def in_use(session: Session, tenant_id: str, fingerprint: str) -> InUse:
    """The newest of the house for the encoder; the pooled one that ships where there is none."""
    held = repository.calibration(session, tenant_id, fingerprint, shipped().version)
    if held is None:
        return InUse(shipped().version, Basis.POOLED, shipped().calibration)
    return InUse(held.version, Basis(held.basis), calibration_from(held.document))


def note(session: Session, record: DecisionRecord) -> None:
    """Keep what distributions and precision are counted from, within the transaction that keeps the decision."""
    if record.sureness is None:
        return
    session.add(_chance(record, record.sureness))
    rules = {each.rule: each for each in record.outcome.would_have}
    session.add_all(
        ShadowFiring(
            decision_id=record.id,
            rule=each.rule,
            tenant_id=record.tenant_id,
            brand_id=each.brand_id,
            decision=each.decision.value,
        )
        for each in rules.values()
    )


def chances(session: Session, tenant_id: str, decision_ids: Collection[str]) -> dict[str, float]:
    """Decision to the chance that people confirm its finding, for ranking queues; older decisions have none."""
    return repository.probabilities(session, tenant_id, decision_ids)


def _chance(record: DecisionRecord, sure: Sureness) -> FindingChance:
    return FindingChance(
        decision_id=record.id,
        tenant_id=record.tenant_id,
        encoder_fingerprint=record.versions.encoder_fingerprint,
        weights=sure.weights,
        score=sure.score,
        probability=sure.probability,
        calibration=sure.calibration,
        identity=nearest(record.candidates),
        coverage=coverage(record.findings).value,
        decision=record.outcome.decision.value,
        decided_at=record.decided_at,
    )
