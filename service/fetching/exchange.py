"""One HTTP request to one checked target, with its answer handed over piece by piece."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import httpcore
import httpx

from service.fetching.connecting import Deadline, GuardedBackend, Resolver
from service.fetching.errors import Reason, UrlTooSlow, UrlUnreachable
from service.fetching.targets import Target

USER_AGENT = "mizugiwa/1"


@contextmanager
def exchange(
    target: Target,
    deadline: Deadline,
    resolver: Resolver,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Iterator[httpcore.Response]:
    """Send the request and give its answer, whose body is not read yet and never decompressed.

    Raises:
        FetchError: the host may not be reached, cannot be, or is too slow; also while the body is read.
    """
    backend = GuardedBackend(deadline, resolver, target.may_be_private)
    pool = httpcore.ConnectionPool(ssl_context=_tls(), max_connections=1, network_backend=backend)
    seconds = deadline.remaining()
    limits = {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close", **(headers or {})}
    try:
        url = _url(target)
        with (
            pool,
            pool.stream(
                method, url, headers=list(sent.items()), content=body, extensions={"timeout": limits}
            ) as response,
        ):
            yield response
    except httpcore.TimeoutException:
        raise UrlTooSlow("The URL did not answer in time.") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        deadline.remaining()  # a connection that was cut at the deadline was too slow
        raise _unreachable(error) from None
    finally:
        backend.close()


def _url(target: Target) -> httpcore.URL:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return httpcore.URL(scheme=target.scheme, host=host, port=target.port, target=target.path.encode("ascii"))


def _unreachable(error: Exception) -> UrlUnreachable:
    if isinstance(error, httpcore.ProtocolError):
        return UrlUnreachable("The URL's host does not speak HTTP as it should.", Reason.PROTOCOL)
    if isinstance(error.__context__, ssl.SSLError):
        return UrlUnreachable("No secure connection to the URL's host could be made.", Reason.TLS)
    return UrlUnreachable("No connection to the URL's host could be made or kept.", Reason.CONNECTION)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
