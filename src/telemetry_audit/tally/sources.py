"""From what events came: libraries, programs and clients of each side, with how many events each sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from telemetry_audit.model import Side, Source

MOST_SOURCES = 10_000
"""Different sources that are kept, the first in their own order, so that any grouping keeps the same."""


class Origin(NamedTuple):
    """What makes sources the same: the side, the library, the program and the client."""

    side: Side
    library: str
    program: str
    client: str


class Sources:
    """How many events came from each of the first `MOST_SOURCES` different origins."""

    __slots__ = ("_counts", "_cut")

    def __init__(self) -> None:
        """None yet."""
        self._counts: Counter[Origin] = Counter()
        self._cut = False

    def add(self, sources: Iterable[Source]) -> None:
        """Take the sources of an observation."""
        for side, library, program, client, events in sources:
            self._counts[Origin(side, library, program, client)] += events
        self._bound(2 * MOST_SOURCES)

    def merge(self, other: Sources) -> None:
        """Take all that `other` holds."""
        self._counts.update(other._counts)
        self._cut |= other._cut
        self._bound(2 * MOST_SOURCES)

    def first(self) -> Mapping[Origin, int]:
        """The number of events by origin."""
        self._bound(MOST_SOURCES)
        return self._counts

    @property
    def complete(self) -> bool:
        """Whether no source had to be left out."""
        return not self._cut and len(self._counts) <= MOST_SOURCES

    def _bound(self, most: int) -> None:
        # One that is among the first of all was among the first at every step before, so its count is whole.
        if len(self._counts) > most:
            self._counts = Counter({source: self._counts[source] for source in sorted(self._counts)[:MOST_SOURCES]})
            self._cut = True
