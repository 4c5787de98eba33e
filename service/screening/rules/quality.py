"""S0: which pictures cannot be judged."""

from __future__ import annotations

from collections.abc import Sequence

from service.screening.signals import Signal, SignalCode, Strength


def quality_signals(faults: Sequence[Sequence[str]]) -> list[Signal]:
    """One signal for each picture with faults.

    Args:
        faults: for each picture, in the listing's order, the names of its faults; empty for a good one.
    """
    return [
        Signal(SignalCode.S0, Strength.STRONG, picture=picture, evidence={"faults": list(found)})
        for picture, found in enumerate(faults)
        if found
    ]
