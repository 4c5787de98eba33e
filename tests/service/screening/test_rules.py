"""Measured facts in, signals out: where each signal begins, and what it must not mix."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from model.copies.verification import NO_COPY, CopyFinding, CopyKind
from service.screening.policy import load_policy
from service.screening.rules.authorisation import AuthorisedSeller, Offer, authorisation_signals
from service.screening.rules.copies import CopyMatch, counterfeit_copies, reference_copies
from service.screening.rules.identity import ReferenceMatch, identity_signals, of_nearest_brands
from service.screening.rules.price import Asked, PriceBand, price_signals
from service.screening.rules.quality import quality_signals
from service.screening.rules.seller import SellerCase, history_signals
from service.screening.signals import Signal, SignalCode, Strength

THRESHOLDS = load_policy().thresholds
TODAY = date(2026, 11, 24)
NONE, WEAK, STRONG = Strength
COPY = CopyFinding(
    CopyKind.CROP_OF,
    0.97,
    mirrored=True,
    homography=np.eye(3),
    inliers=40,
    query_region=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),
    reference_region=((0.2, 0.2), (0.7, 0.2), (0.7, 0.7)),
)
ARTWORK = CopyFinding(CopyKind.SAME_ARTWORK, 0.3, inliers=40)


def test_picture_with_faults_fails_by_its_index() -> None:
    signals = quality_signals([[], ["blurred", "too_dark"]])
    assert [(each.code, each.picture) for each in signals] == [(SignalCode.S0, 1)]


@pytest.mark.parametrize(
    ("score", "strength"), [(0.5999, []), (0.6, [WEAK]), (0.8999, [WEAK]), (0.9, [STRONG])]
)
def test_similarity_begins_and_turns_strong(score: float, strength: list[Strength]) -> None:
    signals = identity_signals([_match("brd_a", score)], THRESHOLDS.identity)
    assert [each.strength for each in signals] == strength


def test_picture_shows_the_brand_of_its_nearest_reference_alone() -> None:
    matches = [_match("a", 0.92), _match("b", 0.99), _match("b", 0.70), _match("a", 0.95, picture=1)]
    kept = [(match.brand_id, match.picture, match.score) for match in of_nearest_brands(matches)]
    assert kept == [("b", 0, 0.99), ("b", 0, 0.70), ("a", 1, 0.95)]


def test_best_reference_speaks_for_its_brand() -> None:
    matches = [_match("brd_b", 0.7), _match("brd_a", 0.65, 0), _match("brd_a", 0.95, 1)]
    signals = identity_signals(matches, THRESHOLDS.identity)
    assert [(each.brand_id, each.picture) for each in signals] == [("brd_a", 1), ("brd_b", 0)]


@pytest.mark.parametrize(
    ("match", "strength"),
    [
        (CopyMatch("brd_a", "ref_1", 0, hash_distance=31), [WEAK]),
        (CopyMatch("brd_a", "ref_1", 0, hash_distance=32), []),
        (CopyMatch("brd_a", "ref_1", 0, cosine=0.9), [WEAK]),
        (CopyMatch("brd_a", "ref_1", 0, cosine=0.8999, hash_distance=100), []),
        (CopyMatch("brd_a", "ref_1", 0, hash_distance=0, cosine=1.0), [WEAK]),
        (CopyMatch("brd_a", "ref_1", 0, cosine=0.5, finding=COPY), [STRONG]),
        (CopyMatch("brd_a", "ref_1", 0, cosine=0.5, finding=ARTWORK), [WEAK]),
        (CopyMatch("brd_a", "ref_1", 0, cosine=0.5, finding=NO_COPY), []),
        (CopyMatch("brd_a", "ref_1", 0, same_bytes=True), [STRONG]),
    ],
)
def test_copy_is_a_candidate_until_verified(match: CopyMatch, strength: list[Strength]) -> None:
    for rule in (reference_copies, counterfeit_copies):
        assert [each.strength for each in rule([match], THRESHOLDS.copies, "bundled")] == strength


def test_descriptor_of_an_encoder_without_threshold_makes_no_candidate() -> None:
    match = CopyMatch("brd_a", "ref_1", 0, cosine=0.99)
    assert reference_copies([match], THRESHOLDS.copies, "open_clip:ViT-B-32/other") == []


def test_verified_copy_speaks_before_a_nearer_candidate() -> None:
    matches = [
        CopyMatch("brd_a", "cft_1", 0, hash_distance=0),
        CopyMatch("brd_a", "cft_2", 0, hash_distance=90, finding=COPY),
    ]
    (signal,) = counterfeit_copies(matches, THRESHOLDS.copies, "bundled")
    assert (signal.strength, signal.evidence["counterfeit_id"]) == (STRONG, "cft_2")


def test_verified_copy_leaves_no_candidate_of_another_brand_on_its_picture() -> None:
    matches = [
        CopyMatch("brd_a", "ref_1", 0, cosine=1.0, same_bytes=True),
        CopyMatch("brd_b", "ref_2", 0, cosine=0.95),
        CopyMatch("brd_b", "ref_2", 1, cosine=0.95),
    ]
    signals = reference_copies(matches, THRESHOLDS.copies, "bundled")
    assert [(each.brand_id, each.picture, each.strength) for each in signals] == [
        ("brd_a", 0, STRONG),
        ("brd_b", 1, WEAK),
    ]


def test_of_two_brands_photos_a_picture_is_the_surer_one() -> None:
    sure, less = (CopyFinding(CopyKind.SAME_PHOTO, each, inliers=40) for each in (0.99, 0.95))
    matches = [CopyMatch("brd_a", "ref_1", 0, finding=less), CopyMatch("brd_b", "ref_2", 0, finding=sure)]
    assert [each.brand_id for each in reference_copies(matches, THRESHOLDS.copies, "bundled")] == ["brd_b"]


def test_two_brands_that_have_the_same_picture_are_both_told() -> None:
    finding = CopyFinding(CopyKind.SAME_PHOTO, 0.99, inliers=40)
    matches = [CopyMatch(brand, f"ref_of_{brand}", 0, finding=finding) for brand in ("brd_a", "brd_b")]
    assert len(reference_copies(matches, THRESHOLDS.copies, "bundled")) == 2


def test_equal_bytes_leave_no_likeness_to_another_brands_photo() -> None:
    matches = [
        CopyMatch("brd_a", "ref_1", 0, same_bytes=True),
        CopyMatch("brd_b", "ref_2", 0, finding=CopyFinding(CopyKind.CONTAINS, 0.99, inliers=40)),
    ]
    assert [each.brand_id for each in reference_copies(matches, THRESHOLDS.copies, "bundled")] == ["brd_a"]


def test_two_photos_pasted_into_one_are_both_told() -> None:
    first, second = (CopyFinding(CopyKind.CONTAINS, each, inliers=40) for each in (0.99, 0.95))
    matches = [CopyMatch("brd_a", "ref_1", 0, finding=first), CopyMatch("brd_b", "ref_2", 0, finding=second)]
    assert len(reference_copies(matches, THRESHOLDS.copies, "bundled")) == 2


def test_verified_copy_says_how_it_was_made_and_where_both_agree() -> None:
    (signal,) = reference_copies([CopyMatch("brd_a", "ref_1", 2, finding=COPY)], THRESHOLDS.copies, "bundled")
    evidence = signal.evidence
    assert (evidence["kind"], evidence["mirrored"], evidence["inliers"]) == ("crop_of", True, 40)
    assert evidence["homography"] == np.eye(3).tolist()
    assert evidence["reference_region"] == [[0.2, 0.2], [0.7, 0.2], [0.7, 0.7]]
    json.dumps(dict(evidence))


def test_equal_bytes_are_the_same_photo_from_corner_to_corner() -> None:
    (signal,) = counterfeit_copies(
        [CopyMatch("brd_a", "cft_1", 0, same_bytes=True)], THRESHOLDS.copies, "bundled"
    )
    assert signal.evidence["kind"] == "same_photo"
    assert signal.evidence["query_region"] == signal.evidence["reference_region"]


@pytest.mark.parametrize(
    ("offer", "valid"),
    [
        (Offer("shop", "shoes", "JP", TODAY), True),
        (Offer("shop", "shoes", "JP", TODAY + timedelta(days=1)), False),
        (Offer("shop", "shoes", "JP", TODAY - timedelta(days=31)), False),
        (Offer("shop", "bags", "JP", TODAY), False),
        (Offer("shop", "shoes", "US", TODAY), False),
        (Offer("shop", None, "JP", TODAY), False),
        (Offer("other", "shoes", "JP", TODAY), False),
    ],
)
def test_authorisation_covers_seller_category_territory_and_days(offer: Offer, valid: bool) -> None:
    record = AuthorisedSeller("aut_1", "brd_a", "shop", "shoes", "JP", TODAY - timedelta(days=30), TODAY)
    signals = authorisation_signals([record], offer)
    assert [(each.brand_id, each.strength) for each in signals] == ([("brd_a", STRONG)] if valid else [])


def test_authorisation_for_everything_covers_an_offer_that_says_nothing() -> None:
    record = AuthorisedSeller("aut_1", "brd_a", "shop", None, None, TODAY, None)
    assert authorisation_signals([record], Offer("shop", None, None, TODAY))


@pytest.mark.parametrize(
    ("price", "is_new", "strength"),
    [
        ("50", True, NONE),
        ("49.99", True, WEAK),
        ("20", True, WEAK),
        ("19.99", True, STRONG),
        ("5", False, WEAK),
    ],
)
def test_price_is_measured_against_the_median(price: str, is_new: bool, strength: Strength) -> None:
    (signal,) = _price(PriceBand("brd_a", "prd_1", "JPY", Decimal(10), Decimal(100)), price, is_new)
    assert signal.strength is strength


def test_price_without_median_is_measured_against_the_lower_edge() -> None:
    (signal,) = _price(PriceBand("brd_a", "prd_1", "JPY", low=Decimal(100)), "40", True)
    assert signal.strength is WEAK


@pytest.mark.parametrize(
    ("band", "price"),
    [
        (PriceBand("brd_a", "prd_1", "USD", median=Decimal(100)), "1"),
        (PriceBand("brd_a", "prd_1", "JPY"), "1"),
        (PriceBand("brd_a", "prd_1", "JPY", median=Decimal(0)), "1"),
        (PriceBand("brd_a", "prd_1", "JPY", median=Decimal(100)), "NaN"),
    ],
)
def test_price_that_cannot_be_compared_says_so(band: PriceBand, price: str) -> None:
    (signal,) = _price(band, price, True)
    assert signal.strength is NONE
    assert signal.evidence["not_compared"]


@pytest.mark.parametrize(
    ("ages", "strength"),
    [
        ([0], [WEAK]),
        ([1, 2], [WEAK]),
        ([1, 2, 179], [STRONG]),
        ([1, 2, 180], [WEAK]),
        ([400] * 5, [WEAK]),
        ([], []),
    ],
)
def test_history_turns_strong_with_three_recent_cases(ages: list[int], strength: list[Strength]) -> None:
    cases = [SellerCase("brd_a", TODAY - timedelta(days=age)) for age in ages]
    assert [each.strength for each in history_signals(cases, TODAY, THRESHOLDS.seller)] == strength


def test_reversed_cases_do_not_count() -> None:
    cases = [SellerCase("brd_a", TODAY, reversed_on=TODAY) for _ in range(3)]
    assert history_signals(cases, TODAY, THRESHOLDS.seller) == []


def test_history_of_brands_is_not_added_up() -> None:
    cases = [SellerCase(brand, TODAY) for brand in ("brd_a", "brd_b", "brd_c")]
    assert {each.strength for each in history_signals(cases, TODAY, THRESHOLDS.seller)} == {WEAK}


def _match(brand: str, score: float, picture: int = 0) -> ReferenceMatch:
    return ReferenceMatch(brand, "prd_1", "ref_1", picture, 0.5, score)


def _price(band: PriceBand, price: str, is_new: bool) -> list[Signal]:
    return price_signals([band], Asked(Decimal(price), "JPY", is_new), THRESHOLDS.price)
