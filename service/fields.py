"""What the fields of an enrolment may hold, by API and by file alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any

from babel import Locale
from babel.numbers import get_territory_currencies
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from service.text import clean, fold

_NOT_COUNTRIES = frozenset({"EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def territories() -> frozenset[str]:
    """ISO 3166-1 alpha-2, and EU, which the standard reserves for customs' use."""
    known = map(str, Locale.parse("en").territories)
    return frozenset(code for code in known if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes that are legal tender somewhere today."""
    today = datetime.now(UTC).date()
    found = (get_territory_currencies(code, today, today) for code in territories())
    return frozenset(currency for each in found for currency in each)


def _one_of(known: Callable[[], frozenset[str]], what: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        code = text.strip().upper()
        if code not in known():
            raise ValueError(f"{code[:20]!r} is not {what}")
        return code

    return check


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


BlankIsNone = BeforeValidator(_blank_is_none)
_Clean = BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)

Name = Annotated[str, _Clean, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, _Clean, StringConstraints(min_length=1, max_length=64)]
Territory = Annotated[str, AfterValidator(_one_of(territories, "an ISO 3166-1 alpha-2 code or EU"))]
Currency = Annotated[str, AfterValidator(_one_of(currencies, "the ISO 4217 code of a currency in use"))]
Office = Annotated[
    str, AfterValidator(lambda text: fold(text).upper()), StringConstraints(min_length=2, max_length=8)
]
"""WIPO ST.3 code of the office, such as JP, EU or US; not held to a list, which would age."""
Category = Annotated[
    str,
    BeforeValidator(lambda value: fold(value) if isinstance(value, str) else value),
    StringConstraints(max_length=100),
]
View = Annotated[str, _Clean, StringConstraints(max_length=100)]
