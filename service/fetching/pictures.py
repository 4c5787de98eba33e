"""Fetches the pictures that a listing links, from the public internet and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import monotonic
from urllib.parse import urljoin

import httpcore

from service.fetching.connecting import Deadline, Resolver, resolve
from service.fetching.errors import FetchError, Reason, UrlNotAllowed, UrlTooLarge, UrlTooSlow, UrlUnreachable
from service.fetching.exchange import exchange
from service.fetching.targets import Target, parse_target
from service.settings import Settings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TYPES = ("image/", "application/octet-stream", "binary/octet-stream")
_AT_ONCE = 8


@dataclass(frozen=True)
class FetchLimits:
    """What one fetch may cost and where it may go."""

    max_bytes: int = 20 * 2**20
    seconds: float = 8.0
    """For everything: resolving, connecting, redirects, the last byte."""
    max_redirects: int = 3
    hosts_allowed: tuple[str, ...] = ()
    resolver: Resolver = resolve

    @classmethod
    def of(cls, settings: Settings) -> FetchLimits:
        return cls(max_bytes=settings.max_picture_bytes, hosts_allowed=settings.fetch_hosts_allowed)


def fetch_picture(url: str, limits: FetchLimits) -> bytes:
    """The bytes that the URL gives; whether they are a picture, decoding tells.

    Raises:
        UrlNotAllowed: it or a redirect leads to where nothing is fetched from.
        UrlUnreachable: there is no answer, or not one with a picture; `reason` names the kind.
        UrlTooLarge: the answer has more than `limits.max_bytes` bytes.
        UrlTooSlow: it took more than `limits.seconds`.
    """
    deadline = Deadline(limits.seconds)
    target = parse_target(url, limits.hosts_allowed)
    for _ in range(limits.max_redirects + 1):
        answer = _get(target, deadline, limits)
        if isinstance(answer, bytes):
            return answer
        target = answer
    raise UrlUnreachable(f"The URL redirects more than {limits.max_redirects} times.", Reason.REDIRECTS)


def fetch_many(
    urls: Sequence[str], deadline: float, limits: FetchLimits | None = None
) -> list[bytes | FetchError]:
    """Fetch all of them, eight at a time; the answer has for each URL, in order, its bytes or why there are none.

    Args:
        deadline: seconds for all of them together; those that are not done by then are `UrlTooSlow`.
    """
    if not urls:
        return []
    end = monotonic() + deadline
    with ThreadPoolExecutor(min(_AT_ONCE, len(urls)), thread_name_prefix="fetch") as pool:
        return list(pool.map(lambda url: _fetch_by(url, end, limits or FetchLimits()), urls))


def _fetch_by(url: str, end: float, limits: FetchLimits) -> bytes | FetchError:
    left = end - monotonic()
    if left <= 0:
        return UrlTooSlow("There was no time left for this URL.")
    try:
        return fetch_picture(url, replace(limits, seconds=min(limits.seconds, left)))
    except FetchError as error:
        return error


def _get(target: Target, deadline: Deadline, limits: FetchLimits) -> bytes | Target:
    headers = {"Accept": "image/*"}
    with exchange(target, deadline, limits.resolver, headers=headers) as response:
        if response.status in _REDIRECTS:
            return _redirected(target, _header(response, b"location"), limits)
        _check_head(response, limits)
        return _body(response, deadline, limits)


def _redirected(target: Target, location: str, limits: FetchLimits) -> Target:
    if not location:
        raise UrlUnreachable("The URL redirects to nowhere.", Reason.PROTOCOL)
    try:
        onward = parse_target(urljoin(target.url, location), limits.hosts_allowed)
    except (UrlNotAllowed, ValueError):
        raise UrlNotAllowed("The URL redirects to where nothing is fetched from.") from None
    if target.scheme == "https" and onward.scheme == "http":
        raise UrlNotAllowed("The URL redirects from https to http.")
    return onward


def _check_head(response: httpcore.Response, limits: FetchLimits) -> None:
    if response.status != 200:
        raise UrlUnreachable(f"The URL answers with status {response.status}.", Reason.STATUS)
    if _header(response, b"content-encoding").strip().lower() not in {"", "identity"}:
        raise UrlUnreachable(
            "The URL answers with compressed content, which was not asked for.", Reason.ENCODING
        )
    kind = _header(response, b"content-type").strip().lower()
    if kind and not kind.startswith(_TYPES):
        raise UrlUnreachable("The URL answers with a content type that no picture has.", Reason.TYPE)
    length = _header(response, b"content-length").strip()
    if length.isdigit() and int(length[:20]) > limits.max_bytes:
        raise _too_large(limits)


def _body(response: httpcore.Response, deadline: Deadline, limits: FetchLimits) -> bytes:
    body = bytearray()
    for piece in response.iter_stream():
        body += piece
        if len(body) > limits.max_bytes:
            raise _too_large(limits)
        deadline.remaining()
    deadline.remaining()  # a connection that was cut at the deadline looks like one that ended
    return bytes(body)


def _too_large(limits: FetchLimits) -> UrlTooLarge:
    return UrlTooLarge(f"The URL gives more than the {limits.max_bytes} bytes that a picture may have.")


def _header(response: httpcore.Response, name: bytes) -> str:
    found = next((value for key, value in response.headers if key.lower() == name), b"")
    return str(found, "latin-1")
