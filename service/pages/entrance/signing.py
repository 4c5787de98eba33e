"""The first step of signing in from a form: a name and a password, or an API key."""

from __future__ import annotations

from service.errors import Problem, Unauthenticated
from service.pages.page import Page
from service.users import service, signing_in


def sign_in_with(page: Page) -> signing_in.Begun:
    """Counts what is refused at the gate, as it counts refused keys.

    Raises:
        Problem: nothing that lets anybody in; it says what to do.
    """
    key, login, password = page.text("key"), page.text("login"), page.secret("password")
    try:
        if key:
            return signing_in.with_key(page.runtime, key)
        return signing_in.with_password(page.runtime, login, password)
    except Unauthenticated as refused:
        _count(page, refused)
        raise service.SignInRefused("Nobody of that name and password may sign in.") from refused


def _count(page: Page, refused: Problem) -> None:
    client = page.request.client
    page.request.app.state.gate.count_failure(client.host if client else "", refused.slug)
