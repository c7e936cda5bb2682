"""All that observations add up to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from telemetry_audit.model import AddressClaim, EventBrief, Finding, Observation, Side, Statement, Unread
from telemetry_audit.tally.instances import Instances
from telemetry_audit.tally.pending import Waiting
from telemetry_audit.tally.places import MOST_PLACES, Places
from telemetry_audit.tally.portraits import Portraits
from telemetry_audit.tally.signs import Signs
from telemetry_audit.tally.sources import Sources
from telemetry_audit.tally.timeline import Timeline

MOST_UNREAD = 10_000
"""Unread exchanges that are listed; all are counted."""


class ClaimKey(NamedTuple):
    """What makes two claims the same: the statement, the address (by fingerprint and shape), and whether they teach."""

    statement: Statement
    fingerprint: str
    shape: str
    teaches: bool


class Destined(NamedTuple):
    """A host as exchanges went there, and by which entry of the destinations it was told."""

    host: str
    destination: str


class Crossing(NamedTuple):
    """Where events of one purpose went."""

    destined: Destined
    purpose: str


class Recorded(NamedTuple):
    """What came of one recording: how many exchanges, and the first and last time, in seconds since the epoch, of those that were judged."""

    exchanges: int = 0
    first: float | None = None
    last: float | None = None

    def and_of(self, other: Recorded) -> Recorded:
        """Both together."""
        times = [time for time in (self.first, self.last, other.first, other.last) if time is not None]
        return Recorded(self.exchanges + other.exchanges, min(times, default=None), max(times, default=None))

    def and_one(self, time: float | None) -> Recorded:
        """With one more exchange, which was judged if it has a time."""
        exchanges, first, last = self
        if time is None:
            return Recorded(exchanges + 1, first, last)
        return Recorded(
            exchanges + 1,
            time if first is None or time < first else first,
            time if last is None or time > last else last,
        )


_NONE = Recorded()


@dataclass(slots=True)
class Tally:
    """What many observations add up to. `merge` is associative and commutative, with the empty tally as its neutral element."""

    recordings: dict[str, Recorded] = field(default_factory=dict)
    judged: int = 0
    ignored: Counter[Destined] = field(default_factory=Counter)
    unread: int = 0
    destinations: Counter[Destined] = field(default_factory=Counter)
    events: Counter[EventBrief] = field(default_factory=Counter)
    looked_at: Counter[str] = field(default_factory=Counter)
    findings: dict[Statement, Places] = field(default_factory=dict)
    claims: dict[ClaimKey, Places] = field(default_factory=dict)
    unread_items: list[Unread] = field(default_factory=list)
    portraits: Portraits = field(default_factory=Portraits)
    timeline: Timeline = field(default_factory=Timeline)
    crossings: Counter[Crossing] = field(default_factory=Counter)
    waiting: Waiting = field(default_factory=Waiting)
    signs: Signs = field(default_factory=Signs)
    sources: Sources = field(default_factory=Sources)
    shown: dict[str, int] = field(default_factory=dict)
    instances: Instances = field(default_factory=Instances)

    def add(self, observation: Observation) -> None:
        """Take one observation."""
        if not observation.part:
            self._count(observation)
        for promise, places in observation.looked_at.items():
            self.looked_at[promise] += places
        for statement, place in observation.findings:
            self._places(statement).take(place)
        for claim in observation.claims:
            self._claims(_key(claim)).take(claim.occurrence.place)
        if observation.instances:
            self.instances.add(observation.recording, observation.instances)
        if observation.pending:
            self.waiting.add(observation.pending)
        if observation.signs:
            self.signs.add(observation.signs)
        if observation.events or observation.portraits or observation.sources or observation.shown:
            self._add_events(observation)

    def merge(self, other: Tally) -> None:
        """Take all that `other` has counted."""
        for name, recorded in other.recordings.items():
            self.recordings[name] = self.recordings.get(name, Recorded()).and_of(recorded)
        self.judged += other.judged
        self.unread += other.unread
        self.ignored.update(other.ignored)
        self.destinations.update(other.destinations)
        self.events.update(other.events)
        self.looked_at.update(other.looked_at)
        for statement, places in other.findings.items():
            self._places(statement).add(places.kept, places.count)
        for key, places in other.claims.items():
            self._claims(key).add(places.kept, places.count)
        self._list_unread(other.unread_items)
        self.portraits.merge(other.portraits)
        self.timeline.merge(other.timeline)
        self.crossings.update(other.crossings)
        self.waiting.merge(other.waiting)
        self.signs.merge(other.signs)
        self.sources.merge(other.sources)
        self._show(other.shown.items())
        self.instances.merge(other.instances)

    @property
    def exchanges(self) -> int:
        """How many exchanges there were."""
        return sum(recorded.exchanges for recorded in self.recordings.values())

    @property
    def sides(self) -> frozenset[Side]:
        """The sides of an installation of which events were seen."""
        return frozenset(brief.side for brief in self.events) - {Side.UNKNOWN}

    def listed_unread(self) -> tuple[Unread, ...]:
        """The unread exchanges to list, in order."""
        return tuple(sorted(self.unread_items, key=_unread_order)[:MOST_UNREAD])

    def occurrences(self) -> tuple[Finding, ...]:
        """The findings as they stand, without those that wait for the server's address."""
        return tuple(
            Finding(statement, places.count, tuple(places.first())) for statement, places in self.findings.items()
        )

    def _add_events(self, observation: Observation) -> None:
        self.portraits.add(observation.portraits)
        self.sources.add(observation.sources)
        self._show(observation.shown)
        purposes: dict[str, int] = {}
        for brief in observation.events:
            self.events[brief] += 1
            purposes[brief.purpose] = purposes.get(brief.purpose, 0) + 1
        destined = Destined(observation.host, observation.destination)
        for purpose, events in purposes.items():
            self.timeline.add(observation.time, purpose, events)
            self.crossings[Crossing(destined, purpose)] += events

    def _show(self, shown: Iterable[tuple[str, int]]) -> None:
        for contract, fields in shown:
            self.shown[contract] = self.shown.get(contract, 0) | fields

    def _count(self, observation: Observation) -> None:
        self._record(observation)
        destined = Destined(observation.host, observation.destination)
        if observation.ignored_by:
            self.ignored[destined] += 1
            return
        if observation.unread:
            self.unread += 1
            self._list_unread(observation.unread)
        else:
            self.judged += 1
        if observation.destination:
            self.destinations[destined] += 1

    def _places(self, statement: Statement) -> Places:
        return self.findings.get(statement) or self.findings.setdefault(statement, Places(MOST_PLACES[statement.level]))

    def _claims(self, key: ClaimKey) -> Places:
        return self.claims.get(key) or self.claims.setdefault(key, Places(MOST_PLACES[key.statement.level]))

    def _record(self, observation: Observation) -> None:
        time = observation.time if observation.judged and math.isfinite(observation.time or 0) else None
        self.recordings[observation.recording] = self.recordings.get(observation.recording, _NONE).and_one(time)

    def _list_unread(self, items: Iterable[Unread]) -> None:
        self.unread_items.extend(items)
        if len(self.unread_items) >= 2 * MOST_UNREAD:
            self.unread_items = list(self.listed_unread())


def _key(claim: AddressClaim) -> ClaimKey:
    statement, place = claim.occurrence
    return ClaimKey(statement, place.fingerprint, place.shape, claim.teaches)


def _unread_order(item: Unread) -> tuple[str, int, str]:
    return item.recording, item.number, item.reason
