"""What hides in layers is found through three of them, and what hides nothing is left alone."""

from __future__ import annotations

import base64
import codecs
import gzip
import json
import quopri
import zlib
from collections.abc import Callable
from hashlib import shake_256
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.detectors import DETECTORS, Budget, KnownValues, Scanner, hints_of

EMAIL = "jane.roe@example.com"


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def jwt(text: str) -> str:
    parts = ('{"alg":"HS256"}', json.dumps({"sub": text}), "a signature of its own")
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


LAYERS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: in_base64(text.encode()),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: "0x" + text.encode().hex().upper(),
    "percent": lambda text: quote(text, safe=""),
    "every percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "gzip": lambda text: in_base64(gzip.compress(text.encode(), mtime=0)),
    "zlib": lambda text: in_base64(zlib.compress(text.encode())),
    "JSON": lambda text: json.dumps({"v": text}),
    "JSON in JSON": lambda text: json.dumps(json.dumps([text])),
    "JWT": jwt,
    "quoted-printable": lambda text: (
        quopri.encodestring(text.replace("@", "=40").encode()).decode().replace("=3D40", "=40")
    ),
    "HTML": lambda text: "".join(f"&#x{ord(each):x};" for each in text),
    "escapes": lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32 in small letters": lambda text: base64.b32encode(text.encode()).decode().lower().rstrip("="),
    "Ascii85": lambda text: base64.a85encode(text.encode(), adobe=True).decode(),
    "no width": "\u200b".join,
    "reversed": lambda text: text[::-1],
    "ROT13": lambda text: codecs.encode(text, "rot13"),
}
CHAINS = st.lists(st.sampled_from(sorted(LAYERS)), min_size=1, max_size=3).filter(
    lambda names: all(names.count(name) == 1 for name in ("reversed", "ROT13") if name in names)
)
EXACT = st.sampled_from(
    [
        ("email", EMAIL),
        ("card", "4111 1111 1111 1111"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("phone", "+49 151 12345678"),
        ("national-id", "536-90-4399"),
        ("vendor-key", "AKIAIOSFODNN7EXAMPLE"),
        ("connection-string", "postgres://app:s3cret@db.example.com/x"),
        ("query", "SELECT * FROM users WHERE id = 7"),
        ("row-in-error", "Duplicate entry 'jane' for key 'name'"),
    ]
)
HEX = st.text("0123456789abcdef", min_size=24, max_size=64)
HARMLESS = st.one_of(
    HEX,
    st.uuids().map(str),
    st.uuids().map(lambda value: f"ajs-next-1760000000000-{value}"),
    st.integers(1_500_000_000_000, 1_900_000_000_000).map(lambda value: json.dumps({"ts": value, "n": 1})),
    st.integers(1_500_000_000_000_000, 1_900_000_000_000_000).map(str),
    st.tuples(*[st.integers(0, 200)] * 3).map(lambda version: "v{}.{}.{}".format(*version)),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(lambda place: f"{place[0]:.6f}, {place[1]:.6f}"),
    st.binary(min_size=16, max_size=48).map(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")),
    st.binary(min_size=10, max_size=40).map(lambda data: base64.b32encode(data).decode()),
    st.binary(min_size=10, max_size=40).map(lambda data: base64.b85encode(data).decode()),
    st.text("0123456789abcdef", min_size=6, max_size=6).map(lambda colour: f"#{colour}"),
    st.integers(1, 9999).map(lambda number: f"Table{number}.selectedRow"),
    st.integers(1, 9999).map(lambda number: f"/app/orders/page{number}-64a1f2b3c4d5e6f708192a3b?mode=edit&n={number}"),
)


def kinds(text: str, *names: str) -> dict[str, str]:
    """The kinds of what is seen in `text` at a place of these names, each with what a report says of it."""
    return {each.kind: each.says for each in Scanner(DETECTORS, KnownValues.of(())).see(text, hints_of(names))}


def hidden(text: str, names: list[str]) -> str:
    for name in names:
        text = LAYERS[name](text)
    return text


@settings(deadline=None)  # the first telephone number loads its tables
@given(EXACT, CHAINS)
def test_what_has_a_form_is_found_through_every_three_layers(planted: tuple[str, str], names: list[str]) -> None:
    kind, text = planted
    assert kind in kinds(hidden(text, names))


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(set(LAYERS) - {"reversed", "ROT13"})), max_size=2))
def test_a_name_is_found_in_json_in_layers_by_the_name_of_its_field(names: list[str]) -> None:
    assert "person-name" in kinds(hidden('{"customerName": "Jane Roe", "n": 1}', names))
    assert "person-name" not in kinds(hidden('{"widgetName": "Jane Roe", "n": 1}', names))


def test_a_report_names_the_layers_from_the_inside_out() -> None:
    text = in_base64(json.dumps({"by": EMAIL}).encode())
    assert kinds(text)["email"] == "an e-mail address, 20 characters, in JSON, in base64"
    assert kinds(EMAIL[::-1])["email"] == "an e-mail address, 20 characters, in reversed"


