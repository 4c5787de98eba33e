"""Whether what is decided now still looks like what the calibration saw, and by when to calibrate anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from model.scoring.drift import Moved, Standing, judged, kinds_moved, numbers_moved, worst
from service.control import repository
from service.control.models import FindingChance
from service.control.repository import Sight

RECENT = timedelta(days=7)
FIRST = timedelta(days=30)
"""What recent decisions are compared with while the house has no calibration of its own."""
LONGEST = timedelta(days=180)
"""A calibration rests on verdicts of six months; older than that it speaks of goods that are gone."""
SOON = timedelta(days=30)
AT_ONCE = timedelta(days=7)
_MOST = 20_000


@dataclass(frozen=True)
class Drift:
    standing: Standing
    streams: tuple[Moved, ...]
    window_from: datetime
    window_until: datetime
    """Of the decisions that recent ones are compared with."""
    recalibrate_by: datetime


def drift(session: Session, tenant_id: str, newest: FindingChance, at: datetime) -> Drift:
    """Decisions of the last week against those of the calibration, of one encoder and one version of weights.

    Args:
        newest: the last decision; its encoder and weights are those in service.
    """
    encoder, weights = newest.encoder_fingerprint, newest.weights
    since, until = _window(session, tenant_id, newest, at)
    before = repository.sights(session, tenant_id, encoder, weights, since, min(until, at - RECENT), _MOST)
    after = repository.sights(session, tenant_id, encoder, weights, at - RECENT, at, _MOST)
    streams = tuple(judged(_moved(before, after)))
    standing = worst(streams)
    return Drift(standing, streams, since, until, recalibrate_by(standing, until, at))


def recalibrate_by(standing: Standing, fitted_at: datetime, at: datetime) -> datetime:
    """Half a year after the calibration at the latest; sooner when scores moved, and never in the past."""
    latest = max(fitted_at + LONGEST, at)
    if standing is Standing.ALARM:
        return min(latest, at + AT_ONCE)
    return min(latest, at + SOON) if standing is Standing.NOTICED else latest


def _window(
    session: Session, tenant_id: str, newest: FindingChance, at: datetime
) -> tuple[datetime, datetime]:
    encoder, weights = newest.encoder_fingerprint, newest.weights
    held = repository.calibration(session, tenant_id, encoder, weights)
    if held is not None:
        return held.window_from, held.fitted_at
    first = repository.first_decided(session, tenant_id, encoder, weights) or at
    return first, first + FIRST


def _moved(before: list[Sight], after: list[Sight]) -> list[Moved]:
    return [
        numbers_moved("finding", _scores(before), _scores(after)),
        numbers_moved("identity", _identities(before), _identities(after)),
        kinds_moved("coverage", [each.coverage for each in before], [each.coverage for each in after]),
        kinds_moved("decision", [each.decision for each in before], [each.decision for each in after]),
    ]


def _scores(sights: list[Sight]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([each.score for each in sights], np.float64)


def _identities(sights: list[Sight]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([each.identity for each in sights if each.identity is not None], np.float64)
