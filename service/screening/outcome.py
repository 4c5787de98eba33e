"""What a policy can decide, and the words for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    ALLOW = "allow"
    REVIEW = "review"
    BLOCK = "block"
    REVIEW_PENDING = "review_pending"
    NEEDS_DOCUMENTS = "needs_documents"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Action(StrEnum):
    """What the seller is asked to do."""

    NONE = "none"
    WAIT = "wait"
    SEND_PHOTOS = "send_photos"
    SEND_DOCUMENTS = "send_documents"
    WITHDRAW_OR_APPEAL = "withdraw_or_appeal"


class ReasonCode(StrEnum):
    Q_TIMEOUT = "Q-TIMEOUT"
    Q_INDEX = "Q-INDEX"
    Q_PHOTO = "Q-PHOTO"
    A_AUTH = "A-AUTH"
    K_COPY = "K-COPY"
    I_BRAND = "I-BRAND"
    S_HIST = "S-HIST"
    P_PRICE = "P-PRICE"
    T_TEXT = "T-TEXT"
    C_REF = "C-REF"
    X_UNSTABLE = "X-UNSTABLE"
    D_CODE = "D-CODE"
    D_GATED = "D-GATED"
    N_NONE = "N-NONE"


class BlockNeed(StrEnum):
    """What must hold before a rule may block without a person."""

    BRAND_RIGHT = "brand_right"
    OUT_OF_SHADOW = "out_of_shadow"
    PRECISION = "precision"
    STABLE = "stable"
    """What is seen does not flip when the picture is mirrored, cut a little or saved anew (S10)."""


@dataclass(frozen=True)
class WouldHave:
    """What a rule in shadow would have decided for this brand, had it been live."""

    rule: str
    brand_id: str | None
    decision: Decision
    priority: Priority | None


@dataclass(frozen=True)
class Outcome:
    """The decision on one listing. It names at most one brand: the one whose evidence led to it."""

    decision: Decision
    rule: str
    priority: Priority | None
    """For `review` alone."""
    codes: tuple[ReasonCode, ...]
    action_required: Action
    watched: bool
    """Looked at again when something new is learnt about seller or brand."""
    sample_rate: float
    """Share of such decisions, in [0, 1], that a person looks at all the same; see `sampled`."""
    brand_id: str | None
    pictures: tuple[int, ...] = ()
    """Indexes of the pictures that the codes speak of."""
    withheld: tuple[BlockNeed, ...] = ()
    """Why a rule that may block did not."""
    would_have: tuple[WouldHave, ...] = ()


def sampled(decision_id: str, rate: float) -> bool:
    """Whether this decision is one of the share `rate` in [0, 1]; the same id is always answered alike."""
    digest = hashlib.sha256(f"sample:{decision_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < rate * 2**64
