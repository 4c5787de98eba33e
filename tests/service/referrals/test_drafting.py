"""What the machine writes: observations in words, in two languages, and never more than that."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.referrals.drafting import Known, ReferralField, draft, in_words
from service.referrals.wording import Language, words
from service.screening.signals import Family, Signal, SignalCode, Strength

_VERDICTS = re.compile(r"fake|counterfeit|genuine\b(?! article)|偽|ニセ|模倣品|\d\.\d|%", re.IGNORECASE)
"""Words that would judge the goods, and numbers that would be scores."""

signals = st.builds(
    Signal,
    code=st.sampled_from([code for code in SignalCode if code is not SignalCode.S8]),
    strength=st.sampled_from(Strength),
    evidence=st.just({"score": 0.973, "reference_id": "ref_secret"}),
)


def known(*found: Signal, **goods: str) -> Known:
    return Known(goods, "Kumoru", date(2026, 4, 27), date(2026, 4, 28), found)


def test_both_languages_have_the_same_texts() -> None:
    assert words(Language.EN).keys() == words(Language.JA).keys()


def test_every_signal_that_may_add_to_suspicion_has_words() -> None:
    wanted = {code.value for code in SignalCode if code.family.is_evidence}
    assert wanted <= words(Language.EN).keys()


@settings(max_examples=100, deadline=None)
@given(found=st.lists(signals, max_size=12), language=st.sampled_from(Language))
def test_no_draft_judges_the_goods_or_tells_a_score_or_an_id(found: list[Signal], language: Language) -> None:
    written = draft(known(*found), language)
    assert written.keys() == set(ReferralField)
    assert all(written.values())
    text = "\n".join(written.values())
    assert not _VERDICTS.search(text)
    assert "ref_secret" not in text
    noticed = {each.code for each in found if each.strength and each.code.family.is_evidence}
    assert written[ReferralField.REASON].count("\n- ") == len(noticed)


def test_gates_and_authorisations_are_no_reason() -> None:
    found = [
        Signal(code, Strength.STRONG) for code in SignalCode if code.family in (Family.GATE, Family.AUTH)
    ]
    assert draft(known(*found), Language.EN)[ReferralField.REASON] == words(Language.EN)["reason.none"]


def test_what_the_officer_knows_of_the_goods_is_taken_over_and_the_rest_said_to_be_unknown() -> None:
    written = draft(known(article="かばん", quantity="12"), Language.JA)
    assert written[ReferralField.ARTICLE] == "かばん"
    assert written[ReferralField.QUANTITY] == "12"
    assert written[ReferralField.ITEM_NUMBER] == "不明"
    assert "Kumoru" in written[ReferralField.CONTENT]


@pytest.mark.parametrize(
    ("day", "english", "japanese"),
    [
        (date(2026, 4, 27), "27 April 2026", "令和8年4月27日"),
        (date(2019, 5, 1), "1 May 2019", "令和元年5月1日"),
        (date(2019, 4, 30), "30 April 2019", "2019年4月30日"),
    ],
)
def test_dates_are_written_as_the_forms_of_each_country_have_them(
    day: date, english: str, japanese: str
) -> None:
    assert in_words(day, Language.EN) == english
    assert in_words(day, Language.JA) == japanese
