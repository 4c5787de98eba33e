"""A decision's evidence as degrees in [0, 1], one for each kind of signal: what the score of a finding adds up."""

from __future__ import annotations

from collections.abc import Mapping

from service.control.models import Coverage
from service.screening.findings import Findings
from service.screening.record import Candidate
from service.screening.signals import Signal, SignalCode, Strength

START_WEIGHTS: Mapping[str, float] = {
    "S1": 1.0, "S2": 2.0, "S3": 4.0, "S4": 3.0, "S5": -5.0, "S6": 2.0, "S7": 2.0, "S8": 1.0, "S9": 2.0, "S10": 0.2,
    "S11": 1.0, "S12": 1.5, "S13": 1.5,
}  # fmt: skip
"""Log-odds by judgement, kept for what the data that weights are fitted on do not show."""
_COPIES = frozenset({SignalCode.S2, SignalCode.S3})


def degrees(findings: Findings, brand_id: str | None) -> dict[str, float]:
    """The strongest of each kind, of those that speak of the brand or of no brand."""
    found: dict[str, float] = {}
    for signal in findings.signals:
        if signal.strength and signal.code is not SignalCode.S0 and signal.brand_id in (None, brand_id):
            code = signal.code.value
            found[code] = max(found.get(code, 0.0), _degree(signal))
    return found


def coverage(findings: Findings) -> Coverage:
    if not findings.in_time or not findings.index_ready:
        return Coverage.UNDECIDED
    failed = {each.picture for each in findings.signals if each.code is SignalCode.S0 and each.strength}
    if failed.issuperset(range(findings.pictures)):
        return Coverage.UNUSABLE
    seen = any(each.code is SignalCode.S1 and each.strength for each in findings.signals)
    return Coverage.RECOGNISED if seen else Coverage.UNRECOGNISED


def nearest(candidates: tuple[Candidate, ...]) -> float | None:
    """Cosine of the nearest reference; None where there is none."""
    return max((each.cosine for each in candidates), default=None)


def _degree(signal: Signal) -> float:
    """Half for weak and one for strong, scaled by how sure the signal itself says that it is."""
    share = signal.strength / Strength.STRONG
    if signal.code in _COPIES:
        return share * _number(signal, "probability", 1.0)
    if signal.code is SignalCode.S1:
        return _number(signal, "score", share)
    if signal.code is SignalCode.S6:
        return 1 - _number(signal, "ratio", 1 - share)
    return share


def _number(signal: Signal, name: str, otherwise: float) -> float:
    value = signal.evidence.get(name)
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return min(1.0, max(0.0, float(value))) if known else otherwise  # type: ignore[arg-type]  # known to be one
