"""Random findings, and a record around them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st
from pydantic import JsonValue

from service.screening.findings import Findings, RulePrecision, RuleStatus
from service.screening.policy import Policy, decide, load_policy
from service.screening.record import Candidate, DecidedPicture, DecisionRecord, PictureRole, Versions, band
from service.screening.signals import Signal, SignalCode, Strength

POLICY = load_policy()
BRANDS = ("brd_alpha", "brd_beta", "brd_gamma")
PICTURES = 3

_brands = st.sampled_from(BRANDS)
_some_brands = st.frozensets(_brands)


@st.composite
def signals(draw: st.DrawFn) -> Signal:
    code = draw(st.sampled_from(SignalCode))
    strengths = list(Strength)[:2] if code is SignalCode.S8 else list(Strength)
    brand = None if code is SignalCode.S0 else draw(st.none() | _brands)
    evidence: dict[str, JsonValue] = {
        "score": 0.987654,
        "reference_id": f"ref_of_{brand}",
        "thresholds": "2026-11",
    }
    return Signal(
        code,
        draw(st.sampled_from(strengths)),
        brand,
        draw(st.none() | st.integers(0, PICTURES - 1)),
        evidence,
    )


precisions = st.builds(
    RulePrecision,
    st.sampled_from(["6", "7", "8"]),
    _brands,
    st.sampled_from([0, 299, 300, 1000]),
    st.sampled_from([0.9, 0.9899, 0.99, 1.0]),
)
statuses = st.dictionaries(
    st.sampled_from([rule.id for rule in POLICY.rules[1:-1]]), st.sampled_from(RuleStatus), max_size=4
)
findings = st.builds(
    Findings,
    pictures=st.just(PICTURES),
    signals=st.lists(signals(), max_size=8).map(tuple),
    in_time=st.sampled_from([True, True, True, False]),
    index_ready=st.sampled_from([True, True, True, False]),
    text_names=_some_brands,
    auto_block_brands=_some_brands,
    precision=st.lists(precisions, max_size=6).map(tuple),
    category=st.none() | st.just("shoes"),
    gated_brands=_some_brands,
    gated_categories=st.sampled_from([frozenset(), frozenset({"shoes"})]),
    rule_status=statuses,
)
_damning = st.builds(
    Signal,
    st.sampled_from([SignalCode.S1, SignalCode.S3, SignalCode.S4, SignalCode.S6, SignalCode.S9]),
    st.just(Strength.STRONG),
    st.sampled_from(BRANDS[:2]),
)
grave_findings = st.builds(
    Findings,
    pictures=st.just(PICTURES),
    signals=st.lists(_damning, min_size=2, max_size=8).map(tuple),
    auto_block_brands=st.frozensets(st.sampled_from(BRANDS[:2])),
    precision=st.lists(precisions, max_size=6).map(tuple),
    rule_status=st.fixed_dictionaries({rule: st.sampled_from(RuleStatus) for rule in ("6", "7", "8")}),
)
"""Of which many are blocked or reviewed with high priority."""


def record_of(found: Findings, policy: Policy = POLICY) -> DecisionRecord:
    thresholds = policy.thresholds.identity
    return DecisionRecord(
        id="dec_0123456789abcdef",
        listing_id="lst_1",
        caller_reference="item 42",
        tenant_id="ten_1",
        decided_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        outcome=decide(policy, found),
        findings=found,
        pictures=tuple(
            DecidedPicture(index=index, sha256=f"{index:064x}", role=PictureRole.FURTHER)
            for index in range(found.pictures)
        ),
        candidates=tuple(
            Candidate(
                brand_id=brand,
                product_id=f"prd_of_{brand}",
                reference_id=f"ref_of_{brand}",
                picture=index,
                cosine=0.987654,
                score=0.5 + index / 5,
                band=band(0.5 + index / 5, thresholds),
            )
            for index, brand in enumerate(BRANDS)
        ),
        versions=Versions(
            encoder="bundled",
            encoder_fingerprint="feedfacefeedface",
            index_revision=7,
            policy=policy.version,
            policy_digest=policy.digest,
            calibration="cal_1",
        ),
        timings_ms={"encode": 12.5},
        budget_ms=1000,
    )
