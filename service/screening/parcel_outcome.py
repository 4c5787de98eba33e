"""What a policy can advise on a parcel, and the words for it: advice to an officer, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Advice(StrEnum):
    RETAKE = "retake"
    RELEASE_SUGGESTED = "release_suggested"
    REFER = "refer"
    EXAMINE = "examine"
    CANNOT_TELL = "cannot_tell"
    EX_OFFICIO_NOTE = "ex_officio_note"
    NO_FINDING = "no_finding"


class ParcelCode(StrEnum):
    Q_PHOTO = "Q-PHOTO"
    A_AUTH = "A-AUTH"
    K_COPY = "K-COPY"
    F_POINTS = "F-POINTS"
    I_BRAND = "I-BRAND"
    P_PRICE = "P-PRICE"
    S_HIST = "S-HIST"
    X_DIFFERS = "X-DIFFERS"
    D_CODE = "D-CODE"
    D_LOOK = "D-LOOK"
    U_UNSTABLE = "U-UNSTABLE"
    R_NONE = "R-NONE"
    N_NONE = "N-NONE"


@dataclass(frozen=True)
class ParcelOutcome:
    """The advice on one parcel. It names at most one brand: the one whose evidence led to it."""

    advice: Advice
    rule: str
    codes: tuple[ParcelCode, ...]
    brand_id: str | None
    pictures: tuple[int, ...] = ()
    """Indexes of the photos that the codes speak of."""
