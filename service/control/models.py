"""What decisions were worth: their chance of being right as told, the calibrations that told it, and what followed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class Coverage(StrEnum):
    """How much of a listing could be seen."""

    RECOGNISED = "recognised"
    UNRECOGNISED = "unrecognised"
    UNUSABLE = "unusable"
    """No picture could be judged."""
    UNDECIDED = "undecided"
    """It was not done in time, or the index was not ready."""


class EventKind(StrEnum):
    RIGHT_EARNED = "right_earned"
    RIGHT_LOST = "right_lost"
    RULE_PROPOSED = "rule_proposed"
    RULE_WITHDRAWN = "rule_withdrawn"
    CALIBRATED = "calibrated"
    DRIFTED = "drifted"


class FindingChance(Base):
    """The columns that distributions and labels are read from; the decision's record tells the same."""

    __tablename__ = "finding_chances"
    __table_args__ = (
        Index("ix_finding_chances_tenant_id_decided_at", "tenant_id", "decided_at"),
        Index("ix_finding_chances_tenant_id_decision", "tenant_id", "decision", "probability"),
    )

    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    encoder_fingerprint: Mapped[str] = mapped_column(String(64))
    weights: Mapped[str] = mapped_column(String(80))
    """Version of what adds evidence up: scores of two versions are never compared."""
    score: Mapped[float]
    probability: Mapped[float]
    calibration: Mapped[str] = mapped_column(String(120))
    identity: Mapped[float | None]
    """Cosine of the nearest reference, over all pictures; None where nothing is near or enrolled."""
    coverage: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime]


class ShadowFiring(Base):
    """A rule in shadow that would have decided otherwise, so that its precision can be counted."""

    __tablename__ = "shadow_firings"
    __table_args__ = (Index("ix_shadow_firings_tenant_id_rule", "tenant_id", "rule"),)

    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    brand_id: Mapped[str | None] = mapped_column(String(40))
    decision: Mapped[str] = mapped_column(String(20))


class HouseCalibration(Base):
    """A calibration of one house and encoder; the newest counts, the others stay so that decisions can be read."""

    __tablename__ = "finding_calibrations"
    __table_args__ = (
        Index("ix_finding_calibrations_tenant_id_encoder", "tenant_id", "encoder_fingerprint", "weights"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    encoder_fingerprint: Mapped[str] = mapped_column(String(64))
    weights: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(10))
    labels: Mapped[int]
    right: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The map itself, as `model.scoring.calibration.Calibration` has it."""
    window_from: Mapped[datetime]
    """The first decision whose verdict it was fitted on."""
    fitted_at: Mapped[datetime]


class ControlEvent(Base):
    """What followed from a measurement; the audit log and webhooks tell it too."""

    __tablename__ = "control_events"
    __table_args__ = (
        Index("ix_control_events_tenant_id_at", "tenant_id", "at"),
        Index("ix_control_events_tenant_id_kind", "tenant_id", "kind"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    kind: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str | None] = mapped_column(String(40))
    brand_id: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class ControlRun(Base):
    """One daily look, with what it measured."""

    __tablename__ = "control_runs"
    __table_args__ = (Index("ix_control_runs_tenant_id_ran_at", "tenant_id", "ran_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    ran_at: Mapped[datetime]
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
