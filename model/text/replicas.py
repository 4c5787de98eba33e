"""Words with which sellers say that an article is a copy, in English, Japanese, Chinese and Korean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Plainness(StrEnum):
    """How plainly a word says so."""

    PLAIN = "plain"
    """Said of copies alone: super copy, N級品, 高仿, 레플리카."""
    HINT = "hint"
    """Also said of honest goods: inspired, 風, OEM, 海外製."""


@dataclass(frozen=True)
class ReplicaWord:
    written: str
    start: int
    end: int
    """In the text as written."""
    language: str
    """en, ja, zh or ko."""
    plainness: Plainness


def replica_words(text: str) -> list[ReplicaWord]:
    """Such words in the order of the text; those that the seller denies ("not a replica") and names of honest goods
    ("replica jersey") are left out."""
    folded, starts = _folded(text)
    found: dict[int, ReplicaWord] = {}
    for language, plainness, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            if not _denied(folded, match.start(), match.end()):
                start, end = starts[match.start()], starts[match.end() - 1] + 1
                found.setdefault(start, ReplicaWord(text[start:end], start, end, language, plainness))
    return _apart(sorted(found.values(), key=lambda word: (word.start, -word.end)))


def _apart(words: list[ReplicaWord]) -> list[ReplicaWord]:
    """Without words that lie within another."""
    kept: list[ReplicaWord] = []
    for word in words:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def _folded(text: str) -> tuple[str, list[int]]:
    letters: list[str] = []
    starts: list[int] = []
    for at, character in enumerate(text):
        folded = (
            unicodedata.normalize("NFKC", character).casefold()
            if unicodedata.category(character) != "Cf"
            else ""
        )
        letters.extend(folded)
        starts.extend([at] * len(folded))
    return "".join(letters), starts


def _denied(text: str, start: int, end: int) -> bool:
    return bool(
        _DENIED_BEFORE.search(text[max(0, start - 24) : start]) or _DENIED_AFTER.match(text[end : end + 24])
    )


_DENIED_BEFORE = re.compile(
    r"(\b(not|no|never|isn't|without|against|beware of|avoid)\s+((an?|any|cheap|fake|some)\s+){0,2}"
    r"|non[- ]|不是|非|拒绝|绝非|不卖)$"
)
_DENIED_AFTER = re.compile(
    r"(\s*(品|商品|物|版|货|貨)?\s*"
    r"(では(ありません|ない|ございません)|じゃ(ない|ありません)|ではなく|等は一切"
    r"|は(扱って|取り扱って|一切|ありません)|勿扰|请勿|아닙니다|아님|가 아)"
    r"|\s*(jersey|shirt|kit|helmet|model|ユニフォーム|ジャージ|ユニ|유니폼|球衣))"
)

_WORDS = {
    ("en", Plainness.PLAIN): (
        r"replicas?", r"rep(?:lica)? 1 ?[:/] ?1",
        r"1 ?: ?1 ?(?:quality|copy|replica|mirror|version|scale copy)",
        r"mirror (?:quality|copy|grade|1 ?: ?1)", r"super[ -]?(?:copy|copies|fakes?|clones?)", r"first copy",
        r"(?:aaa+|5a|7a|top|master|high) (?:quality )?(?:cop(?:y|ies)|replicas?|clones?|grade copy)",
        r"aaa+\+* quality", r"knock[ -]?offs?", r"counterfeits?", r"fake (?:brand|designer|bag|watch|shoes)",
        r"imitations?", r"unauthori[sz]ed authentic", r"ua (?:sneakers?|shoes|quality|batch)",
        r"(?:og|ljr|pk|god|h12) batch",
    ),
    ("en", Plainness.HINT): (
        r"dupes?", r"inspired(?: by)?", r"[a-z]+[- ](?:style|like|type)\b(?= (?:bag|shoes|logo|design))",
        r"oem", r"factory (?:second|overrun)s?", r"look[ -]?alikes?", r"no (?:brand )?logo", r"unbranded",
        r"1 ?: ?1",
    ),
    ("ja", Plainness.PLAIN): (
        r"スーパー ?コピー", r"コピー ?(?:品|商品|ブランド)", r"ブランド ?コピー", r"n ?級 ?品?",
        r"s ?級 ?(?:コピー|品)", r"レプリカ(?:品|商品)?", r"偽(?:物|ブランド|造品)", r"ニセ(?:モノ|物)",
        r"パチ(?:モン|もん|物)", r"模(?:造|倣)品", r"イミテーション", r"最高級 ?コピー", r"完全 ?コピー",
        r"海賊版",
    ),
    ("ja", Plainness.HINT): (
        r"ノーブランド", r"海外製", r"風 ?デザイン", r"(?<=[ぁ-んァ-ヶー一-龠a-z])風(?= |$|の)",
        r"(?:系|タイプ) ?ロゴ", r"オマージュ", r"インスパイア", r"ジェネリック", r"並行輸入", r"激似",
        r"そっくり",
    ),
    ("zh", Plainness.PLAIN): (
        r"高仿", r"精仿", r"超a", r"a货", r"a貨", r"复刻", r"仿品", r"仿冒", r"山寨", r"原单", r"原單", r"莆田",
        r"一比一", r"1 ?: ?1 ?(?:复刻|復刻|高仿|精仿)", r"顶级(?:复刻|货)", r"盗版", r"盜版", r"假货", r"假貨",
        r"真标", r"厂货",
    ),
    ("zh", Plainness.HINT): (
        r"復刻", r"同款", r"平替", r"明星款", r"代工厂", r"尾单", r"尾單", r"外贸原厂",
    ),
    ("ko", Plainness.PLAIN): (
        r"레플리카", r"짝퉁", r"짭", r"이미테이션", r"미러 ?급",
        r"(?:s|sa|a) ?급 ?(?:레플|미러|짝퉁)?(?= |$|[가-힣])", r"정품 ?급", r"위조품", r"모조품", r"가품",
        r"커스텀 ?급", r"레플(?!리카)",
    ),
    ("ko", Plainness.HINT): (
        r"(?<=[가-힣])st(?= |$)", r"스타일", r"보세", r"로스 ?제품", r"병행 ?수입",
    ),
}  # fmt: skip
_PATTERNS = [
    (language, plainness, re.compile(rf"(?<![a-z0-9])(?:{word})(?![a-z0-9])" if language == "en" else word))
    for (language, plainness), words in _WORDS.items()
    for word in words
]
