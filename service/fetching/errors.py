"""Why a URL was not fetched, in words that tell nothing about the network in the house."""

from __future__ import annotations

from enum import StrEnum

from service.errors import Problem


class Reason(StrEnum):
    NAME = "name-not-found"
    CONNECTION = "no-connection"
    TLS = "tls-failed"
    PROTOCOL = "protocol-violated"
    STATUS = "status"
    REDIRECTS = "too-many-redirects"
    TYPE = "not-a-picture-type"
    ENCODING = "content-encoding"


class FetchError(Problem):
    """A URL of the caller's that could not be used; the other pictures of a request can."""

    status = 422
    slug = "url-not-fetched"
    title = "A URL could not be fetched"
    help = "Check that the URL opens in a browser outside your network, or send the picture as a file."


class UrlNotAllowed(FetchError):
    slug = "url-not-allowed"
    title = "A URL is not one that may be fetched"
    help = (
        "Use http or https, ports 80 or 443, no user name, and a host on the public internet. "
        "An operator can allow a host in the house with MIZUGIWA_FETCH_HOSTS_ALLOWED."
    )


class UrlUnreachable(FetchError):
    slug = "url-unreachable"
    title = "A URL gave no picture"

    def __init__(self, detail: str, reason: Reason) -> None:
        super().__init__(detail, reason=reason.value)
        self.reason = reason


class UrlTooLarge(FetchError):
    status = 413
    slug = "url-too-large"
    title = "What a URL gives is larger than allowed"
    help = "Link a smaller picture; the detail names the limit."


class UrlTooSlow(FetchError):
    status = 504
    slug = "url-too-slow"
    title = "A URL took too long"
    help = "Try again later, link a faster host, or send the picture as a file."
