"""What is kept of a known value: keyed digests of its words in each way of writing it, and of its digests, each with a note."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from telemetry_audit.detectors.known.digests import CHAINS
from telemetry_audit.detectors.known.table import SIZE
from telemetry_audit.detectors.known.words import digits_only, folded, turned, width, words

SHORTEST_WORD = 3
"""Characters of a value that is looked for inside texts; a shorter one must be the whole text."""

SHORTEST = 6
"""Characters of a value that is looked for in reverse and in ROT13 too, where a short one may come out as a word."""

MOST_WORDS = 64
"""Words of a value that are looked for: a longer one is told by its beginning."""

_SHORT = 12
"""Bytes up to which hex and base64 of a value are looked for as words, since so short a token is not decoded."""

FIRST, WHOLE, _PLAIN, _REVERSED, _ROT13, _HEX, _BASE64 = range(len(CHAINS), len(CHAINS) + 7)
HOW = (*CHAINS, "", "plain", "plain", "reversed", "ROT13", "hex", "base64")
WAYS = tuple(bytes((way,)) for way in range(256))
NUMBER_BITS = 24
NUMBER = (1 << NUMBER_BITS) - 1
"""A note: the number of a value, and above it the way in which it is written, by its place in `HOW`."""


def row_records(key: bytes, named: Iterable[Sequence[str]], lengths: set[int]) -> Iterator[bytes]:
    """Keyed digests of the values' words; a first word that many values of as many words share has one. Takes down the `lengths` of first words."""
    opened: set[tuple[str, int]] = set()
    for number, names in enumerate(named):
        for row, way in chain.from_iterable(map(_rows, names)):
            lengths.add(len(row[0]))
            first = row[0], len(row)
            if len(row) > 1 and first not in opened:
                opened.add(first)
                yield keyed_words(key, row[0]) + _note(FIRST, len(row))
            yield keyed_words(key, " ".join(row)) + _note(way, number)


def _note(way: int, number: int) -> bytes:
    return WAYS[way] + number.to_bytes(3)


def _rows(text: str) -> Iterator[tuple[list[str], int]]:
    """The words of a value in each way in which they are looked for."""
    text = text.strip()
    plain = folded(text)
    row = words(plain)[:MOST_WORDS]
    if not row:
        return
    long = width(plain) >= SHORTEST
    yield row, _PLAIN if width(plain) >= SHORTEST_WORD else WHOLE
    if long:
        yield words(folded(text[::-1]))[:MOST_WORDS], _REVERSED
        if (other := turned(text)) != text:
            yield words(folded(other))[:MOST_WORDS], _ROT13
    if (digits := digits_only(plain)) and [digits] != row:
        yield [digits], _PLAIN
    data = text.encode("utf-8", "replace")
    if len(data) <= _SHORT and len(data) >= SHORTEST_WORD:
        yield [data.hex()], _HEX
        if len(data) >= SHORTEST:
            yield words(b64encode(data).decode().casefold()), _BASE64


def written_rows(text: str) -> Iterator[tuple[list[str], str]]:
    """The words of a value, in each way in which they may stand where every layer is undone, and how it is then written."""
    return ((row, HOW[way]) for row, way in _rows(text) if way in {_PLAIN, _HEX, _BASE64})


def keyed_words(key: bytes, row: str) -> bytes:
    """The keyed digest of words with single spaces between."""
    keying = _keying(key)()
    keying.update(row.encode())
    return keying.digest()


@lru_cache(64)
def _keying(key: bytes) -> Callable[[], hashlib.blake2b]:
    """Gives copies of an object that has taken in the key and nothing else, which are cheaper than new ones."""
    return hashlib.blake2b(key=key, digest_size=SIZE).copy


def keyed(key: bytes, digest: bytes = b"") -> hashlib.blake2b:
    """The keyed digest of a digest, told apart from those of words by its purpose."""
    return hashlib.blake2b(digest, key=key, digest_size=SIZE, person=b"digest")


def keyed_records(key: bytes, notes: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """Records of digests and their notes."""
    fresh = keyed(key).copy  # half as dear as a new one
    for digest, note in notes:
        keying = fresh()
        keying.update(digest)
        yield keying.digest() + note
