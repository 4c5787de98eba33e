from __future__ import annotations

import pytest

from model.text import Plainness, replica_words


@pytest.mark.parametrize(
    ("text", "written", "language"),
    [
        ("a REPLICA bag", "REPLICA", "en"),
        ("mirror quality", "mirror quality", "en"),
        ("人気のスーパーコピー", "スーパーコピー", "ja"),
        ("Ｎ級品です", "Ｎ級品", "ja"),
        ("高仿包包", "高仿", "zh"),
        ("레플리카 가방", "레플리카", "ko"),
    ],
)
def test_words_for_copies_are_found_with_their_language(text: str, written: str, language: str) -> None:
    first = replica_words(text)[0]
    assert (first.written, first.language, first.plainness) == (written, language, Plainness.PLAIN)
    assert text[first.start : first.end] == written


@pytest.mark.parametrize("text", ["ブランド風デザイン", "1:1", "ノーブランドです", "inspired by"])
def test_what_honest_sellers_say_too_is_a_hint(text: str) -> None:
    assert [word.plainness for word in replica_words(text)] == [Plainness.HINT]


@pytest.mark.parametrize(
    "text",
    ["not a replica", "コピー品ではありません", "不是高仿", "레플리카 아닙니다", "replica jersey 2002"],
)
def test_denials_and_honest_goods_are_left_out(text: str) -> None:
    assert replica_words(text) == []


@pytest.mark.parametrize("text", ["replicate the effect", "dupery", "coppery tone", "typical copy machine"])
def test_parts_of_other_words_are_nothing(text: str) -> None:
    assert replica_words(text) == []


def test_a_denial_of_something_else_hides_nothing() -> None:
    assert [word.written for word in replica_words("without box, replica")] == ["replica"]
