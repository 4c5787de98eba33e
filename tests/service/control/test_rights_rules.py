"""The rules of the right themselves."""

from __future__ import annotations

import pytest

from service.control.measuring import Tally
from service.control.rights import Verdict, brand_verdict

NONE, PROVEN = Tally(), Tally(right=40)


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [(NONE, Verdict.EARNS), (Tally(9, 1), Verdict.EARNS), (Tally(8, 2), Verdict.WAITS)],
)
def test_opinions_that_cases_did_not_uphold_keep_the_right_away(opinions: Tally, expected: Verdict) -> None:
    assert brand_verdict(False, False, PROVEN, opinions, NONE) is expected


def test_opinions_alone_do_not_earn_it() -> None:
    assert brand_verdict(False, False, NONE, PROVEN, NONE) is Verdict.WAITS


def test_blocks_that_nobody_judged_keep_it() -> None:
    assert brand_verdict(True, True, NONE, NONE, NONE) is Verdict.KEEPS
