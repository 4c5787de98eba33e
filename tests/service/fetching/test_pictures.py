"""What a fetch gives, and what it refuses, against a real server."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.fetching import (
    FetchLimits,
    Reason,
    UrlNotAllowed,
    UrlTooLarge,
    UrlTooSlow,
    UrlUnreachable,
    fetch_many,
    fetch_picture,
)


def test_an_allowed_host_gives_its_bytes(server: str, limits: FetchLimits) -> None:
    assert fetch_picture(f"http://{server}/picture", limits) == b"picture bytes"


def test_the_same_host_is_refused_when_it_is_not_allowed(server: str, limits: FetchLimits) -> None:
    with pytest.raises(UrlNotAllowed):
        fetch_picture(f"http://{server}/picture", replace(limits, hosts_allowed=()))


def test_three_redirects_are_followed(server: str, limits: FetchLimits) -> None:
    url = "/redirect?to=/redirect?to=/picture"
    assert fetch_picture(f"http://{server}{url}", limits) == b"picture bytes"


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:80/",
        "//127.0.0.1/",
        "file:///etc/passwd",
        "http://user@example.com/",
        "http://[::1]/",
        "http://[/",
    ],
)
def test_a_redirect_into_the_house_is_refused_without_naming_it(
    server: str, limits: FetchLimits, to: str
) -> None:
    with pytest.raises(UrlNotAllowed) as refusal:
        fetch_picture(f"http://{server}/redirect?to={to}", limits)
    assert to not in str(refusal.value)
    assert "127.0.0.1" not in str(refusal.value)


def test_a_redirect_loop_ends(server: str, limits: FetchLimits) -> None:
    with pytest.raises(UrlUnreachable) as refusal:
        fetch_picture(f"http://{server}/loop", limits)
    assert refusal.value.reason is Reason.REDIRECTS


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("wrong-type", Reason.TYPE),
        ("missing", Reason.STATUS),
        ("bomb", Reason.ENCODING),
        ("nonsense", Reason.PROTOCOL),
        ("endless-header", Reason.PROTOCOL),
    ],
)
def test_an_answer_that_is_no_picture_is_refused_by_its_reason(
    server: str, limits: FetchLimits, path: str, reason: Reason
) -> None:
    with pytest.raises(UrlUnreachable) as refusal:
        fetch_picture(f"http://{server}/{path}", limits)
    assert refusal.value.reason is reason


@pytest.mark.parametrize("path", ["large", "endless"])
def test_more_bytes_than_allowed_are_not_read(server: str, limits: FetchLimits, path: str) -> None:
    with pytest.raises(UrlTooLarge):
        fetch_picture(f"http://{server}/{path}", limits)


@pytest.mark.parametrize("path", ["drip", "drip-header"])
def test_a_dripping_server_is_cut_off_at_the_deadline(server: str, limits: FetchLimits, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(UrlTooSlow):
        fetch_picture(f"http://{server}/{path}", replace(limits, seconds=0.5))
    assert time.monotonic() - began < 2.0


def test_a_tls_handshake_that_drips_is_cut_off_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(UrlTooSlow):
            fetch_picture(f"https://{host}/", FetchLimits(seconds=0.5, hosts_allowed=(host,)))
    assert time.monotonic() - began < 2.0


def test_a_refused_connection_tells_nothing_about_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host = f"127.0.0.1:{listening.getsockname()[1]}"
    with pytest.raises(UrlUnreachable) as refusal:
        fetch_picture(f"http://{host}/", FetchLimits(seconds=2, hosts_allowed=(host,)))
    assert refusal.value.reason is Reason.CONNECTION
    assert "127" not in str(refusal.value.document())


def test_an_unknown_name_is_unreachable() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(UrlUnreachable) as refusal:
        fetch_picture("http://nowhere.example/", FetchLimits(resolver=unknown))
    assert refusal.value.reason is Reason.NAME


def test_a_resolver_that_hangs_is_too_slow() -> None:
    def hanging(host: str, port: int) -> Sequence[str]:
        time.sleep(1.0)
        return []

    with pytest.raises(UrlTooSlow):
        fetch_picture("http://slow.example/", FetchLimits(seconds=0.2, resolver=hanging))


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["2606:4700::1111", "::ffff:10.0.0.1"], ["fe80::1%lo"]],
)
def test_a_name_with_any_address_in_the_house_is_refused(addresses: list[str]) -> None:
    with pytest.raises(UrlNotAllowed):
        fetch_picture("http://mixed.example/", FetchLimits(resolver=lambda host, port: addresses))


def test_a_name_is_resolved_once_and_connected_to_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    connected: list[str] = []

    def refuse(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(UrlUnreachable):
        fetch_picture("http://rebound.example/", FetchLimits(resolver=lambda host, port: next(answers)))
    assert connected == ["8.8.8.8"]
    with pytest.raises(UrlNotAllowed):
        fetch_picture("http://rebound.example/", FetchLimits(resolver=lambda host, port: next(answers)))
    assert connected == ["8.8.8.8"]


def test_the_host_header_stays_the_name(server: str) -> None:
    port = server.rpartition(":")[2]
    named = FetchLimits(hosts_allowed=(f"images.house:{port}",), resolver=lambda host, port: ["127.0.0.1"])
    assert fetch_picture(f"http://images.house:{port}/host", named) == f"images.house:{port}".encode()


def test_a_proxy_in_the_environment_is_not_used(
    server: str, limits: FetchLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert fetch_picture(f"http://{server}/picture", limits) == b"picture bytes"


def test_many_are_answered_in_order_each_with_its_own_error(server: str, limits: FetchLimits) -> None:
    urls = [f"http://{server}/{path}" for path in ("picture", "missing", "host", "large")]
    got = fetch_many(urls, 5.0, limits)
    assert (got[0], got[2]) == (b"picture bytes", server.encode())
    assert isinstance(got[1], UrlUnreachable)
    assert isinstance(got[3], UrlTooLarge)


def test_many_share_one_deadline(server: str, limits: FetchLimits) -> None:
    began = time.monotonic()
    got = fetch_many([f"http://{server}/drip"] * 20, 0.5, limits)
    assert [type(each) for each in got] == [UrlTooSlow] * 20
    assert time.monotonic() - began < 2.5
