"""What a receiver may believe."""

from __future__ import annotations

import hashlib
import hmac
import time

import pytest

from service.webhooks.secret_box import SecretBox, SecretKeyChanged
from service.webhooks.signing import signed_headers, verify_signature

BODY = '{"event":"listing.decided","data":"水際"}'.encode()


def test_what_was_signed_now_is_believed_whatever_the_case_of_the_headers() -> None:
    headers = signed_headers("secret", "evt_1", int(time.time()), BODY)
    assert verify_signature("secret", headers, BODY)
    assert verify_signature("secret", {name.upper(): value for name, value in headers.items()}, BODY)


def test_the_signature_is_the_documented_one() -> None:
    headers = signed_headers("secret", "evt_1", 1767225600, BODY)
    expected = hmac.new(b"secret", b"1767225600." + BODY, hashlib.sha256).hexdigest()
    assert headers["Mizugiwa-Signature"] == f"v1={expected}"


def test_a_changed_body_is_not_believed() -> None:
    headers = signed_headers("secret", "evt_1", int(time.time()), BODY)
    assert not verify_signature("secret", headers, BODY + b" ")


def test_another_secret_is_not_believed() -> None:
    assert not verify_signature("other", signed_headers("secret", "evt_1", int(time.time()), BODY), BODY)


@pytest.mark.parametrize("age", [301, 86_400, -301])
def test_a_recorded_message_is_not_believed_later_or_earlier(age: int) -> None:
    assert not verify_signature("secret", signed_headers("secret", "e", int(time.time()) - age, BODY), BODY)


def test_a_recorded_message_with_a_new_timestamp_is_not_believed() -> None:
    headers = signed_headers("secret", "evt_1", int(time.time()) - 1_000, BODY)
    headers["Mizugiwa-Timestamp"] = str(int(time.time()))
    assert not verify_signature("secret", headers, BODY)


@pytest.mark.parametrize("name", ["Mizugiwa-Timestamp", "Mizugiwa-Signature"])
@pytest.mark.parametrize("value", ["", "x", "-1", "1e9", "²", "9" * 40, "v1=é"])
def test_nonsense_in_a_header_is_not_believed(name: str, value: str) -> None:
    headers = signed_headers("secret", "evt_1", int(time.time()), BODY)
    assert not verify_signature("secret", {**headers, name: value}, BODY)


def test_no_headers_are_not_believed() -> None:
    assert not verify_signature("secret", {}, BODY)


def test_a_locked_secret_opens_with_its_key_alone() -> None:
    locked = SecretBox(b"k" * 40).lock("whs_abc")
    assert "whs_abc" not in locked
    assert SecretBox(b"k" * 40).unlock(locked) == "whs_abc"
    with pytest.raises(SecretKeyChanged, match="MIZUGIWA_SECRET_KEY"):
        SecretBox(b"l" * 40).unlock(locked)
