"""What the run as a whole came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from service.demo.checking import Checked
from service.demo.scenes import Story


@dataclass(frozen=True)
class Summary:
    needed: int
    """Listings that a person who knew the truth would want to see."""
    looked_at: int
    """Of those, how many got a look."""
    honest: int
    left_alone: int
    """Of the honest ones, how many were let through without one."""
    watched: int
    """Let through, though they needed a look, but kept in sight because something was noticed."""
    median_ms: float
    slowest_ms: float

    @property
    def sentence(self) -> str:
        return (
            f"{self.looked_at} of {self.needed} listings that needed a look got one; "
            f"{self.left_alone} of {self.honest} honest ones were left alone."
        )

    @property
    def remark(self) -> str:
        """What is to be said of those that needed a look and got none."""
        missed = self.needed - self.looked_at
        if not missed:
            return ""
        share = "All" if self.watched == missed else f"{self.watched}"
        return (
            f"{share} of the {missed} others are watched: something was noticed, but not enough to hold a listing "
            "back."
        )


def summarise(checked: Sequence[Checked]) -> Summary:
    needed = [each for each in checked if each.story.needs_look]
    honest = [each for each in checked if not each.story.needs_look]
    times = [each.milliseconds for each in checked]
    return Summary(
        needed=len(needed),
        looked_at=sum(each.looked_at for each in needed),
        honest=len(honest),
        left_alone=sum(not each.looked_at for each in honest),
        watched=sum(not each.looked_at and each.record.outcome.watched for each in needed),
        median_ms=median(times),
        slowest_ms=max(times),
    )


def figures(checked: Sequence[Checked]) -> dict[str, float | int | str]:
    """One flat object: totals, and for each story how many of how many got a look."""
    whole = summarise(checked)
    found: dict[str, float | int | str] = {
        "listings": len(checked),
        "needed_look": whole.needed,
        "needed_look_got_one": whole.looked_at,
        "honest": whole.honest,
        "honest_left_alone": whole.left_alone,
        "p50_ms": round(whole.median_ms, 1),
        "slowest_ms": round(whole.slowest_ms, 1),
    }
    for story in Story:
        of_story = [each for each in checked if each.story is story]
        found[f"listings_{story}"] = len(of_story)
        found[f"looked_at_{story}"] = sum(each.looked_at for each in of_story)
    return found
