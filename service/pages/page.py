"""What a page's endpoint is given: who looks, in which language, the form that was sent, and how to answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from babel.support import NullTranslations
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from service.deps import RuntimeDep
from service.errors import Forbidden
from service.pages.language import language_of, translations
from service.pages.navigation import ROLES, offered
from service.pages.notices import NOTICES, Notice
from service.pages.rendering import CONTENT_POLICY, render
from service.runtime import Runtime
from service.security.principals import Principal, Role
from service.users.browsers import SAFE_METHODS, check_origin, session_cookie, signed_in
from service.users.sessions import SessionEnded, Visitor, csrf_token

CSRF_FIELD = "_csrf"
_MOST_FIELDS = 1000


@dataclass(frozen=True)
class Page:
    request: Request
    runtime: Runtime
    form: FormData
    """Empty where none was sent."""
    visitor: Visitor | None

    @property
    def principal(self) -> Principal:
        """
        Raises:
            SessionEnded: nobody is signed in.
        """
        if self.visitor is None:
            raise SessionEnded("This page is for people who are signed in.")
        return self.visitor.principal

    @cached_property
    def language(self) -> str:
        return language_of(self.request)

    @property
    def words(self) -> NullTranslations:
        return translations(self.language)

    def say(self, words: str) -> str:
        """Words that were marked with `N_`, in the page's language."""
        return self.words.gettext(words)

    def named(self, values: Iterable[StrEnum]) -> list[tuple[str, str]]:
        """Values and what they are called in the page's language, to choose from."""
        return [(each.value, self.say(each.value)) for each in values]

    def roles(self) -> list[tuple[str, str]]:
        """Roles and what they are called, to choose from."""
        return [(code, self.say(words)) for code, words in ROLES.items()]

    def text(self, field: str) -> str:
        """A field of the form that was sent, without blanks around it; empty where there is none."""
        value = self.form.get(field, "")
        return value.strip() if isinstance(value, str) else ""

    def secret(self, field: str) -> str:
        """A password as it was typed: blanks are part of it."""
        value = self.form.get(field, "")
        return value if isinstance(value, str) else ""

    def texts(self, field: str) -> list[str]:
        return [each for each in self.form.getlist(field) if isinstance(each, str)]

    def files(self, field: str) -> list[UploadFile]:
        """Files of the form that are not empty; a file input that was left alone sends an empty one."""
        found = [each for each in self.form.getlist(field) if isinstance(each, UploadFile)]
        return [each for each in found if each.filename and each.size]

    def show(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """The template, with what every page has beside it."""
        html = render(self.language, self.runtime.settings.time_zone, template, self._common() | context)
        headers = {"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(html, status, headers=headers)

    def go(self, path: str, notice: Notice | None = None) -> RedirectResponse:
        """On to another page, after something was done (303, so that reloading does not do it again)."""
        where, _, fragment = path.partition("#")
        if notice is not None:
            where += ("&" if "?" in where else "?") + urlencode({"notice": notice.value})
        return RedirectResponse(where + (f"#{fragment}" if fragment else ""), 303)

    def _common(self) -> dict[str, Any]:
        visitor = self.visitor
        session_id = visitor.session_id if visitor else ""
        return {
            "page": self,
            "visitor": visitor,
            "role": visitor.principal.role if visitor else None,
            "csrf": csrf_token(self.runtime.settings.signing_key(), session_id),
            "navigation": offered(visitor.principal.role) if visitor else (),
            "path": self.request.url.path,
            "here": _here(self.request),
            "notice": NOTICES.get(self.request.query_params.get("notice", "")),
        }


async def _read_form(request: Request) -> AsyncIterator[FormData]:
    """What was sent, for as long as the request lasts: its files are gone with it."""
    if request.method in SAFE_METHODS:
        yield FormData()
        return
    most = request.app.state.runtime.settings.max_pictures_per_listing
    async with request.form(max_files=max(most, _MOST_FIELDS), max_fields=_MOST_FIELDS) as form:
        yield form


SentForm = Annotated[FormData, Depends(_read_form)]


def _open_page(request: Request, runtime: RuntimeDep, form: SentForm) -> Page:
    """For everybody, signed in or not. What other sites send is refused all the same."""
    if request.method not in SAFE_METHODS:
        check_origin(request)
    try:
        visitor = signed_in(runtime, request, _token(form)) if session_cookie(request) else None
    except SessionEnded:
        visitor = None
    return Page(request, runtime, form, visitor)


def _guarded_page(request: Request, runtime: RuntimeDep, form: SentForm) -> Page:
    visitor = signed_in(runtime, request, _token(form))
    request.app.state.gate.admit(visitor.principal)
    return Page(request, runtime, form, visitor)


def page_for(*roles: Role) -> Callable[[Page], Page]:
    """A dependency that lets these roles see the page and answers 403 to the others."""

    def checked(page: Annotated[Page, Depends(_guarded_page)]) -> Page:
        if page.principal.role not in roles:
            allowed = ", ".join(ROLES[role] for role in roles)
            raise Forbidden(
                f"You are signed in as {ROLES[page.principal.role]}; this page is for: {allowed}."
            )
        return page

    return checked


OpenPage = Annotated[Page, Depends(_open_page)]
AnyPage = Annotated[Page, Depends(_guarded_page)]
OfficerPage = Annotated[Page, Depends(page_for(Role.INSPECTOR, Role.ADMIN))]
ReviewerPage = Annotated[Page, Depends(page_for(Role.PLATFORM, Role.ADMIN))]
OwnerPage = Annotated[Page, Depends(page_for(Role.BRAND_OWNER, Role.AGENT, Role.ADMIN))]
HolderPage = Annotated[Page, Depends(page_for(Role.BRAND_OWNER, Role.AGENT))]
"""What a right holder says, nobody says for it."""
AdminPage = Annotated[Page, Depends(page_for(Role.ADMIN))]


def within(path: str | None, otherwise: str = "/") -> str:
    """An address of this service to go on to, and nothing else that a stranger's link may name."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path or len(path) > 1000:
        return otherwise
    parts = urlsplit(path)
    return otherwise if parts.scheme or parts.netloc else path


def _token(form: FormData) -> str | None:
    value = form.get(CSRF_FIELD)
    return value if isinstance(value, str) else None


def _here(request: Request) -> str:
    """The address of this page, to come back to."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "notice"]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")
