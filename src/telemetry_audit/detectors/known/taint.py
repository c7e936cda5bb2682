"""Values out of answers that passed, remembered for a while as keyed digests of their words in a row: whoever has them has no value.

They are found as those of an index are (`index.py`): each word of a text is looked up as the first of a value, which tells how many words such
values have, and then so many words together.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from telemetry_audit.detectors.known.records import keyed_words, written_rows
from telemetry_audit.detectors.known.words import numbers, words

MOST = 100_000
"""Digests that are remembered, some 45 MB; beyond, the oldest go first."""

SECONDS = 3_600.0
"""How long one is remembered: telemetry of what somebody does leaves within minutes."""


class Trace(NamedTuple):
    """A value in one way of writing it: keyed digests of its first word and of all its words, how many they are, and how it is written."""

    first: bytes
    digest: bytes
    words: int
    how: str


class Remembered(NamedTuple):
    """A trace, the host in whose answer it came, when (seconds of the machine's monotonic clock), and its number in the order of coming."""

    trace: Trace
    host: str
    at: float
    number: int


class Tainted(NamedTuple):
    """A remembered value in a text: whose answer held it, how it is written, and whether it is all of the text."""

    host: str
    how: str
    whole: bool


def traces(key: bytes, text: str) -> Iterator[Trace]:
    """What to remember of a value."""
    for row, how in written_rows(text):
        digest = keyed_words(key, " ".join(row))
        yield Trace(digest if len(row) == 1 else keyed_words(key, row[0]), digest, len(row), how)


class Taint:
    """What is remembered; `number` counts all that ever was."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.monotonic) -> None:
        """`key` keys the digests: 32 bytes that are nowhere but in memory. The clock is the same for every process of a machine."""
        self.key = key
        self.number = 0
        self._clock = clock
        self._kept: OrderedDict[bytes, Remembered] = OrderedDict()
        self._firsts: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        """For each first word how many words follow, as bits, and the number of the latest trace that begins with it."""

    @property
    def size(self) -> int:
        """How many digests are remembered."""
        return len(self._kept)

    def learn(self, host: str, learnt: Iterable[Trace]) -> bool:
        """Remember traces from an answer of `host`; whether there was any that was not remembered already."""
        now, before = self._clock(), self.number
        return self.take(Remembered(trace, host, now, before + place) for place, trace in enumerate(learnt, 1))

    def take(self, others: Iterable[Remembered]) -> bool:
        """Remember what another process does, in the order in which it came; whether any was not remembered already."""
        new = False
        for each in others:
            first, digest, length, _ = each.trace
            new = new or digest not in self._kept
            self._kept[digest] = each
            self._kept.move_to_end(digest)
            lengths, _ = self._firsts.get(first, (0, 0))
            self._firsts[first] = lengths | 1 << length, each.number
            self._firsts.move_to_end(first)
            self.number = each.number
        self._forget()
        return new

    def since(self, number: int) -> list[Remembered]:
        """What is remembered and came after the trace of this number, in order."""
        found: list[Remembered] = []
        for each in reversed(self._kept.values()):
            if each.number <= number:
                break
            found.append(each)
        return found[::-1]

    def find(self, plain: str) -> Iterator[Tainted]:
        """Every remembered value in a folded text."""
        self._forget()
        if not self._kept:
            return
        found = words(plain)
        for start, word in enumerate(found):
            yield from self._from(word, found, start)
        for digits in numbers(plain):
            yield from self._from(digits, [digits, ""], 0)

    def _from(self, word: str, found: list[str], start: int) -> Iterator[Tainted]:
        """The values that begin with the word at `start`."""
        lengths, _ = self._firsts.get(keyed_words(self.key, word), (0, 0))
        while lengths:
            length = (lengths & -lengths).bit_length() - 1
            lengths &= lengths - 1
            if start + length <= len(found):
                row = word if length == 1 else " ".join(found[start : start + length])
                if (each := self._kept.get(keyed_words(self.key, row))) is not None:
                    yield Tainted(each.host, each.trace.how, start == 0 and length == len(found))

    def _forget(self) -> None:
        """Let go of what is too old or too much, and of first words that no value begins with any more."""
        kept, firsts, oldest = self._kept, self._firsts, self._clock() - SECONDS
        while kept and (len(kept) > MOST or next(iter(kept.values())).at < oldest):
            kept.popitem(last=False)
        edge = next(iter(kept.values())).number if kept else self.number + 1
        while firsts and next(iter(firsts.values()))[1] < edge:
            firsts.popitem(last=False)
