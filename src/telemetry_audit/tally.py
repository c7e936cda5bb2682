"""The fold of observations: adding them up in any order and any grouping comes to the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from telemetry_audit.model import AddressClaim, EventBrief, Finding, Level, Observation, Place, Side, Statement, Unread

MOST_PLACES = {Level.BREACH: 1_000, Level.DRIFT: 100, Level.NOTE: 100}
"""Places kept of one finding; the count goes on. So the memory of an audit does not grow with its recordings."""

MOST_UNREAD = 10_000
"""Unread exchanges that are listed; all are counted."""


class Places:
    """The first places of a finding in the order of recording, exchange and locator, and how many there are in all."""

    __slots__ = ("count", "kept", "most")

    def __init__(self, most: int) -> None:
        """Keep at most `most` places."""
        self.most = most
        self.count = 0
        self.kept: list[Place] = []

    def add(self, places: Iterable[Place], count: int) -> None:
        """Take `places`, which stand for `count` of them."""
        self.count += count
        self.kept.extend(places)
        if len(self.kept) >= 2 * self.most:
            self.kept = self.first()

    def first(self) -> list[Place]:
        """The places to report."""
        return sorted(self.kept, key=_order)[: self.most]


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


@dataclass(slots=True)
class Tally:
    """What many observations add up to. `merge` is associative and commutative, with the empty tally as its neutral element."""

    exchanges: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    ignored: Counter[Destined] = field(default_factory=Counter)
    unread: int = 0
    destinations: Counter[Destined] = field(default_factory=Counter)
    events: Counter[EventBrief] = field(default_factory=Counter)
    looked_at: Counter[str] = field(default_factory=Counter)
    findings: dict[Statement, Places] = field(default_factory=dict)
    claims: dict[ClaimKey, Places] = field(default_factory=dict)
    unread_items: list[Unread] = field(default_factory=list)

    def add(self, observation: Observation) -> None:
        """Take one observation."""
        if not observation.part:
            self._count(observation)
        self.events.update(observation.events)
        self.looked_at.update(observation.looked_at)
        for statement, place in observation.findings:
            self._places(statement).add((place,), 1)
        for claim in observation.claims:
            self._claims(_key(claim)).add((claim.occurrence.place,), 1)

    def merge(self, other: Tally) -> None:
        """Take all that `other` has counted."""
        self.exchanges.update(other.exchanges)
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

    def _count(self, observation: Observation) -> None:
        self.exchanges[observation.recording] += 1
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

    def _list_unread(self, items: Iterable[Unread]) -> None:
        self.unread_items.extend(items)
        if len(self.unread_items) >= 2 * MOST_UNREAD:
            self.unread_items = list(self.listed_unread())


def _key(claim: AddressClaim) -> ClaimKey:
    statement, place = claim.occurrence
    return ClaimKey(statement, place.fingerprint, place.shape, claim.teaches)


def _order(place: Place) -> tuple[str, int, str]:
    return place.input, place.exchange, place.where


def _unread_order(item: Unread) -> tuple[str, int, str]:
    return item.recording, item.number, item.reason
