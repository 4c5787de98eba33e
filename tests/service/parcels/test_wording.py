"""Every text that can reach an officer is there in every language, and accuses nobody."""

from __future__ import annotations

import pytest

from model.quality import QualityFault
from service.messages import Language
from service.parcels.quality import GLARE
from service.parcels.schemas import PhotoView
from service.parcels.traits import NAMES
from service.parcels.wording import words
from service.parcels.xray_notes import XrayNote
from service.screening.parcel_outcome import Advice, ParcelCode

KEYS = {
    *(f"advice.{each}" for each in Advice),
    *(f"reason.{each}" for each in ParcelCode),
    *(f"retake.{each}" for each in [*QualityFault, GLARE]),
    *(f"view.{each}" for each in PhotoView),
    *(f"rank.{each}" for each in NAMES),
    *(f"xray.{each}" for each in XrayNote),
}


@pytest.mark.parametrize("language", list(Language))
def test_every_word_is_there(language: Language) -> None:
    assert set(words(language)) == KEYS
    assert all(text.strip() for text in words(language).values())


@pytest.mark.parametrize("language", list(Language))
def test_no_word_accuses(language: Language) -> None:
    text = " ".join(words(language).values()).lower()
    for word in ("fake", "counterfeit", "criminal", "illegal", "偽", "模倣", "ニセ", "假", "伪", "犯罪"):
        assert word not in text
