"""Forms of a brand owner: saved and shown saved, or shown again with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from fastapi import Response, UploadFile
from pydantic import BaseModel
from sqlalchemy.orm import Session

from service.errors import Problem
from service.pages.forms import Form, FormRefused, read, refused
from service.pages.notices import Notice
from service.pages.page import Page

M = TypeVar("M", bound=BaseModel)
Again = Callable[[Form, int], Response]
"""Shows the form once more, with that status."""


def save(page: Page, write: Callable[[Session], str], again: Again) -> Response:
    """Write in one transaction, then go to the path that `write` tells."""
    return attempt(page, lambda: _written(page, write), again)


def attempt(page: Page, act: Callable[[], str], again: Again) -> Response:
    """As `save`, for what decodes or describes before it writes."""
    try:
        path = act()
    except FormRefused as wrong:
        return again(wrong.form, 422)
    except Problem as problem:
        return again(refused(page, problem.title), problem.status)
    return page.go(path, Notice.SAVED)


def read_whole(page: Page, model: type[M], wrong: str, **also: object) -> M:
    """As `read`, with words for what is wrong with the form as a whole.

    Raises:
        FormRefused: something is missing or wrong; it holds all that was typed.
    """
    try:
        return read(page, model, **also)
    except FormRefused as told:
        errors = {name: wrong if name == "" else words for name, words in told.form.errors.items()}
        raise FormRefused(Form(told.form.values, errors)) from told


def sent(page: Page, field: str) -> list[UploadFile]:
    """Files of the form as endpoints of the API take them: those read nothing but name and bytes."""
    return cast("list[UploadFile]", page.files(field))


def split(text: str) -> list[str]:
    """What was typed between commas of any kind, or on lines."""
    for mark in ("、", ",", "\r", "|"):
        text = text.replace(mark, "\n")
    return [each.strip() for each in text.split("\n") if each.strip()]


def _written(page: Page, write: Callable[[Session], str]) -> str:
    with page.runtime.database.write() as session:
        return write(session)
