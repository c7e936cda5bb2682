"""Of whom events tell: how many say exactly the same of somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from telemetry_audit.model import Portrait, Side, Trait

MOST_PORTRAITS = 50_000
"""Different portraits that are kept, the first in their own order, so that any grouping keeps the same."""


class Seen(NamedTuple):
    """What tells events alike: the side that sent them, and their traits."""

    side: Side
    traits: tuple[Trait, ...]


class Portraits:
    """How many events there were of each portrait, for the first `MOST_PORTRAITS` different ones."""

    __slots__ = ("_counts", "_cut")

    def __init__(self) -> None:
        """None yet."""
        self._counts: Counter[Seen] = Counter()
        self._cut = False

    def add(self, portraits: Iterable[Portrait]) -> None:
        """Take the portraits of an observation."""
        for side, traits, events in portraits:
            self._counts[Seen(side, traits)] += events
        self._bound(2 * MOST_PORTRAITS)

    def merge(self, other: Portraits) -> None:
        """Take all that `other` holds."""
        self._counts.update(other._counts)
        self._cut |= other._cut
        self._bound(2 * MOST_PORTRAITS)

    def first(self) -> Mapping[Seen, int]:
        """The number of events by portrait."""
        self._bound(MOST_PORTRAITS)
        return self._counts

    @property
    def complete(self) -> bool:
        """Whether no portrait had to be left out."""
        return not self._cut and len(self._counts) <= MOST_PORTRAITS

    def _bound(self, most: int) -> None:
        # One that is among the first of all was among the first at every step before, so its count is whole.
        if len(self._counts) > most:
            self._counts = Counter({seen: self._counts[seen] for seen in sorted(self._counts)[:MOST_PORTRAITS]})
            self._cut = True
