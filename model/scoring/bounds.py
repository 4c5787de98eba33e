"""Bounds of a share, and how many labels a promise about one needs."""

from __future__ import annotations

import math

from scipy.stats import beta, binom, norm

CONFIDENCE = 0.95


def clopper_pearson_lower(successes: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The exact one-sided lower bound (Clopper and Pearson 1934), in [0, 1]; 0 without successes."""
    _check(successes, trials)
    return float(beta.ppf(1 - confidence, successes, trials - successes + 1)) if successes else 0.0


def clopper_pearson_upper(successes: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The exact one-sided upper bound, in [0, 1]; 1 without failures, and so without trials."""
    return 1 - clopper_pearson_lower(trials - successes, trials, confidence)


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact two-sided interval; (0, 1) without trials."""
    each = 1 - (1 - confidence) / 2
    return clopper_pearson_lower(successes, trials, each), clopper_pearson_upper(successes, trials, each)


def wilson(successes: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval (Wilson 1927): narrower than the exact one, right on average; (0, 1) without trials."""
    _check(successes, trials)
    if not trials:
        return 0.0, 1.0
    z = float(norm.ppf(1 - (1 - confidence) / 2))
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, middle - half), min(1.0, middle + half)


def faultless_needed(share: float, confidence: float = CONFIDENCE) -> int:
    """Labels, all of them right, that prove at least this share right: ln(1 − confidence) / ln(share), rounded up.

    0.99 at 95 % takes 299.

    Args:
        share: in (0, 1).
    """
    return math.ceil(math.log(1 - confidence) / math.log(share))


def labels_needed(wrong: int, share: float, confidence: float = CONFIDENCE) -> int:
    """Labels in all that prove at least this share right although so many of them are wrong.

    With one wrong, 0.99 at 95 % takes 473.
    """
    low, high = faultless_needed(share, confidence) + wrong, 0
    high = low
    while not _proves(wrong, high, share, confidence):
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _proves(wrong, middle, share, confidence) else (middle + 1, high)
    return low


def p_value(wrong: int, trials: int, risk: float) -> float:
    """Of the hypothesis that more than `risk` are wrong: the chance of so few wrong ones, exactly; 1 without trials."""
    return float(binom.cdf(wrong, trials, risk)) if trials else 1.0


def _proves(wrong: int, trials: int, share: float, confidence: float) -> bool:
    return p_value(wrong, trials, 1 - share) <= 1 - confidence


def _check(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials are not possible.")
