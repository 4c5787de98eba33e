"""What officers are told of a parcel, in English, Japanese and Chinese. Advice gives a reason; it accuses nobody."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from service.messages import Language


@cache
def words(language: Language) -> dict[str, str]:
    """All texts of one language by key."""
    found: dict[str, str] = json.loads(Path(__file__).with_name(f"{language}.json").read_text("utf-8"))
    return found
