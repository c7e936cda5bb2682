"""Known values as keyed digests: of their words in a row, and of their digests. Whoever has the index has no value.

A text is decoded and a value is hashed, and they meet in the middle: each word of a text is looked up as the first of a value, which tells how
many words such values have, and then so many words together; what may be a digest is looked up as it is.
"""

from __future__ import annotations

import codecs
import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from telemetry_audit.detectors.known.digests import CHAINS, digests, tokens
from telemetry_audit.detectors.known.table import SIZE, Table
from telemetry_audit.detectors.known.words import digits_only, folded, numbers, width, words

SHORTEST_WORD = 3
"""Characters of a value that is looked for inside texts; a shorter one must be the whole text."""

SHORTEST = 6
"""Characters of a value that is looked for in reverse and in ROT13 too, where a short one may come out as a word."""

MOST_WORDS = 64
"""Words of a value that are looked for: a longer one is told by its beginning."""

MOST_FOR_EVERY_CHAIN = 1_000
"""Values of which digests of digests by every algorithm are looked for; of more, those by the usual ones, so that 100,000 load in seconds."""

_SHORT = 12
"""Bytes up to which hex and base64 of a value are looked for as words, since so short a token is not decoded."""

_FIRST, _WHOLE, _PLAIN, _REVERSED, _ROT13, _HEX, _BASE64 = range(len(CHAINS), len(CHAINS) + 7)
_HOW = (*CHAINS, "", "plain", "plain", "reversed", "ROT13", "hex", "base64")
_WAYS = tuple(bytes((way,)) for way in range(256))
_NUMBER_BITS = 24
_NUMBER = (1 << _NUMBER_BITS) - 1
_REMEMBERED = 65_536
_RECORDS_EACH = 64


class Source(NamedTuple):
    """How many values of an index in a row stand on which list."""

    kind: str
    size: int


class Seen(NamedTuple):
    """A known value in a text: its list, its number there, how it is written, and whether it is all of the text."""

    kind: str
    number: int
    how: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Index:
    """Known values of one or more lists. `key` keys every digest and tells the lists apart from others; without it the table says nothing.

    Values have numbers, from 0 in each list; several names of one person have the same.
    """

    key: bytes = field(repr=False)
    sources: tuple[Source, ...]
    table: Table = field(repr=False)
    _opening: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, lists: Iterable[tuple[str, Sequence[Sequence[str]]]], key: bytes = b"") -> Self:
        """Take lists, each with its kind and its values, each value with all its names; without a `key` the values themselves give one."""
        lists = tuple(lists)
        named = [names for _, values in lists for names in values]
        key = key or _key_of(lists)
        made = _Maker(key, every_chain=len(named) <= MOST_FOR_EVERY_CHAIN)
        records = (each for number, names in enumerate(named) for name in names for each in made.records(name, number))
        table = Table.of(records, _RECORDS_EACH * len(named))
        return cls(key, tuple(Source(kind, len(values)) for kind, values in lists if values), table)

    def count(self, kind: str) -> int:
        """How many values it has of a kind of list."""
        return sum(source.size for source in self.sources if source.kind == kind)

    def find(self, text: str, plain: str) -> Iterator[Seen]:
        """Every known value in `text`; `plain` is the same text, folded."""
        yield from self._in_words(plain)
        whole = text.strip().rstrip("=")
        for token, digest in tokens(text):
            for note in self.table.notes(_keyed(self.key, digest).digest()):
                yield self._seen(note, whole=token == whole)

    def _in_words(self, plain: str) -> Iterator[Seen]:
        found = words(plain)
        remembered, opening = self._opening.get, self._opened
        for start, word in enumerate(found):
            notes = remembered(word)
            if notes is None:
                notes = opening(word)
            if notes:
                yield from self._from(notes, found, start)
        for digits in numbers(plain):
            yield from self._from(self._opened(digits), [digits, ""], 0)

    def _opened(self, word: str) -> list[int]:
        """The notes of a first word."""
        if len(self._opening) >= _REMEMBERED:
            self._opening.clear()
        notes = self._opening[word] = self.table.notes(keyed_words(self.key, word))
        return notes

    def _from(self, notes: Iterable[int], found: list[str], start: int) -> Iterator[Seen]:
        """The values that begin with the word at `start`, which has these notes: it is a value alone, or they say how many words follow."""
        for note in notes:
            way = note >> _NUMBER_BITS
            length = note & _NUMBER if way == _FIRST else 1
            whole = start == 0 and length == len(found)
            if way != _FIRST:
                if way != _WHOLE or whole:
                    yield self._seen(note, whole=whole)
            elif start + length <= len(found):
                row = " ".join(found[start : start + length])
                for each in self.table.notes(keyed_words(self.key, row)):
                    if each >> _NUMBER_BITS not in {_FIRST, _WHOLE} or whole:
                        yield self._seen(each, whole=whole)

    def _seen(self, note: int, *, whole: bool) -> Seen:
        number = note & _NUMBER
        for kind, size in self.sources:
            if number < size:
                return Seen(kind, number, _HOW[note >> _NUMBER_BITS], whole)
            number -= size
        raise AssertionError


