"""Routers of pages: what goes wrong is told as a page, and who is not signed in is asked to."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from model.images import PictureError
from service.errors import Problem, Unprocessable
from service.pages.page import Page
from service.problems import PictureRefused
from service.users.browsers import session_cookie
from service.users.sessions import SessionEnded, Visitor, visitor


class PageRoute(APIRoute):
    """Turns problems into pages of the same status."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_in_html(request: Request) -> Response:
            try:
                return await answer(request)
            except SessionEnded:
                return _to_sign_in(request)
            except Problem as problem:
                return _told(request, problem)
            except PictureError as error:
                return _told(request, PictureRefused(error))
            except RequestValidationError as error:
                fields = ", ".join(str(each["loc"][-1]) for each in error.errors())
                return _told(request, Unprocessable(f"Not valid: {fields}."))

        return answer_in_html


def page_router() -> APIRouter:
    """A router whose endpoints answer with HTML; none of it stands in the API document."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


def _to_sign_in(request: Request) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    onward = f"?next={quote(back, safe='')}" if request.method == "GET" and back != "/" else ""
    return RedirectResponse(f"/sign-in{onward}", 303)


def _told(request: Request, problem: Problem) -> Response:
    page = Page(request, request.app.state.runtime, FormData(), _visitor(request))
    answer = page.show("problem.html", problem.status, problem=problem)
    for name, value in problem.headers.items():
        if name.lower() != "www-authenticate":
            answer.headers[name] = value
    return answer


def _visitor(request: Request) -> Visitor | None:
    try:
        return visitor(request.app.state.runtime, session_cookie(request))
    except SessionEnded:
        return None
