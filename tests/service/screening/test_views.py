"""What each reader of a decision is told, and what no reader may learn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.messages import Language, catalogue, preferred
from service.screening.findings import Findings
from service.screening.outcome import Action, Decision, ReasonCode
from service.screening.record import Band
from service.screening.views import (
    Disclosure,
    brand_owner_view,
    hook_view,
    inspector_view,
    record_view,
)

from .strategies import BRANDS, findings, record_of
from .test_policy_table import ROWS

HOOK_KEYS = {
    "id", "reference", "decision", "decided_at", "reasons", "code", "message_key", "message", "action_required",
    "action", "appeal_until", "detection_automatic", "decision_automatic", "pictures",
}  # fmt: skip


@given(findings, st.sampled_from(Language))
def test_hook_never_tells_scores_thresholds_or_whose_reference_matched(
    found: Findings, language: Language
) -> None:
    _assert_tells_nothing(hook_view(record_of(found), language).model_dump_json())


@pytest.mark.parametrize("row", ROWS)
def test_hook_of_every_row_of_the_table_tells_nothing_secret(row: tuple[Any, ...]) -> None:
    _assert_tells_nothing(hook_view(record_of(row[1]), Language.EN).model_dump_json())


@given(findings, st.sampled_from(BRANDS))
def test_brand_owner_learns_nothing_of_other_brands(found: Findings, own: str) -> None:
    view = brand_owner_view(record_of(found), {own})
    text = view.model_dump_json() if view else ""
    assert not [other for other in BRANDS if other != own and other in text]


@given(findings)
def test_brand_owner_gets_the_outcome_only_of_its_own_brand(found: Findings) -> None:
    record = record_of(found)
    for own in BRANDS:
        view = brand_owner_view(record, {own})
        assert view is not None
        assert (view.outcome is not None) == (record.outcome.brand_id == own)


def test_listing_that_does_not_concern_a_brand_is_not_shown_to_its_owner() -> None:
    assert brand_owner_view(record_of(ROWS[0][1]), {"brd_elsewhere"}) is None


def test_party_is_named_only_with_a_legal_basis() -> None:
    record = record_of(ROWS[0][1])
    named = Disclosure("Shop", datetime(2026, 11, 1, tzinfo=UTC), "court order 7")
    told = [brand_owner_view(record, {BRANDS[0]}, each) for each in (None, named)]
    assert [view.party and view.party.name for view in told if view] == [None, "Shop"]
    with pytest.raises(ValueError, match="legal basis"):
        Disclosure("Shop", datetime(2026, 11, 1, tzinfo=UTC), " ")


def test_inspector_sees_bands_and_references_and_no_decimals() -> None:
    view = inspector_view(record_of(Findings(pictures=3)))
    assert [each.band for each in view.candidates] == [Band.STRONG, Band.MODERATE, Band.WEAK]
    assert view.candidates[0].reference_id == f"ref_of_{BRANDS[2]}"
    assert not [value for _, value in _leaves(view.model_dump()) if isinstance(value, float)]


@pytest.mark.parametrize("row", ROWS)
def test_appeal_runs_180_days_where_there_is_something_to_appeal(row: tuple[Any, ...]) -> None:
    record = record_of(row[1])
    view = hook_view(record, Language.EN)
    appealable = view.decision in (Decision.BLOCK, Decision.REVIEW, Decision.NEEDS_DOCUMENTS)
    assert view.appeal_until == (record.decided_at + timedelta(days=180) if appealable else None)


def test_hook_names_the_pictures_that_the_reasons_speak_of() -> None:
    row = next(each for each in ROWS if each[0] == "9")
    assert hook_view(record_of(row[1]), Language.JA).pictures == [0]


def test_record_view_holds_everything() -> None:
    record = record_of(ROWS[0][1])
    assert record_view(record).record == record


@pytest.mark.parametrize("language", Language)
def test_every_reason_and_action_has_its_message(language: Language) -> None:
    keys = {f"reason.{code}" for code in ReasonCode} | {f"action.{action}" for action in Action}
    assert set(catalogue(language)) == keys
    assert all(message.strip() for message in catalogue(language).values())


@pytest.mark.parametrize("language", Language)
def test_no_message_accuses(language: Language) -> None:
    words = (
        "fake",
        "counterfeit",
        "fraud",
        "illegal",
        "偽",
        "模倣",
        "違法",
        "不正",
        "假",
        "仿",
        "违法",
        "欺",
    )
    text = " ".join(catalogue(language).values()).lower()
    assert not [word for word in words if word in text]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("ja", "ja"), ("fr, zh-Hant-TW;q=0.8, en;q=0.5", "zh"), ("en;q=0.1, ja;q=0.9", "ja"),
        ("ja;q=0", "en"), ("JA-jp", "ja"), ("ja;q=nan, zh;q=0.1", "zh"), ("*", "en"), (",;,;q=,", "en"),
    ],
)  # fmt: skip
def test_language_is_the_one_asked_for_most(header: str | None, language: str) -> None:
    assert preferred(header) == language


@given(st.text())
def test_no_header_breaks_the_choice_of_language(header: str) -> None:
    assert preferred(header) in Language


def _assert_tells_nothing(text: str) -> None:
    leaves = list(_leaves(json.loads(text)))
    assert {key for key, _ in leaves} <= HOOK_KEYS
    assert not [value for _, value in leaves if isinstance(value, float)]
    secrets = ("ref_of_", "prd_of_", "brd_", "0.98", "threshold", "score", "cosine", "feedface")
    assert not [secret for secret in secrets if secret in text]


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield (key or "decision"), value
