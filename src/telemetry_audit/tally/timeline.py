"""How many events of each purpose there were over time, in bins that widen as the time does."""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

MOST_BINS = 120
"""Bins that hold an event; where there are more, each becomes twice as wide."""

_NARROWEST = 60


class Bin(NamedTuple):
    """The events of one purpose in one bin, which begins at `start`, in seconds since the epoch."""

    start: int
    purpose: str
    events: int


class Timeline:
    """Events by time and purpose.

    The width of the bins, in seconds, is the smallest of 60, 120, 240 ... that leaves no more than `MOST_BINS` of them. A wider bin holds narrower
    ones whole, and more events never make a bin narrower, so that any order and grouping comes to the same.
    """

    __slots__ = ("_counts", "_starts", "untimed", "width")

    def __init__(self) -> None:
        """Nothing yet."""
        self.width = _NARROWEST
        self.untimed = 0
        self._counts: Counter[tuple[int, str]] = Counter()
        self._starts: set[int] = set()

    def add(self, time: float | None, purpose: str, events: int) -> None:
        """Take so many events of one purpose that left at `time`, in seconds since the epoch."""
        if time is None or not math.isfinite(time):
            self.untimed += events
            return
        start = self.start(time)
        self._counts[start, purpose] += events
        self._starts.add(start)
        self._widen()

    def merge(self, other: Timeline) -> None:
        """Take all that `other` counted."""
        self.untimed += other.untimed
        self._coarsen(max(self.width, other.width))
        for (start, purpose), events in other._counts.items():
            self._counts[self.start(start), purpose] += events
            self._starts.add(self.start(start))
        self._widen()

    def start(self, time: float) -> int:
        """Where the bin begins that this time falls into."""
        return int(time // self.width) * self.width

    def bins(self) -> tuple[Bin, ...]:
        """All bins that hold an event, in order."""
        return tuple(Bin(start, purpose, events) for (start, purpose), events in sorted(self._counts.items()))

    def _widen(self) -> None:
        while len(self._starts) > MOST_BINS:
            self._coarsen(2 * self.width)

    def _coarsen(self, width: int) -> None:
        if width == self.width:
            return
        self.width = width
        counts, self._counts = self._counts, Counter()
        for (start, purpose), events in counts.items():
            self._counts[self.start(start), purpose] += events
        self._starts = {start for start, _ in self._counts}
