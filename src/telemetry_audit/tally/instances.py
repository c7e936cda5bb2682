"""What was seen of each instance: of one whose events name it, by the keyed fingerprint of its id."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from telemetry_audit.model import InstanceBrief, Level, Side

MOST_INSTANCES = 1_000
"""Instances that are kept, the first in the order of their fingerprints, so that any grouping keeps the same."""

MOST_RECORDINGS = 1_000
"""Recordings that are kept of one instance, the first in order."""


class Instance(NamedTuple):
    """One instance.

    How many of its events each side sent; how many findings of each level there are of it, and which promises a breach among them breaks: in a tally
    of what a single event shows, in a report with what is decided over all that was seen of it. In which recordings it was seen, and whether in
    `more` than are listed; and the first and last time, in seconds since the epoch.
    """

    fingerprint: str
    sides: tuple[tuple[Side, int], ...]
    breaches: int
    drift: int
    notes: int
    broken: tuple[str, ...]
    recordings: tuple[str, ...]
    more: bool
    first: float | None
    last: float | None

    @property
    def events(self) -> int:
        """How many events name it."""
        return sum(events for _, events in self.sides)


@dataclass(slots=True)
class _Seen:
    sides: Counter[Side] = field(default_factory=Counter)
    found: Counter[tuple[str, Level]] = field(default_factory=Counter)
    recordings: set[str] = field(default_factory=set)
    more: bool = False
    first: float = math.inf
    last: float = -math.inf

    def merge(self, other: _Seen) -> None:
        self.sides.update(other.sides)
        self.found.update(other.found)
        self.recordings |= other.recordings
        self.more |= other.more
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.bound()

    def bound(self) -> None:
        if len(self.recordings) > MOST_RECORDINGS:
            self.recordings, self.more = set(sorted(self.recordings)[:MOST_RECORDINGS]), True


class Instances:
    """What was seen of the first `MOST_INSTANCES` instances."""

    __slots__ = ("_cut", "_seen")

    def __init__(self) -> None:
        """None yet."""
        self._seen: dict[str, _Seen] = {}
        self._cut = False

    def add(self, recording: str, briefs: Iterable[InstanceBrief]) -> None:
        """Take what an observation of this recording has of instances."""
        for instance, side, events, time, found in briefs:
            seen = self._of(instance)
            seen.sides[side] += events
            for promise, level, count in found:
                seen.found[promise, level] += count
            seen.recordings.add(recording)
            if time is not None and math.isfinite(time):
                seen.first, seen.last = min(seen.first, time), max(seen.last, time)
            seen.bound()
        self._bound(2 * MOST_INSTANCES)

    def merge(self, other: Instances) -> None:
        """Take all that `other` holds."""
        for instance, seen in other._seen.items():
            self._of(instance).merge(seen)
        self._cut |= other._cut
        self._bound(2 * MOST_INSTANCES)

    def first(self) -> tuple[Instance, ...]:
        """The instances, in the order of their fingerprints."""
        self._bound(MOST_INSTANCES)
        return tuple(_told(instance, seen) for instance, seen in sorted(self._seen.items()))

    @property
    def complete(self) -> bool:
        """Whether no instance had to be left out."""
        return not self._cut and len(self._seen) <= MOST_INSTANCES

    def _of(self, instance: str) -> _Seen:
        return self._seen.get(instance) or self._seen.setdefault(instance, _Seen())

    def _bound(self, most: int) -> None:
        # One that is among the first of all was among the first at every step before, so nothing of it is missing.
        if len(self._seen) > most:
            self._seen = {instance: self._seen[instance] for instance in sorted(self._seen)[:MOST_INSTANCES]}
            self._cut = True


def _told(fingerprint: str, seen: _Seen) -> Instance:
    level = Counter[Level]()
    for (_, each), count in seen.found.items():
        level[each] += count
    return Instance(
        fingerprint,
        tuple(sorted(seen.sides.items())),
        level[Level.BREACH],
        level[Level.DRIFT],
        level[Level.NOTE],
        tuple(sorted({promise for promise, each in seen.found if each is Level.BREACH})),
        tuple(sorted(seen.recordings)),
        seen.more,
        seen.first if math.isfinite(seen.first) else None,
        seen.last if math.isfinite(seen.last) else None,
    )
