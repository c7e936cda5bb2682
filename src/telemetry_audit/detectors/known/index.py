"""Known values as keyed digests: of their words in a row, and of their digests. Whoever has the index has no value.

A text is decoded and a value is hashed, and they meet in the middle: each word of a text is looked up as the first of a value, which tells how
many words such values have, and then so many words together; what may be a digest is looked up as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple, Self

from telemetry_audit.detectors.known.digests import digests
from telemetry_audit.detectors.known.reading import Reading
from telemetry_audit.detectors.known.records import (
    FIRST,
    HOW,
    NUMBER,
    NUMBER_BITS,
    WAYS,
    WHOLE,
    keyed,
    keyed_records,
    keyed_words,
    row_records,
)
from telemetry_audit.detectors.known.table import SIZE, Table

MOST_FOR_EVERY_CHAIN = 1_000
"""Values of which digests of digests by every algorithm are looked for; of more, those by the usual ones, so that 100,000 load in seconds."""

_REMEMBERED = 65_536
_ROWS_EACH, _DIGESTS_EACH = 8, 64


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

    Values have numbers, from 0 in each list; several names of one person have the same. While the values themselves are at hand, `named`, their
    digests of one size are made when a text first holds what may be one; else, on the way to and from a disk, they are all in the table.
    `lengths` are those of the first words of values: no other word need be looked up.
    """

    key: bytes = field(repr=False)
    sources: tuple[Source, ...]
    table: Table = field(repr=False)
    lengths: frozenset[int]
    named: tuple[Sequence[str], ...] = field(default=(), repr=False, compare=False)
    _opening: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)
    _sized: dict[int, Table] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, lists: Iterable[tuple[str, Sequence[Sequence[str]]]], key: bytes = b"") -> Self:
        """Take lists, each with its kind and its values, each value with all its names; without a `key` the values themselves give one."""
        lists = tuple(lists)
        named = tuple(names for _, values in lists for names in values)
        key = key or _key_of(lists)
        lengths: set[int] = set()
        table = Table.of(row_records(key, named, lengths), _ROWS_EACH * len(named))
        sources = tuple(Source(kind, len(values)) for kind, values in lists if values)
        return cls(key, sources, table, frozenset(lengths), named)

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """What goes to another process has every digest and no value."""
        return type(self), (self.key, self.sources, self.complete(), self.lengths)

    def complete(self) -> Table:
        """The table with every digest in it."""
        if not self.named:
            return self.table
        records = chain(row_records(self.key, self.named, set()), keyed_records(self.key, self._digests()))
        return Table.of(records, _DIGESTS_EACH * len(self.named))

    def count(self, kind: str) -> int:
        """How many values it has of a kind of list."""
        return sum(source.size for source in self.sources if source.kind == kind)

    def find(self, reading: Reading) -> list[Seen]:
        """Every known value in a text."""
        seen: list[Seen] = []
        found, lengths, remembered = reading.words, self.lengths, self._opening.get
        for start, word in enumerate(found):
            if len(word) in lengths:
                notes = remembered(word)
                if notes is None:
                    notes = self._opened(word)
                if notes:
                    seen.extend(self._from(notes, found, start))
        for digits in reading.numbers:
            if len(digits) in lengths:
                seen.extend(self._from(self._opened(digits), [digits, ""], 0))
        for token, digest in reading.tokens:
            seen.extend(self._seen(note, whole=token == reading.whole) for note in self._digested(digest))
        return seen

    def _digested(self, digest: bytes) -> list[int]:
        """The notes of what may be a digest of a value."""
        if not self.named:
            return self.table.notes(keyed(self.key, digest).digest())
        table = self._sized.get(len(digest))
        if table is None:
            records = (each[:SIZE] + note for each, note in self._digests(len(digest)))
            table = self._sized[len(digest)] = Table.of(records, _DIGESTS_EACH // 2 * len(self.named))
        return table.notes(digest[:SIZE])

    def _digests(self, size: int = 0) -> Iterator[tuple[bytes, bytes]]:
        """The values' digests, of one size or of all, each with its note."""
        every_chain = len(self.named) <= MOST_FOR_EVERY_CHAIN
        for number, names in enumerate(self.named):
            which = number.to_bytes(3)
            for name in names:
                for way, digest in digests(name, every_chain=every_chain, size=size):
                    yield digest, WAYS[way] + which

    def _opened(self, word: str) -> list[int]:
        """The notes of a first word."""
        if len(self._opening) >= _REMEMBERED:
            self._opening.clear()
        notes = self._opening[word] = self.table.notes(keyed_words(self.key, word))
        return notes

    def _from(self, notes: Iterable[int], found: list[str], start: int) -> Iterator[Seen]:
        """The values that begin with the word at `start`, which has these notes: it is a value alone, or they say how many words follow."""
        for note in notes:
            way = note >> NUMBER_BITS
            length = note & NUMBER if way == FIRST else 1
            whole = start == 0 and length == len(found)
            if way != FIRST:
                if way != WHOLE or whole:
                    yield self._seen(note, whole=whole)
            elif start + length <= len(found):
                row = " ".join(found[start : start + length])
                for each in self.table.notes(keyed_words(self.key, row)):
                    if each >> NUMBER_BITS not in {FIRST, WHOLE} or whole:
                        yield self._seen(each, whole=whole)

    def _seen(self, note: int, *, whole: bool) -> Seen:
        number = note & NUMBER
        for kind, size in self.sources:
            if number < size:
                return Seen(kind, number, HOW[note >> NUMBER_BITS], whole)
            number -= size
        raise AssertionError


def _key_of(lists: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> bytes:
    """A key that only who has the values can know, the same in whatever order they stand."""
    texts = sorted("\t".join((kind, *names)) for kind, values in lists for names in values)
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "replace"), digest_size=32, person=b"known values").digest()
