"""Content codings are undone, whole and bounded."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from telemetry_audit.decoders.content import MAX_DECODED, Undecodable, decoded

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
TEXT = st.text(min_size=1, max_size=300).map(lambda text: json.dumps({"a": text}).encode())


@given(TEXT, st.lists(st.sampled_from(sorted(CODINGS)), max_size=3))
def test_what_was_encoded_is_decoded(body: bytes, codings: list[str]) -> None:
    wrapped = body
    for coding in codings:
        wrapped = CODINGS[coding](wrapped)
    assert decoded(wrapped, ", ".join(codings)) == body


@given(TEXT, st.sampled_from([*CODINGS, "rot13", "x-unheard-of", "utf-8", "identity", ""]))
def test_text_under_a_header_that_lies_stays_what_it_is(body: bytes, coding: str) -> None:
    assert decoded(body, coding) == body


@given(st.binary(max_size=200), st.sampled_from([*CODINGS, None]))
def test_any_bytes_are_decoded_or_undecodable(body: bytes, coding: str | None) -> None:
    try:
        assert len(decoded(body, coding)) <= MAX_DECODED
    except Undecodable:
        return


@pytest.mark.parametrize("coding", sorted(CODINGS))
def test_a_bomb_and_a_body_that_breaks_off_are_undecodable(coding: str) -> None:
    bomb = CODINGS[coding](bytes(MAX_DECODED + 1))
    with pytest.raises(Undecodable, match="16 MiB"):
        decoded(bomb, coding)
    noise = CODINGS[coding](bytes(range(256)) * 300)
    with pytest.raises(Undecodable):
        decoded(noise[: len(noise) // 2], coding)


@pytest.mark.parametrize(("coding", "encode"), [("gzip", gzip.compress), ("zstd", zstandard.compress)])
def test_members_that_follow_are_read_too(coding: str, encode: Callable[[bytes], bytes]) -> None:
    assert decoded(encode(b'{"a":') + encode(b"1}"), coding) == b'{"a":1}'


def test_bytes_behind_a_stream_are_kept() -> None:
    assert decoded(zlib.compress(b"{}") + b"more", "deflate") == b"{}more"
    assert decoded(gzip.compress(b"{}") + b"more", "gzip") == b"{}more"
