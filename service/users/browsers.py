"""What a browser sends along: the session's cookie, and the signs that a request comes from a page of ours."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request, Response

from service.errors import Forbidden
from service.runtime import Runtime
from service.users.sessions import Visitor, csrf_token, visitor

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
_GUARDED, _PLAIN = "__Host-mizugiwa", "mizugiwa"
"""Browsers take a cookie of the first name only over https, for this host alone and every path."""


class NotFromHere(Forbidden):
    slug = "not-from-here"
    title = "The request did not come from a page of this service"
    help = "Open the page again and repeat what you did there."


def session_cookie(request: Request) -> str | None:
    return request.cookies.get(_GUARDED) or (request.cookies.get(_PLAIN) if _alone(request) else None)


def keep(request: Request, response: Response, token: str) -> None:
    """Put the session's token into the browser; no script can read it, and no other site makes it be sent."""
    guarded = not _alone(request)
    response.set_cookie(
        _GUARDED if guarded else _PLAIN, token, secure=guarded, httponly=True, samesite="lax", path="/"
    )


def forget(response: Response) -> None:
    response.delete_cookie(_GUARDED, secure=True, httponly=True, samesite="lax", path="/")
    response.delete_cookie(_PLAIN, httponly=True, samesite="lax", path="/")


def signed_in(runtime: Runtime, request: Request, csrf: str | None = None) -> Visitor:
    """Who asks, by the session's cookie; a request that changes something has to carry the session's CSRF token.

    Args:
        csrf: the token of a form; where there was none, that of the header counts.

    Raises:
        SessionEnded: nobody is signed in.
        NotFromHere: the token is missing or another, or another site sent the request.
    """
    found = visitor(runtime, session_cookie(request))
    if request.method not in SAFE_METHODS:
        check_origin(request)
        sent = csrf if csrf is not None else request.headers.get(CSRF_HEADER, "")
        expected = csrf_token(runtime.settings.signing_key(), found.session_id)
        if not hmac.compare_digest(sent.encode(), expected.encode()):
            raise NotFromHere("The form's token is missing, or of a session that has ended.")
    return found


def check_origin(request: Request) -> None:
    """By Fetch Metadata, and by `Origin` in browsers that send none of it.

    Raises:
        NotFromHere: another site sent it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise NotFromHere("Another site sent this request.")
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise NotFromHere("Another site sent this request.")


def on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _alone(request: Request) -> bool:
    """Plain http on the machine itself, where nobody listens in and some browsers keep no guarded cookie."""
    return request.url.scheme == "http" and on_this_machine(request.url.hostname or "")