class _Maker:
    """Makes the records of an index; a first word that many values of as many words share has one."""

    def __init__(self, key: bytes, *, every_chain: bool) -> None:
        self.key = key
        self.keyed = _keyed(key)  # a copy of it is half as dear as a new one
        self.every_chain = every_chain
        self.first: set[tuple[str, int]] = set()

    def records(self, text: str, number: int) -> list[bytes]:
        """Keyed digests of a value, each with a note that says how it is written there and its number."""
        made = []
        for row, way in _rows(text):
            first = row[0], len(row)
            if len(row) > 1 and first not in self.first:
                self.first.add(first)
                made.append(keyed_words(self.key, row[0]) + _note(_FIRST, len(row)))
            made.append(keyed_words(self.key, " ".join(row)) + _note(way, number))
        which, fresh = number.to_bytes(3), self.keyed.copy
        for chain, digest in digests(text, every_chain=self.every_chain):
            keyed = fresh()
            keyed.update(digest)
            made.append(keyed.digest() + _WAYS[chain] + which)
        return made


def _note(way: int, number: int) -> bytes:
    return _WAYS[way] + number.to_bytes(3)


def _rows(text: str) -> Iterator[tuple[list[str], int]]:
    """The words of a value in each way in which they are looked for."""
    text = text.strip()
    plain = folded(text)
    row = words(plain)[:MOST_WORDS]
    if not row:
        return
    long = width(plain) >= SHORTEST
    yield row, _PLAIN if width(plain) >= SHORTEST_WORD else _WHOLE
    if long:
        yield words(folded(text[::-1]))[:MOST_WORDS], _REVERSED
        if (turned := codecs.encode(text, "rot13")) != text:
            yield words(folded(turned))[:MOST_WORDS], _ROT13
    if (digits := digits_only(plain)) and [digits] != row:
        yield [digits], _PLAIN
    data = text.encode("utf-8", "replace")
    if len(data) <= _SHORT and len(data) >= SHORTEST_WORD:
        yield [data.hex()], _HEX
        if len(data) >= SHORTEST:
            yield words(b64encode(data).decode().casefold()), _BASE64


def written_rows(text: str) -> Iterator[tuple[list[str], str]]:
    """The words of a value, in each way in which they may stand where every layer is undone, and how it is then written."""
    return ((row, _HOW[way]) for row, way in _rows(text) if way in {_PLAIN, _HEX, _BASE64})


def keyed_words(key: bytes, row: str) -> bytes:
    """The keyed digest of words with single spaces between."""
    return hashlib.blake2b(row.encode(), key=key, digest_size=SIZE).digest()


def _keyed(key: bytes, digest: bytes = b"") -> hashlib.blake2b:
    """The keyed digest of a digest, told apart from those of words by its purpose."""
    return hashlib.blake2b(digest, key=key, digest_size=SIZE, person=b"digest")


def _key_of(lists: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> bytes:
    """A key that only who has the values can know, the same in whatever order they stand."""
    texts = sorted("\t".join((kind, *names)) for kind, values in lists for names in values)
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "replace"), digest_size=32, person=b"known values").digest()
