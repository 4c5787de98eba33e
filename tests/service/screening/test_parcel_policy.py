"""The first policy for parcels, row by row: which findings reach which rule, and what it advises."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.screening.findings import Findings
from service.screening.parcel_outcome import Advice, ParcelCode
from service.screening.parcel_policy import PARCEL_POLICY, Standing, advise, load_parcel_policy
from service.screening.policy_file import PolicyInvalid
from service.screening.signals import Signal, SignalCode, Strength

POLICY = load_parcel_policy()
RECORDED = Standing(frozenset({"brd_a"}), frozenset({"brd_a"}))
IN_FORCE = Standing(frozenset({"brd_a"}))
NOTHING = Standing()


def parcel(*signals: str, brand: str | None = "brd_a", pictures: int = 1) -> Findings:
    """`"S1!"` is strong, `"S1"` weak."""
    made = tuple(
        Signal(
            SignalCode(text.rstrip("!")), Strength.STRONG if text.endswith("!") else Strength.WEAK, brand, 0
        )
        for text in signals
    )
    return Findings(pictures=pictures, signals=made)


ROWS = [
    ("1", parcel("S0!", brand=None), RECORDED, Advice.RETAKE, ["Q-PHOTO"]),
    ("3", parcel("S0!", "S3!"), IN_FORCE, Advice.REFER, ["K-COPY"]),
    ("9", parcel("S0!", brand=None, pictures=2), RECORDED, Advice.NO_FINDING, ["N-NONE"]),
    ("9", parcel(brand=None, pictures=0), RECORDED, Advice.NO_FINDING, ["N-NONE"]),
    ("2", parcel("S5!", "S1!", "S6!"), RECORDED, Advice.RELEASE_SUGGESTED, ["A-AUTH"]),
    ("3", parcel("S5!", "S1!", "S3!"), RECORDED, Advice.REFER, ["K-COPY"]),
    ("3", parcel("S3!"), IN_FORCE, Advice.REFER, ["K-COPY"]),
    ("3", parcel("S4!"), IN_FORCE, Advice.REFER, ["F-POINTS"]),
    ("8", parcel("S3!"), NOTHING, Advice.EX_OFFICIO_NOTE, ["K-COPY", "R-NONE"]),
    ("4", parcel("S1!", "S6!"), RECORDED, Advice.REFER, ["I-BRAND", "P-PRICE"]),
    ("4", parcel("S1!", "S11!"), RECORDED, Advice.REFER, ["I-BRAND", "X-DIFFERS"]),
    ("4", parcel("S1!", "S12!"), RECORDED, Advice.REFER, ["I-BRAND", "D-CODE"]),
    ("4", parcel("S1!", "S13!"), RECORDED, Advice.REFER, ["I-BRAND", "D-LOOK"]),
    ("4", parcel("S1!", "S9!"), NOTHING, Advice.REFER, ["I-BRAND", "S-HIST"]),
    ("5", parcel("S1!"), RECORDED, Advice.EXAMINE, ["I-BRAND"]),
    ("5", parcel("S1!", "S6", "S10"), RECORDED, Advice.EXAMINE, ["I-BRAND"]),
    ("6", parcel("S11", brand=None), RECORDED, Advice.EXAMINE, ["X-DIFFERS"]),
    ("6", parcel("S11!", "S1"), RECORDED, Advice.EXAMINE, ["X-DIFFERS"]),
    ("7", parcel("S1"), RECORDED, Advice.CANNOT_TELL, ["I-BRAND"]),
    ("7", parcel("S10"), RECORDED, Advice.CANNOT_TELL, ["U-UNSTABLE"]),
    ("8", parcel("S1!"), IN_FORCE, Advice.EX_OFFICIO_NOTE, ["I-BRAND", "R-NONE"]),
    ("9", parcel("S2!", "S6!", "S9"), RECORDED, Advice.NO_FINDING, ["N-NONE"]),
]


@pytest.mark.parametrize(("rule", "findings", "standing", "advice", "codes"), ROWS)
def test_each_row_of_the_policy_is_reached(
    rule: str, findings: Findings, standing: Standing, advice: Advice, codes: list[str]
) -> None:
    outcome = advise(POLICY, findings, standing)
    assert (outcome.rule, outcome.advice, list(outcome.codes)) == (rule, advice, codes)


def test_evidence_on_one_brand_is_not_added_to_that_on_another() -> None:
    findings = Findings(
        pictures=1,
        signals=(
            Signal(SignalCode.S1, Strength.STRONG, "brd_a", 0),
            Signal(SignalCode.S6, Strength.STRONG, "brd_b"),
        ),
    )
    outcome = advise(POLICY, findings, RECORDED)
    assert (outcome.advice, outcome.brand_id) == (Advice.EXAMINE, "brd_a")


def test_the_gravest_advice_of_all_brands_is_the_parcels() -> None:
    findings = Findings(
        pictures=2,
        signals=(
            Signal(SignalCode.S1, Strength.STRONG, "brd_a", 0),
            Signal(SignalCode.S5, Strength.STRONG, "brd_a"),
            Signal(SignalCode.S3, Strength.STRONG, "brd_b", 1),
        ),
    )
    outcome = advise(POLICY, findings, Standing(frozenset({"brd_b"})))
    assert (outcome.advice, outcome.brand_id, outcome.pictures) == (Advice.REFER, "brd_b", (1,))


def test_photos_to_take_again_are_named() -> None:
    outcome = advise(POLICY, parcel("S0!", brand=None), NOTHING)
    assert (outcome.codes, outcome.pictures) == ((ParcelCode.Q_PHOTO,), (0,))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('when = [{ fact = "always" }]', 'when = [{ fact = "late" }]', "fallthrough"),
        ('R-NONE = "not_recorded"\n', "", "grounds"),
        ('then = "no_finding"', 'then = "arrest"', "no_finding"),
        ('id = "9"', 'id = "8"', "twice"),
    ],
)
def test_a_policy_with_a_hole_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(PARCEL_POLICY.read_text().replace(old, new))
    with pytest.raises(PolicyInvalid, match=said):
        load_parcel_policy(file)
