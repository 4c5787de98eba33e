"""Asks a machine that an administrator enrolled, under the same rules that pictures are fetched by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.fetching.connecting import Deadline
from service.fetching.errors import UrlTooLarge
from service.fetching.exchange import exchange
from service.fetching.pictures import FetchLimits
from service.fetching.targets import parse_target


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def ask(
    url: str, limits: FetchLimits, method: str, headers: Mapping[str, str], body: bytes | None = None
) -> Answer:
    """The whole answer; redirects are not followed.

    Raises:
        FetchError: there was no answer, it is larger or slower than the limits, or the URL may not be reached.
    """
    target = parse_target(url, limits.hosts_allowed)
    deadline = Deadline(limits.seconds)
    with exchange(target, deadline, limits.resolver, method, headers, body) as response:
        found = bytearray()
        for piece in response.iter_stream():
            found += piece
            if len(found) > limits.max_bytes:
                raise UrlTooLarge(f"The URL gives more than {limits.max_bytes} bytes.")
            deadline.remaining()
        deadline.remaining()  # a connection that was cut at the deadline looks like one that ended
        return Answer(response.status, bytes(found))
