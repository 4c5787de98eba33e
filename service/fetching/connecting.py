"""Connects to exactly the address that was checked, and ends every connection at its deadline."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from functools import cache
from threading import Timer
from typing import Any

import httpcore
from httpcore._backends.sync import SyncBackend

from service.fetching.addresses import is_public
from service.fetching.errors import Reason, UrlNotAllowed, UrlTooSlow, UrlUnreachable

Resolver = Callable[[str, int], Sequence[str]]
_ADDRESSES_TRIED = 4
_RESOLVER_THREADS = 16


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of the host, as the system knows it.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """A moment that everything about one fetch must be over by."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """
        Raises:
            UrlTooSlow: it has passed.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise UrlTooSlow(f"The URL did not answer in full within {self._seconds:g} seconds.")
        return left


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves names itself, refuses a name if any of its addresses is in the house, connects to what it checked.

    The connection is cut at the deadline from outside, so that a peer that drips bytes, in the TLS handshake too,
    cannot prolong it.
    """

    def __init__(self, deadline: Deadline, resolver: Resolver, may_be_private: bool) -> None:
        self._deadline = deadline
        self._resolver = resolver
        self._may_be_private = may_be_private
        self._backend = SyncBackend()
        self._cuts: list[tuple[Timer, socket.socket]] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in self._checked_addresses(host, port)[:_ADDRESSES_TRIED]:
            try:
                left = self._deadline.remaining()
                stream = self._backend.connect_tcp(address, port, min(left, timeout or left))
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failure = error
                continue
            self._cut_at_deadline(stream)
            return stream
        raise failure or httpcore.ConnectError()

    def close(self) -> None:
        for timer, sock in self._cuts:
            timer.cancel()
            sock.close()

    def _checked_addresses(self, host: str, port: int) -> Sequence[str]:
        addresses = self._resolved(host, port)
        if not self._may_be_private and not all(map(is_public, addresses)):
            raise UrlNotAllowed("The URL names a host that is not on the public internet.")
        return addresses

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        asked = _resolver_pool().submit(self._resolver, host, port)
        try:
            addresses = asked.result(self._deadline.remaining())
        except FutureTimeout:
            asked.cancel()
            raise UrlTooSlow("The name of the URL's host was not resolved in time.") from None
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise UrlUnreachable("The name of the URL's host is not known.", Reason.NAME)
        return addresses

    def _cut_at_deadline(self, stream: httpcore.NetworkStream) -> None:
        connection = stream.get_extra_info("socket").dup()
        timer = Timer(self._deadline.remaining(), _cut, (connection,))
        timer.daemon = True
        timer.start()
        self._cuts.append((timer, connection))


@cache
def _resolver_pool() -> ThreadPoolExecutor:
    """Apart, because the system's resolver knows no time limit."""
    return ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolve")


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was closed already
