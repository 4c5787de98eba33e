"""Which URLs are refused before anything is resolved or connected to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fetching.addresses import is_public
from service.fetching.errors import UrlNotAllowed
from service.fetching.targets import parse_target

REFUSED = """
file:///etc/passwd
ftp://example.com/a.jpg
gopher://example.com/
data:image/png;base64,AAAA
javascript:alert(1)
//example.com/a.jpg
http:example.com/a.jpg
http:/example.com/a.jpg
http:///a.jpg
http://
https://:443/
http://user@example.com/
http://user:pass@example.com/
http://example.com@127.0.0.1/
http://127.0.0.1#@example.com/
http://example.com:22/
http://example.com:8080/
http://example.com:0/
http://example.com:65536/
http://example.com:-1/
http://example.com:/
http://example.com:80a/
http://127.0.0.1/
http://127.1/
http://127.0.1/
http://127.255.255.254/
http://0/
http://0.0.0.0/
http://2130706433/
http://017700000001/
http://0177.0.0.1/
http://0x7f.0.0.1/
http://0x7f000001/
http://0x7F.1/
http://127.0.0.1./
http://127.0.0.01/
http://1.2.3.4.5/
http://1.2.3.256/
http://example.1/
http://10.0.0.1/
http://172.16.0.1/
http://172.31.255.255/
http://192.168.1.1/
http://169.254.169.254/latest/meta-data/
http://168.63.129.16/
http://100.64.0.1/
http://100.127.255.254/
http://192.0.0.192/
http://192.0.2.1/
http://198.18.0.1/
http://198.51.100.1/
http://203.0.113.1/
http://224.0.0.1/
http://240.0.0.1/
http://255.255.255.255/
http://[::1]/
http://[::]/
http://[::ffff:127.0.0.1]/
http://[::ffff:8.8.8.8]/
http://[::ffff:7f00:1]/
http://[::127.0.0.1]/
http://[::8.8.8.8]/
http://[0:0:0:0:0:ffff:a9fe:a9fe]/
http://[2002:7f00:1::]/
http://[2002:808:808::1]/
http://[2001:0:53aa:64c:0:0:80ff:fffe]/
http://[64:ff9b::7f00:1]/
http://[64:ff9b::808:808]/
http://[64:ff9b:1::a00:1]/
http://[fe80::1]/
http://[fe80::1%25eth0]/
http://[fe80::1%eth0]/
http://[2606:4700::1111%25lo]/
http://[fc00::1]/
http://[fd12:3456::1]/
http://[fec0::1]/
http://[ff02::1]/
http://[2001:db8::1]/
http://[100::1]/
http://[::1
http://::1/
http://[127.0.0.1]/
http://[]/
http://localhost/
http://localhost./
http://LOCALHOST/
http://a.localhost/
http://printer.local/
http://metadata.google.internal/
http://intranet/
http://127.0.0.1/
http://①②⑦.⓪.⓪.①/
http://127。0。0。1/
http://ⓛocalhost/
http://exa%6dple.com/
http://example.com%2f@127.0.0.1/
http://example.com\\@127.0.0.1/
http://127.0.0.1\\@example.com/
http://exam ple.com/
http://-example.com/
http://exa..mple.com/
http://example.com../
http://.example.com/
http://xn--/
http://exam\u200bple.com:99/
http://example.com/a b
""".strip().split("\n")


@pytest.mark.parametrize("url", REFUSED)
def test_a_nasty_url_is_refused(url: str) -> None:
    with pytest.raises(UrlNotAllowed):
        parse_target(url.replace("\\\\", "\\"))


@pytest.mark.parametrize("bad", ["\r\n", "\t", "\x00", "\x7f", "\u2028", "\xa0"])
def test_a_control_character_anywhere_is_refused(bad: str) -> None:
    with pytest.raises(UrlNotAllowed):
        parse_target(f"http://example.com/{bad}x")


def test_a_url_longer_than_two_thousand_characters_is_refused() -> None:
    with pytest.raises(UrlNotAllowed):
        parse_target("https://example.com/" + "a" * 2_000)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://Example.COM/a.jpg?b=c#d", "example.com", 443, "/a.jpg?b=c"),
        ("http://example.com", "example.com", 80, "/"),
        ("http://example.com.:443/", "example.com", 443, "/"),
        ("HTTPS://münchen.example/ü.jpg", "xn--mnchen-3ya.example", 443, "/%C3%BC.jpg"),
        ("http://8.8.8.8/a%20b", "8.8.8.8", 80, "/a%20b"),
        ("http://[2606:4700:0:0::1111]:80/", "2606:4700::1111", 80, "/"),
    ],
)
def test_an_ordinary_url_is_read(url: str, host: str, port: int, path: str) -> None:
    target = parse_target(url)
    assert (target.host, target.port, target.path, target.may_be_private) == (host, port, path, False)


@pytest.mark.parametrize(
    ("allowed", "url", "admitted"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000/", True),
        ("127.0.0.1:8000", "http://127.0.0.1:8001/", False),
        ("127.0.0.1:8000", "http://127.0.0.1/", False),
        ("images", "http://images/", True),
        ("images", "http://images:8000/", False),
        ("images", "http://images.local/", False),
        ("[::1]:8000", "http://[::1]:8000/", True),
    ],
)
def test_a_house_host_is_admitted_exactly_as_allowed(allowed: str, url: str, admitted: bool) -> None:
    if admitted:
        assert parse_target(url, (allowed,)).may_be_private
    else:
        with pytest.raises(UrlNotAllowed):
            parse_target(url, (allowed,))


def _encodings(number: int) -> list[str]:
    octets = number.to_bytes(4, "big")
    last24, last16 = number & 0xFFFFFF, number & 0xFFFF
    return [
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(f"{octet:#x}" for octet in octets),
        ".".join(f"0{octet:o}" for octet in octets),
        f"{octets[0]}.{last24}",
        f"{octets[0]}.{octets[1]}.{last16}",
        f"{octets[0]:#x}.{octets[1]}.{octets[2]}.0{octets[3]:o}",
    ]


@given(st.integers(0, 2**32 - 1), st.integers(0, 7))
def test_no_other_way_to_write_an_ipv4_address_is_read(number: int, way: int) -> None:
    with pytest.raises(UrlNotAllowed):
        parse_target(f"http://{_encodings(number)[way]}/")


@given(st.integers(0, 2**32 - 1))
def test_no_ipv6_address_that_carries_an_ipv4_address_is_public(number: int) -> None:
    low = IPv4Address(number)
    for carrier in (
        IPv6Address(f"::ffff:{low}"),
        IPv6Address(f"::{low}"),
        IPv6Address(f"64:ff9b::{low}"),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),
    ):
        assert not is_public(str(carrier))


@given(st.ip_addresses())
def test_nothing_that_the_registry_calls_private_is_public(address: IPv4Address | IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert not is_public(str(address))
