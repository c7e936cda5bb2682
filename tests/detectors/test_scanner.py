"""What the scanner sees through layers, over edges and in hostile texts."""

from __future__ import annotations

import base64
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_audit.detectors import CANARY, DETECTORS, USER, KnownValue, KnownValues, Scanner

EMAIL = "jane.roe@example.com"
NOTHING_KNOWN = KnownValues.of(())


def kinds(text: str) -> set[str]:
    return {sighting.kind for sighting in Scanner(DETECTORS, NOTHING_KNOWN).see(text)}


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    "text",
    [
        r"jane.roe\u0040example.com",
        r"{\"by\":\"jane.roe\\u0040example.com\"}",
        r"jane.roe\x40example.com",
        "jane.roe&#64;example.com",
        "jane.roe&#x40;example.com",
        "jane.roe&commat;example.com",
        "jane.roe\uff20example.com",
        "jane.roe%40example.com",
        "jane.roe%2540example.com",
    ],
)
def test_an_at_sign_is_seen_however_it_is_spelled(text: str) -> None:
    assert "email" in kinds(text)


@pytest.mark.parametrize(
    "data",
    [
        b"\0jane.roe@example.com\0s3cret",
        "by Müller: jane.roe@example.com, Straße 7".encode("latin-1"),
        "От кого: jane.roe@example.com, Москва".encode(),
        "jane.roe@example.com".encode("utf-16-le"),
        b"\x0a\x14jane.roe@example.com\x12\x05Berlin\x18\x01",
        gzip.compress(b'{"by":"jane.roe@example.com"}', mtime=0),
        zlib.compress(b'{"by":"jane.roe@example.com"}'),
    ],
    ids=["SASL", "Latin-1", "Cyrillic", "UTF-16", "Protocol Buffers", "gzip", "zlib"],
)
def test_base64_of_what_is_mostly_text_is_read(data: bytes) -> None:
    assert "email" in kinds(in_base64(data))
    assert "email" in kinds("state=" + base64.urlsafe_b64encode(data).decode())
    assert "email" in kinds(f"https://example.com/open/{in_base64(data).replace('/', '_')}")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", r"\n", r"\r\n"])
def test_base64_is_read_over_its_line_breaks(line_break: str) -> None:
    encoded = in_base64(b"x" * 50 + b" jane.roe@example.com " + b"y" * 50)
    assert "email" in kinds(line_break.join(encoded[at : at + 76] for at in range(0, len(encoded), 76)))


@pytest.mark.parametrize("prefix", ["0x", r"\x", ""])
def test_hex_is_read_as_databases_write_it(prefix: str) -> None:
    assert "email" in kinds(f"bytes {prefix}{EMAIL.encode().hex()}")


@pytest.mark.parametrize("start", range(8))
def test_a_long_token_is_read_wherever_it_begins(start: int) -> None:
    hidden = in_base64(b"The quick brown fox. " * 9000 + EMAIL.encode() + b" jumps." * 900)
    assert "email" in kinds(" " * start + hidden)


def test_the_last_of_many_tokens_is_read_too() -> None:
    assert "email" in kinds(" ".join(["applicationIdentifier"] * 500 + [in_base64(EMAIL.encode())]))


@pytest.mark.parametrize("start", range(65_400, 65_600, 7))
def test_nothing_is_lost_where_a_long_text_is_cut(start: int) -> None:
    assert "email" in kinds("a " * (start // 2) + EMAIL + " b" * 5000)


def test_rows_of_a_long_result_are_seen_by_its_beginning() -> None:
    assert "rows" in kinds('{"rows":[' + ",".join('{"name":"Jane Roe","age":31}' for _ in range(5000)) + "]}")


@pytest.mark.parametrize(
    "text", ["Zürich Büro 7", "c5f2a1b09d3e4f60a7b8c9d0", "page1-64a1f2b3c4d5e6f708192a3b", "R&D; 50 %"]
)
def test_what_hides_nothing_is_left_alone(text: str) -> None:
    assert not kinds(text)


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "SELECT" + " " * 20,
            "SELECT ",
            "SELECT ( FROM x ",
            "SELECT a FROM a, ",
            "FROM a JOIN ",
            "INSERT INTO a (",
            "WITH a AS (",
        ),
        *(
            "eyJaaaaaaaa-",
            ".eyJaaaaaaaa",
            "@",
            "a@",
            "//a@",
            "a@b.",
            '"@',
            "://a:",
            "a:b@",
            "1.1.1.1/",
            "x-1.2.3.4 ",
            "2001::",
        ),
        *(
            "\\u0040",
            "&#64;",
            "%25",
            "aaaaaaaaaaaa\n",
            "a/",
            "\u0301\u0316",
            "\ufdfa",
            '"rows":[{',
            '{"a":[',
            "[{",
            '{"find":"a",',
            "re_",
            f"{'A' * 26}(a=)",
            in_base64(b'{"alg":1') + " ",
        ),
        in_base64(gzip.compress(b"\0" * 20_000, mtime=0)) + " ",
    ],
)
def test_a_hostile_text_is_done_with(pattern: str) -> None:
    Scanner(DETECTORS, KnownValues.of((KnownValue(CANARY, "zorro-77-canary"),))).see(
        pattern * (200_000 // len(pattern))
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("\u0915" * 200_000 + "!", "name"),
        ("\n" * 200_000 + "!", "login"),
        ("T3BlbkFJ " + "sk-" * 60_000, "secret"),
        ("*" * 30_000 + ",b\n" + "*" * 30_000, "name"),
    ],
    ids=["letters that are marks too", "blanks before what is no digest", "keys of OpenAI without an end", "a head"],
)
def test_a_text_that_nearly_is_what_its_place_says_is_done_with(text: str, hint: str) -> None:
    Scanner(DETECTORS, NOTHING_KNOWN).see(text, frozenset((hint,)))


def test_objects_of_one_kind_are_rows_whatever_stands_between_them() -> None:
    assert "rows" in kinds("[User(id=71, name=Jane), Role(id=5), User(id=72, name=Joe)]")


def test_what_was_seen_is_remembered_within_bounds() -> None:
    scanner = Scanner(DETECTORS, NOTHING_KNOWN)
    scanner.see("x" * 10_000)
    assert not scanner.memory
    for number in range(70_000):
        scanner.see(str(number))
    assert len(scanner.memory) < 66_000


@given(st.text())
def test_any_text_is_looked_at_and_every_sighting_has_its_words(text: str) -> None:
    for sighting in Scanner(DETECTORS, KnownValues.of((KnownValue(USER, "jane roe"),))).see(text):
        assert sighting.says


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["utf-8", "utf-16-le"]))
def test_an_address_between_spaces_is_seen_in_base64_of_any_text(before: str, after: str, encoding: str) -> None:
    readable = before.encode(encoding, "replace").decode(encoding)
    assert "email" in kinds(f"{readable} {EMAIL} {after}")
