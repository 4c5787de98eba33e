"""Forms: what was typed is checked by a pydantic model, and stays in the form with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from service.pages.language import N_
from service.pages.page import CSRF_FIELD, Page

M = TypeVar("M", bound=BaseModel)

_WORDS: dict[str, str] = {
    "missing": N_("Fill this in."),
    "string_too_short": N_("Fill this in."),
    "string_too_long": N_("This is too long."),
    "int_parsing": N_("Enter a whole number."),
    "float_parsing": N_("Enter a number."),
    "decimal_parsing": N_("Enter a number."),
    "greater_than": N_("This number is too small."),
    "greater_than_equal": N_("This number is too small."),
    "less_than": N_("This number is too large."),
    "less_than_equal": N_("This number is too large."),
    "date_from_datetime_parsing": N_("Enter a date as year-month-day, such as 2026-04-01."),
    "date_parsing": N_("Enter a date as year-month-day, such as 2026-04-01."),
    "datetime_parsing": N_("Enter a date and a time."),
    "enum": N_("Choose one of the list."),
    "literal_error": N_("Choose one of the list."),
}
"""By pydantic's kind of error, for people who fill in a form."""
_NOT_VALID = N_("This cannot be used; correct it.")


@dataclass(frozen=True)
class Form:
    """What a template shows in a form: what was typed, and what is wrong with it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """Words in the source language, by the field's name; the whole form's under ""."""

    def value(self, name: str, otherwise: Any = "") -> Any:
        found = self.values.get(name)
        return otherwise if found is None else found


class FormRefused(Exception):
    """What was typed cannot be taken; show the form again."""

    def __init__(self, form: Form) -> None:
        self.form = form
        super().__init__(", ".join(form.errors))


def typed(page: Page) -> dict[str, Any]:
    """Texts of the form that was sent, empty ones left out, so that a model's own defaults hold."""
    found: dict[str, Any] = {}
    for name in page.form:
        texts = [each.strip() for each in page.texts(name) if each.strip()]
        if texts and name != CSRF_FIELD:
            found[name] = texts[0] if len(texts) == 1 else texts
    return found


def read(page: Page, model: type[M], **also: Any) -> M:
    """The form as the model.

    Args:
        also: values that are not typed.

    Raises:
        FormRefused: something is missing or wrong; it holds all that was typed.
    """
    values = typed(page)
    try:
        return model.model_validate(
            {name: value for name, value in (values | also).items() if name in model.model_fields}
        )
    except ValidationError as error:
        errors = {str((each["loc"] or ("",))[0]): _words(each["type"]) for each in error.errors()}
        raise FormRefused(Form(values, errors)) from error


def refused(page: Page, words: str, field_name: str = "") -> Form:
    """The form as typed, with one thing said of it."""
    return Form(typed(page), {field_name: words})


def _words(kind: str) -> str:
    return _WORDS.get(kind, _NOT_VALID)
