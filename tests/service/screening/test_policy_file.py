"""A policy file that could surprise is refused, with words that say what to correct."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from service.screening.policy import load_policy
from service.screening.policy_file import DEFAULT_POLICY, PolicyInvalid
from service.screening.policy_page import policy_page

TEXT = DEFAULT_POLICY.read_text()
PAGE = Path(__file__).parents[3] / "docs" / "policy.md"
LAST_RULE = TEXT[TEXT.index('[[rules]]\nid = "15"') :]
RULE_1 = TEXT[TEXT.index('[[rules]]\nid = "1"') : TEXT.index('[[rules]]\nid = "2"')]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('signal = "S5"', 'signal = "S99"', r"rules.3.when.0.at_least.signal"),
        ('"Q-TIMEOUT", "Q-INDEX"', '"Q-LATE"', r"rules.0.codes.0"),
        ('at_least = "strong"', 'at_least = "huge"', "a strength is one of weak, strong; got 'huge'"),
        ('at_least = "strong"', "at_most = 1", "a condition is a table with one of"),
        ('fact = "late"', 'fact = "tired"', "fact"),
        (LAST_RULE, "", "the last rule is the fallthrough"),
        (RULE_1, "", "the first rule, live, makes late a review_pending"),
        ('decision = "review_pending", action = "wait"', 'decision = "allow"', "never a silent allow"),
        ('id = "3"', 'id = "2"', "rule 2 is there twice"),
        ('block_needs = ["brand_right", "out_of_shadow"]', "block_needs = []", "brand_right and out_of_shadow"),
        ('{ signal = "S3", at_least = "strong" }, { signal = "S1", at_least = "weak" }',
         '{ signal = "S3", at_least = "strong" }', "two families"),
        ("weak = 0.60", "weak = 0.95", "weak lies above strong"),
        ('K-COPY = "S3"', 'K-COPY = "S77"', "neither a signal"),
        ('N-NONE = "always"', "", "lacks N-NONE"),
        ('priority = "low", ', "", "has a priority"),
        ("sample_rate = 0.01", "sample_rate = 1.5", "sample_rate"),
        ('version = "listing-2026-11"', "", "version"),
        ('version = "listing-2026-11"', "version = ", "Invalid value"),
        ('status = "live"', 'status = "live"\nwhenn = []', "whenn"),
    ],
)  # fmt: skip
def test_policy_that_could_surprise_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TEXT
    path = tmp_path / "policy.toml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(PolicyInvalid, match=message):
        load_policy(path)


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyInvalid):
        load_policy(path)


def test_policy_is_known_by_its_version_and_the_digest_of_its_bytes() -> None:
    policy = load_policy()
    assert policy.version == "listing-2026-11"
    assert policy.digest == hashlib.sha256(DEFAULT_POLICY.read_bytes()).hexdigest()


def test_rules_that_block_start_in_shadow() -> None:
    assert {rule.id for rule in load_policy().rules if rule.block_needs and rule.status == "shadow"} == {
        "6",
        "7",
        "8",
    }


def test_page_of_the_policy_is_current() -> None:
    assert PAGE.read_text() == policy_page(load_policy())