@settings(deadline=None)
@given(HARMLESS)
def test_what_telemetry_is_full_of_holds_nothing(text: str) -> None:
    assert not kinds(text)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("firstName", "Jane", "person-name"),
        ("mobile_no", "030 1234567", "phone"),
        ("cardNumber", "122000000000003", "card"),
        ("ssn", "536904399", "national-id"),
        ("clientSecret", "MZv0TCRV6Vz5wGgbj", "secret"),
        ("dateOfBirth", "1985-04-12", "birth"),
        ("billingAddress", "742 Evergreen Terrace", "postal"),
    ],
)
def test_the_name_of_a_field_makes_a_value_personal(name: str, text: str, kind: str) -> None:
    assert kind in kinds(text, name)
    assert not kinds(text, "label")


@pytest.mark.parametrize(
    "name",
    [
        "widgetName",
        "appName",
        "pageName",
        "eventName",
        "fileName",
        "hostName",
        "className",
        "pluginName",
        "displayName",
    ],
)
def test_no_name_of_a_thing_is_a_persons(name: str) -> None:
    assert not kinds("Jane Roe", name)


@pytest.mark.parametrize(
    "path",
    [
        ("contact", "first"),
        ("contacts", "0", "last"),
        ("customer", "name", "family"),
        ("author", "displayName"),
        ("lastModifiedBy", "name"),
        ("users", "list", "0", "name"),
        ("owner", "login"),
        ("氏名",),
        ("Фамилия",),
        ("imię",),
        ("kundenName",),
    ],
)
def test_the_names_around_a_value_make_it_a_persons(path: tuple[str, ...]) -> None:
    assert {"person-name", "login"} & kinds("Jane Roe", *path).keys()


@pytest.mark.parametrize(
    "path",
    [
        ("page", "first"),
        ("profile", "first"),
        ("series", "last"),
        ("theme", "displayName"),
        ("pages", "list", "0", "name"),
        ("oauth", "login"),
        ("タイトル",),
    ],
)
def test_the_same_names_elsewhere_are_no_persons(path: tuple[str, ...]) -> None:
    assert not kinds("Jane Roe", *path)


def test_json_that_lost_its_quotation_marks_is_read() -> None:
    assert "email" in kinds('{\\"to\\":\\"jane.roe@example.com\\"}')
    assert "person-name" in kinds('{\\"customerName\\":\\"Jane Roe\\"}')
    assert not kinds('{\\"widget\\":\\"Table1\\",\\"version\\":\\"1.2.3\\"}')


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        (("phone", "value"), "030 12345678", "phone"),
        (("phone",), '{"value": "030 12345678"}', "phone"),
        (("dateOfBirth",), '{"raw": "1984-03-12"}', "birth"),
        (("customerName", "formatted"), "Jane Roe", "person-name"),
        (("billingAddress", "line1"), "536 Julie Curve", "postal"),
        (("billingAddress",), '{"line1": "536 Julie Curve"}', "postal"),
    ],
)
def test_a_name_that_says_nothing_leaves_the_word_to_the_one_around_it(
    path: tuple[str, ...], text: str, kind: str
) -> None:
    assert kind in kinds(text, *path)


@pytest.mark.parametrize("text", ['{"value": "Gold"}', '{"plan": "Gold Plan"}'])
def test_what_a_person_has_is_no_name_of_theirs(text: str) -> None:
    assert not kinds(text, "customer")


def test_rows_are_seen_backwards_where_a_container_begins() -> None:
    rows = json.dumps([{"order_id": 7232, "product": "Chair 4"}, {"order_id": 9441, "product": "Desk 9"}])
    assert "rows" in kinds(rows[::-1])
    assert not kinds(json.dumps({"widget": "Table1", "version": "1.2.3"})[::-1])


def test_an_id_turned_round_is_no_iban() -> None:
    number = "ro49rrqnsrsp63s0pq0r873n"
    assert "iban" not in kinds(codecs.encode(number[::-1], "rot13"))


def test_an_address_backwards_counts_only_where_the_text_says_whose_it_is() -> None:
    assert "address-of-peer" in kinds("login from 198.51.100.4 refused"[::-1])
    assert not kinds("page 198.51.100.4 is out"[::-1])


def test_a_picture_in_base64_hides_nothing_and_takes_up_no_budget() -> None:
    budget = Budget()
    picture = b"\x89PNG\r\n\x1a\n" + shake_256(b"a picture").digest(300_000)
    seen = Scanner(DETECTORS, KnownValues.of(())).see(f"data:image/png;base64,{in_base64(picture)}", budget=budget)
    assert (seen, budget.exhausted) == ((), False)


def test_what_hides_too_much_is_not_passed_over_in_silence() -> None:
    budget = Budget()
    bomb = in_base64(gzip.compress(b"a b" * 20_000_000, 9, mtime=0))
    for _ in range(8):
        Scanner(DETECTORS, KnownValues.of(())).see(f"{bomb} {bomb} {bomb}", budget=budget)
    assert budget.exhausted
