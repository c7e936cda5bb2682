"""Places that wait for what their instance says of itself: all are counted, and the latest are kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from telemetry_audit.model import Condition, Pending, Place, Statement

MOST_WAITING = 20
"""Places kept of those that wait for the same; the latest, since what an instance says holds from then on."""

MOST_KINDS = 20_000
"""Kinds of waiting places that are kept, the first in their own order; together some 100 MB at most."""


class Kind(NamedTuple):
    """What makes waiting places alike: `recording` stands in for the instance where its events name none, and is "" where they do."""

    condition: Condition
    instance: str
    recording: str
    worst: Statement
    mild: Statement


class Latest:
    """The latest places of one kind, how many there are in all and without a time, and when the first left."""

    __slots__ = ("_kept", "count", "first", "untimed")

    def __init__(self) -> None:
        """None yet."""
        self.count = 0
        self.untimed = 0
        self.first = math.inf
        self._kept: list[Place] = []

    def add(self, place: Place) -> None:
        """Take one place."""
        self.count += 1
        if place.time is None:
            self.untimed += 1
        elif place.time < self.first:
            self.first = place.time
        self._keep((place,))

    def merge(self, other: Latest) -> None:
        """Take all that `other` holds."""
        self.count += other.count
        self.untimed += other.untimed
        self.first = min(self.first, other.first)
        self._keep(other._kept)

    def last(self) -> tuple[Place, ...]:
        """The places that are kept, the latest first, and those without a time last."""
        return tuple(sorted(self._kept, key=_order)[:MOST_WAITING])

    def _keep(self, places: Iterable[Place]) -> None:
        self._kept.extend(places)
        if len(self._kept) >= 2 * MOST_WAITING:
            self._kept.sort(key=_order)
            del self._kept[MOST_WAITING:]


class Waiting:
    """Waiting places by their kind."""

    __slots__ = ("_cut", "_kinds")

    def __init__(self) -> None:
        """None yet."""
        self._kinds: dict[Kind, Latest] = {}
        self._cut = False

    def add(self, pending: Iterable[Pending]) -> None:
        """Take those of an observation."""
        for condition, instance, worst, mild, place in pending:
            self._latest(Kind(condition, instance, "" if instance else place.input, worst, mild)).add(place)
        self._bound(2 * MOST_KINDS)

    def merge(self, other: Waiting) -> None:
        """Take all that `other` holds."""
        for kind, latest in other._kinds.items():
            self._latest(kind).merge(latest)
        self._cut |= other._cut
        self._bound(2 * MOST_KINDS)

    def of(self, condition: Condition) -> Iterator[tuple[Kind, Latest]]:
        """Those that wait for this condition, in order."""
        self._bound(MOST_KINDS)
        return ((kind, self._kinds[kind]) for kind in sorted(self._kinds, key=_kind_order) if kind[0] is condition)

    @property
    def complete(self) -> bool:
        """Whether no kind had to be left out."""
        return not self._cut and len(self._kinds) <= MOST_KINDS

    def _latest(self, kind: Kind) -> Latest:
        return self._kinds.get(kind) or self._kinds.setdefault(kind, Latest())

    def _bound(self, most: int) -> None:
        # One that is among the first of all was among the first at every step before, so it is whole.
        if len(self._kinds) > most:
            kept = sorted(self._kinds, key=_kind_order)[:MOST_KINDS]
            self._kinds = {kind: self._kinds[kind] for kind in kept}
            self._cut = True


def _order(place: Place) -> tuple[object, ...]:
    recording, exchange, where, event, message_id, shape, fingerprint, time = place
    return (
        *(time is None, -(time or 0.0), recording, exchange, where),
        *(event, message_id is None, message_id or "", shape, fingerprint),
    )


def _kind_order(kind: Kind) -> tuple[str, ...]:
    return kind.condition, kind.instance, kind.recording, *_told(kind.worst), *_told(kind.mild)


def _told(statement: Statement) -> tuple[str, ...]:
    told = (statement.rule, statement.promise, statement.level, statement.event, statement.pointer, statement.says)
    return statement.id, *told
