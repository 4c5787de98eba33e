"""Reads a URL as strictly as can be, once; what is connected to is built from the result and never read again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

import idna

from service.fetching.addresses import is_public
from service.fetching.errors import UrlNotAllowed

_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 2_000
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"0x[0-9a-f]*|[0-9]+")
_SAFE_IN_TARGET = "/?:@!$&'()*+,;=%~-._"


@dataclass(frozen=True)
class Target:
    """Where a URL leads: `host` is a lower-case ASCII name or a canonical address without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    """Path and query, as sent in the request line."""
    may_be_private: bool
    """The operator allowed this host in spite of a private address."""

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def parse_target(url: str, hosts_allowed: tuple[str, ...] = ()) -> Target:
    """
    Args:
        hosts_allowed: `host` (on the usual ports) or `host:port`, exempt from the rule against private addresses.

    Raises:
        UrlNotAllowed: it is not a plain http(s) URL of a public host; nothing was resolved or connected to yet.
    """
    if len(url) > _LONGEST_URL or _FORBIDDEN.search(url):
        raise UrlNotAllowed(
            f"A URL has at most {_LONGEST_URL} characters, none of them a space or a backslash."
        )
    scheme, raw_host, port, path = _split(url)
    host = _canonical_host(raw_host)
    exempt = _is_exempt(host, port, hosts_allowed, _PORTS[scheme])
    if port not in _PORTS.values() and not exempt:
        raise UrlNotAllowed("Only the ports 80 and 443 are fetched from.")
    if not exempt and not _may_be_public(host):
        raise UrlNotAllowed("The URL names a host that is not on the public internet.")
    return Target(scheme, host, port, path, exempt)


def _split(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlNotAllowed("This is not a URL.") from None
    if parts.scheme not in _PORTS or not url.lower().startswith(f"{parts.scheme}://"):
        raise UrlNotAllowed("Only http:// and https:// URLs are fetched.")
    if "@" in parts.netloc:
        raise UrlNotAllowed("A URL with a user name or password in it is not fetched.")
    if not parts.hostname or parts.netloc.endswith(":") or port == 0:
        raise UrlNotAllowed("The URL names no host or a port that cannot be.")
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or _PORTS[parts.scheme], quote(path, safe=_SAFE_IN_TARGET)


def _canonical_host(raw: str) -> str:
    if raw.startswith("["):
        return _canonical_ipv6(raw)
    name = _ascii_name(raw).removesuffix(".")
    labels = name.split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(name))  # refuses octal, hexadecimal and short forms
        except AddressValueError:
            raise UrlNotAllowed("An IPv4 address is written as four decimal numbers.") from None
    if len(name) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise UrlNotAllowed("The URL's host is not a host name.")
    return name


def _canonical_ipv6(raw: str) -> str:
    if not raw.endswith("]") or "%" in raw:
        raise UrlNotAllowed("An IPv6 address stands in brackets and has no zone.")
    try:
        return str(IPv6Address(raw[1:-1]))
    except AddressValueError:
        raise UrlNotAllowed("The URL's host is not an IPv6 address.") from None


def _ascii_name(raw: str) -> str:
    if raw.isascii():
        return raw.lower()
    try:
        return idna.encode(raw, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        raise UrlNotAllowed("The URL's host is not an international host name.") from None


def _is_exempt(host: str, port: int, allowed: tuple[str, ...], usual_port: int) -> bool:
    written = f"[{host}]" if ":" in host else host
    names = {name.lower() for name in allowed}
    return f"{written}:{port}" in names or (port == usual_port and not names.isdisjoint({host, written}))


def _may_be_public(host: str) -> bool:
    """Whether it is a public address, or a name that has a dot: one without is a name of the house."""
    if ":" in host or _NUMERIC.fullmatch(host.rsplit(".", 1)[-1]):
        return is_public(host)
    return "." in host and host.rsplit(".", 1)[-1] not in {"localhost", "local", "internal"}
