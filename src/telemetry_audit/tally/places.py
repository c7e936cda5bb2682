"""Where a finding stands: all places are counted, and the first are kept."""

from __future__ import annotations

from collections.abc import Iterable

from telemetry_audit.model import Level, Place

MOST_PLACES = {Level.BREACH: 1_000, Level.DRIFT: 100, Level.NOTE: 100}
"""Places kept of one finding; the count goes on. So the memory of an audit does not grow with its recordings."""


class Places:
    """The first places of a finding in the order of recording, exchange and locator, and how many there are in all."""

    __slots__ = ("_last", "count", "kept", "most")

    def __init__(self, most: int) -> None:
        """Keep at most `most` places."""
        self.most = most
        self.count = 0
        self.kept: list[Place] = []
        self._last: tuple[str, int, str] | None = None  # where the last of the first stands, once there are too many

    def take(self, place: Place) -> None:
        """Take one place."""
        self.count += 1
        if self._last is None or _order(place) < self._last:
            self.kept.append(place)
            self._bound()

    def add(self, places: Iterable[Place], count: int) -> None:
        """Take `places`, which stand for `count` of them."""
        self.count += count
        self.kept.extend(places)
        self._bound()

    def first(self) -> list[Place]:
        """The places to report."""
        return sorted(self.kept, key=_order)[: self.most]

    def _bound(self) -> None:
        if len(self.kept) >= 2 * self.most:
            self.kept = self.first()
            self._last = _order(self.kept[-1])


def _order(place: Place) -> tuple[str, int, str]:
    return place.input, place.exchange, place.where
