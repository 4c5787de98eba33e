"""The tree of errors a caller can meet, each with its status and its RFC 9457 problem document.

A feature raises one of these classes or a subclass of its own; it never raises a bare HTTP error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """A request that was not done, and what to do about it.

    Attributes:
        status: HTTP status code.
        slug: names the kind of problem; `/problems/<slug>` is its type URI and its page.
        title: the same for every occurrence of the kind.
        help: what a caller can do about this kind of problem.
    """

    status: int = 500
    slug: str = "internal-error"
    title: str = "Something went wrong on our side"
    help: str = "Try again; if it stays, tell the operator the request id in the answer."

    def __init__(self, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(detail)

    def document(self) -> dict[str, Any]:
        """The problem document of RFC 9457, extension members included."""
        return {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }


class BadRequest(Problem):
    status = 400
    slug = "bad-request"
    title = "The request cannot be understood"
    help = "Compare the request with the documentation at /docs."


class Unauthenticated(Problem):
    status = 401
    slug = "unauthenticated"
    title = "An API key is needed"
    help = "Send `Authorization: Bearer <API key>`; an administrator makes keys with `mizugiwa keys create`."

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **members)


class Forbidden(Problem):
    status = 403
    slug = "forbidden"
    title = "This key may not do that"
    help = "Use a key whose role allows it; the detail names the roles."


class NotFound(Problem):
    """Also what a caller gets for a thing that exists but is not theirs, so that nothing can be inferred."""

    status = 404
    slug = "not-found"
    title = "There is no such thing, or it is not yours to see"
    help = "Check the id; ids of other organisations are answered in the same way."


class MethodNotAllowed(Problem):
    status = 405
    slug = "method-not-allowed"
    title = "That method is not offered here"
    help = "See /docs for the methods of each address."


class Conflict(Problem):
    status = 409
    slug = "conflict"
    title = "It conflicts with what is there"
    help = "Read the thing again and repeat the change on what it is now."


class PayloadTooLarge(Problem):
    status = 413
    slug = "payload-too-large"
    title = "The request is larger than allowed"
    help = "Send fewer or smaller pictures; the detail names the limit."


class Unprocessable(Problem):
    status = 422
    slug = "unprocessable"
    title = "Something in the request is not valid"
    help = "The member `errors` or the detail names each field and what is wrong with it."


class TooManyRequests(Problem):
    status = 429
    slug = "too-many-requests"
    title = "Too many requests with this key"
    help = "Wait for the seconds that the header Retry-After names."

    def __init__(self, detail: str, retry_after: float, **members: Any) -> None:
        super().__init__(detail, headers=_retry_after(retry_after), **members)


class Unavailable(Problem):
    status = 503
    slug = "unavailable"
    title = "Not able to answer right now"
    help = "Wait for the seconds that the header Retry-After names and repeat the request."

    def __init__(self, detail: str, retry_after: float = 1.0, **members: Any) -> None:
        super().__init__(detail, headers=_retry_after(retry_after), **members)


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(seconds)))}


def all_problems() -> list[type[Problem]]:
    """Every kind of problem that is loaded, sorted by slug: what `/problems` lists."""
    found: set[type[Problem]] = {Problem}
    pending: list[type[Problem]] = [Problem]
    while pending:
        children = pending.pop().__subclasses__()
        found.update(children)
        pending.extend(children)
    return sorted(found, key=lambda kind: kind.slug)
