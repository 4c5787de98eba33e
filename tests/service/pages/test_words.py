"""Every page is complete in every language."""

from __future__ import annotations

import pytest

from service.pages.language import LANGUAGES, SOURCE
from service.pages.words import lacking, stale

OTHERS = [language for language in LANGUAGES if language != SOURCE]


@pytest.mark.parametrize("language", OTHERS)
def test_everything_said_has_a_translation(language: str) -> None:
    missing = lacking(language)
    assert not missing, f"run `python -m service.pages.words` and translate: {sorted(map(str, missing))}"


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over(language: str) -> None:
    assert not stale(language)
