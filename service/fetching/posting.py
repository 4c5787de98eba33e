"""Posts a message to a URL that someone registered, under the same rules that pictures are fetched by."""

from __future__ import annotations

from collections.abc import Mapping

from service.fetching.connecting import Deadline
from service.fetching.exchange import exchange
from service.fetching.pictures import FetchLimits
from service.fetching.targets import parse_target


def post_message(url: str, headers: Mapping[str, str], body: bytes, limits: FetchLimits) -> int:
    """The status that the URL answers with; redirects are not followed, at most `limits.max_bytes` are read.

    Raises:
        FetchError: there was no answer, or the URL is not one that may be reached.
    """
    target = parse_target(url, limits.hosts_allowed)
    deadline = Deadline(limits.seconds)
    with exchange(target, deadline, limits.resolver, "POST", headers, body) as response:
        read = 0
        for piece in response.iter_stream():
            read += len(piece)
            if read > limits.max_bytes:
                break
        return response.status
