"""What a single value is: an address, an identity, one that the operator knows."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_audit.detectors import DETECTORS, USER, KnownValue, KnownValues, Scanner, kind_of_identity, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9:443 ", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("[2001:db8::17]:443", "2001:db8::17"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25]:80", "fe80::1"),
        ("::1", "::1"),
        ("::", "::"),
    ],
)
def test_a_whole_value_is_an_address(text: str, address: str) -> None:
    assert str(parse_address(text)) == address


@pytest.mark.parametrize(
    "text",
    [
        "a::b",
        "dead::beef",
        "::face",
        "::ffff",
        "::1%jane@x",
        "::1%",
        "fe80::1%a-very-long-zone-name",
        "1.2.3",
        "999.1.1.1",
        "12:34:56",
        "",
    ],
)
def test_a_whole_value_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@given(st.ip_addresses(v=4))
def test_every_ipv4_address_is_seen_in_a_text_in_a_url_and_in_the_form_of_java(address: object) -> None:
    for text in (
        f"connection from {address} lost",
        f"http://{address}/x",
        f"no route to /{address}:54321",
        f"db.internal/{address}",
    ):
        assert Scanner(DETECTORS, KnownValues.of(())).see(text), text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4111111111111111", "plain"),
        ("491701234567891234567", "plain"),
        ("JaneRoe19850412-Berlin1", "plain"),
        ("Jane_Roe_1985_04_12_Berlin", "plain"),
        ("jane.roe", "plain"),
        ("q7Xk2PzL9vB4tR8mW1cN6y", "token"),
        ("anonymousUser", "anonymous"),
        *((word, "constant") for word in ("unknown", "Anonymous", "null", "undefined", "none", "0", "", "  ")),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "constant"),
        ("1f7c2a90b3d84e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b", "sha256"),
        ("1f7c2a90b3d84e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f7081", "malformed"),
    ],
)
def test_an_identity_has_its_kind(text: str, kind: str) -> None:
    assert kind_of_identity(text) == kind


@given(st.binary(min_size=24, max_size=48).map(base64.urlsafe_b64encode))
def test_an_opaque_token_names_nobody_but_is_no_digest(token: bytes) -> None:
    assert kind_of_identity(token.decode()) in {"token", "plain"}


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("listed", ["NFC", "NFD", "NFKC"])
def test_a_known_name_is_found_in_every_unicode_form(
    written: Literal["NFC", "NFD"], listed: Literal["NFC", "NFD", "NFKC"]
) -> None:
    name = "Jürgen Müller-Roß"
    known = KnownValues.of((KnownValue(USER, unicodedata.normalize(listed, name)),))
    text = unicodedata.normalize(written, f"by {name.upper()}, {name}!")
    assert {match.how for match in known.find(text)} == {"plain"}
    assert [match.whole for match in known.find(unicodedata.normalize(written, name))] == [True]


def test_a_known_name_in_another_unicode_form_is_found_hashed() -> None:
    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    known = KnownValues.of((KnownValue(USER, unicodedata.normalize("NFD", "Jürgen")),))
    for form in forms:
        digest = hashlib.sha256(unicodedata.normalize(form, "Jürgen").encode()).hexdigest()
        assert [match.how for match in known.find(digest)] == ["SHA-256"]
