"""A house's own calibration, where it has verdicts enough; the pooled one at the house's own share where it has few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from model.scoring.calibration import Calibration, at_prior, fit
from model.scoring.findings import shipped
from model.scoring.risk import CannotTell, Promise, Threshold, control, sequence
from service.control import repository
from service.control.models import FindingChance, HouseCalibration
from service.ids import new_id
from service.screening.record import Basis
from service.verdicts.models import VerdictOutcome
from service.verdicts.repository import Standing

PROMISE = Promise(risk=0.01, confidence=0.95)
"""Of what is blocked, at most 1 % wrong, at 95 % confidence: 299 faultless findings at the least."""
ENOUGH = 100
ENOUGH_OF_EACH = 20
"""Verdicts for a calibration of the house's own: fewer say less than the kit's 400 do."""
_WORTH = 20
"""Labels that the pooled share counts for when the house's own share is taken from few."""
_GROWN = 1.1
"""As many times more verdicts than before are worth fitting anew."""


@dataclass(frozen=True)
class Labelled:
    """Judged decisions with comparable scores, oldest verdict first."""

    scores: np.ndarray[tuple[int], np.dtype[np.float64]]
    right: np.ndarray[tuple[int], np.dtype[np.bool_]]
    first_decided: datetime | None

    def __len__(self) -> int:
        return len(self.scores)

    @classmethod
    def none(cls) -> Labelled:
        return cls(np.empty(0), np.empty(0, np.bool_), None)


def labelled(session: Session, tenant_id: str, newest: FindingChance, judged: Sequence[Standing]) -> Labelled:
    """Of the encoder and weights in service; verdicts that cannot tell are left out."""
    spoken = {each.decision_id for each in judged if each.outcome in _RIGHT}
    scores = repository.scores(session, tenant_id, newest.encoder_fingerprint, newest.weights, spoken)
    told = [each for each in judged if each.decision_id in scores]
    known = [scores[each.decision_id] for each in told]
    return Labelled(
        np.array([score for score, _ in known], np.float64),
        np.array([_RIGHT[each.outcome] for each in told], np.bool_),
        min((at for _, at in known), default=None),
    )


def calibrated(
    tenant_id: str, newest: FindingChance, labels: Labelled, held: HouseCalibration | None, at: datetime
) -> HouseCalibration | None:
    """A calibration that says more than the one held; None where it would not."""
    if not len(labels) or (held is not None and len(labels) < held.labels * _GROWN):
        return None
    basis, found = _fitted(labels)
    return HouseCalibration(
        id=new_id("cal"),
        tenant_id=tenant_id,
        encoder_fingerprint=newest.encoder_fingerprint,
        weights=newest.weights,
        version=_version(basis, found, len(labels), at),
        basis=basis.value,
        labels=len(labels),
        right=int(labels.right.sum()),
        document=asdict(found),
        window_from=labels.first_decided or at,
        fitted_at=at,
    )


def block_threshold(labels: Labelled, promise: Promise = PROMISE) -> Threshold | CannotTell:
    """The lowest score whose findings may be blocked under the promise, if the labels prove one."""
    return control(labels.scores, labels.right, sequence(labels.scores, promise), promise)


def _fitted(labels: Labelled) -> tuple[Basis, Calibration]:
    right, wrong = int(labels.right.sum()), int((~labels.right).sum())
    if len(labels) >= ENOUGH and min(right, wrong) >= ENOUGH_OF_EACH:
        return Basis.OWN, fit(labels.scores, labels.right)
    pooled = shipped().calibration
    share = (right + _WORTH * pooled.prior) / (len(labels) + _WORTH)
    return Basis.POOLED, at_prior(pooled, share)


def _version(basis: Basis, found: Calibration, labels: int, at: datetime) -> str:
    day = f"{at:%Y-%m-%d}"
    if basis is Basis.OWN:
        return f"own-{found.method}-{labels}-{day}"
    return f"{shipped().version}-at-{found.prior:.3f}-{labels}-{day}"


_RIGHT: Mapping[VerdictOutcome, bool] = {VerdictOutcome.COUNTERFEIT: True, VerdictOutcome.GENUINE: False}
