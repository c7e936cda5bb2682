"""All that the operator knows, and what answers held, searched for in one text after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from telemetry_audit.detectors.known.checksums import LONGEST, Checksums
from telemetry_audit.detectors.known.digests import SHORT_LENGTHS, SHORTEST_HEX
from telemetry_audit.detectors.known.index import Index
from telemetry_audit.detectors.known.reading import read
from telemetry_audit.detectors.known.substrings import Substrings
from telemetry_audit.detectors.known.taint import Taint
from telemetry_audit.detectors.known.words import folded

CANARY, USER, VALUE, TAINT = "canary", "user", "value", "taint"
_NAMES = {USER: "a known user's name", VALUE: "a value of the operator's data"}


class KnownValue(NamedTuple):
    """One value and the list that it stands on (`CANARY` or `USER`); a canary may have a label, and a user several names with tabs between."""

    source: str
    text: str
    label: str = ""


class Match(NamedTuple):
    """A known value in a text.

    From which list, what a report calls it, how it is written there ("plain", "base64", "SHA-256", "MD5 of SHA-1" …), whether it is all of the
    text, and which value of its list it is.
    """

    source: str
    name: str
    how: str
    whole: bool
    which: str


@dataclass(frozen=True, slots=True)
class KnownValues:
    """Known values of every list, and where answers are remembered their values."""

    indexes: tuple[Index, ...]
    canaries: Substrings | None
    labels: tuple[str, ...]
    taint: Taint | None = None
    checksums: Checksums | None = None
    idle: frozenset[int] = frozenset()
    """Lengths of a single word, as ids are, that no known value and no digest has: it can only hold a canary."""

    @classmethod
    def of(cls, values: Iterable[KnownValue], indexes: Iterable[Index] = (), taint: Taint | None = None) -> Self:
        """Take values, of which blank ones are left out, `indexes` of others, and what is remembered of answers."""
        given = [value for value in values if value.text.strip()]
        canaries = [value for value in given if value.source == CANARY]
        users = [value.text.split("\t") for value in given if value.source == USER]
        lists = [(CANARY, [[value.text] for value in canaries]), (USER, users)]
        every = (*((Index.of(lists),) if given else ()), *indexes)
        words = SHORT_LENGTHS.union(*(index.lengths for index in every))
        return cls(
            every,
            Substrings.of(CANARY, [value.text for value in canaries]) if canaries else None,
            tuple(value.label or f"canary {number}" for number, value in enumerate(canaries, 1)),
            taint,
            Checksums.of(lists) if given else None,
            frozenset(range(LONGEST + 1, SHORTEST_HEX)) - words if taint is None else frozenset(),
        )

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.indexes) or self.taint is not None

    def find(self, text: str) -> tuple[Match, ...]:
        """Every known value in `text`, whatever the case and the Unicode form of its letters, each in each way once."""
        plain = folded(text)
        found: dict[Match, None] = {}
        if self.canaries is not None:
            for kind, which, how, whole in self.canaries.find(plain):
                found[Match(kind, self.labels[which], how, whole, f"{which}")] = None
        if len(text) in self.idle and text.isalnum() and text.isascii():
            return tuple(found)
        if self.checksums is not None:
            for kind, which, how, whole in self.checksums.find(plain):
                canary = kind == CANARY
                name = self.labels[which] if canary else _NAMES[kind]
                found[Match(kind, name, how, whole, f"{which}" if canary else f"0.{which}")] = None
        if self.indexes:
            reading = read(text, plain)
            for number, index in enumerate(self.indexes):
                for kind, which, how, whole in index.find(reading):
                    name = self.labels[which] if kind == CANARY else _NAMES[kind]
                    found[Match(kind, name, how, whole, f"{which}" if kind == CANARY else f"{number}.{which}")] = None
        return (*found, *self.tainted(plain)) if found or self.taint is not None else ()

    def tainted(self, plain: str) -> Iterator[Match]:
        """Every value in a folded text that an answer held, with its host."""
        seen = dict.fromkeys(self.taint.find(plain)) if self.taint is not None else ()
        return (Match(TAINT, f"a value out of an answer of {host}", how, whole, host) for host, how, whole in seen)
