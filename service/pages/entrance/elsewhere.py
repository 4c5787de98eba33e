"""Signing in with the account that the house's identity provider keeps."""

from __future__ import annotations

from fastapi import Response

from service.errors import NotFound
from service.pages.page import OpenPage, Page, within
from service.pages.routing import page_router
from service.users import browsers, oidc, signing_in

router = page_router()
_TICKET = "mizugiwa_elsewhere"
_SECONDS = 600


@router.get("/sign-in/elsewhere")
def go_elsewhere(page: OpenPage, next: str = "/") -> Response:
    _offered(page)
    begun = oidc.begin(page.runtime.settings, _back(page), within(next))
    answer = page.go(begun.address)
    answer.set_cookie(
        _TICKET,
        begun.ticket,
        max_age=_SECONDS,
        httponly=True,
        samesite="lax",
        secure=page.request.url.scheme == "https",
        path="/sign-in",
    )
    return answer


@router.get("/sign-in/return")
def come_back(page: OpenPage, code: str = "", state: str = "") -> Response:
    _offered(page)
    settings, ticket = page.runtime.settings, page.request.cookies.get(_TICKET, "")
    subject, onward = oidc.finish(settings, _back(page), ticket, state, code)
    begun = signing_in.as_subject(page.runtime, settings.oidc_issuer, subject)
    answer = page.go(within(onward))
    browsers.keep(page.request, answer, begun.token)
    answer.delete_cookie(_TICKET, path="/sign-in")
    return answer


def _offered(page: Page) -> None:
    if not page.runtime.settings.oidc_issuer:
        raise NotFound("This house has no identity provider; sign in with a password.")


def _back(page: Page) -> str:
    return f"{str(page.request.base_url).rstrip('/')}/sign-in/return"
