"""Signs of instances' lives, in the order of their times: all are counted, and the earliest are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from telemetry_audit.model import Sign

MOST_SIGNS = 100_000
"""Signs that are kept of one purpose, some 40 MB: pings every two hours of an instance for twenty years, or of a thousand for a week."""


class Signs:
    """The first signs of each purpose by time, so that of a series of pings those are kept that follow one another."""

    __slots__ = ("_cut", "_kept")

    def __init__(self) -> None:
        """None yet."""
        self._kept: dict[str, list[Sign]] = {}
        self._cut: set[str] = set()

    def add(self, signs: Iterable[Sign]) -> None:
        """Take the signs of an observation."""
        for sign in signs:
            self._take(sign.purpose, (sign,))

    def merge(self, other: Signs) -> None:
        """Take all that `other` holds."""
        self._cut |= other._cut
        for purpose, signs in other._kept.items():
            self._take(purpose, signs)

    def first(self) -> Mapping[str, tuple[Sign, ...]]:
        """The signs by purpose, each in order of time."""
        return {purpose: tuple(sorted(signs, key=_order)[:MOST_SIGNS]) for purpose, signs in sorted(self._kept.items())}

    @property
    def cut(self) -> frozenset[str]:
        """The purposes of which not all signs are kept."""
        return frozenset(self._cut | {purpose for purpose, signs in self._kept.items() if len(signs) > MOST_SIGNS})

    def _take(self, purpose: str, signs: Iterable[Sign]) -> None:
        kept = self._kept.setdefault(purpose, [])
        kept.extend(signs)
        if len(kept) >= 2 * MOST_SIGNS:
            kept.sort(key=_order)
            del kept[MOST_SIGNS:]
            self._cut.add(purpose)


def _order(sign: Sign) -> tuple[object, ...]:
    """Where nobody knows the time, last; whatever tells two signs apart stands in it."""
    place = sign.place
    told = (place.event, place.message_id is None, place.message_id or "", place.shape, place.fingerprint)
    said = (str(sign.off), str(sign.consent))
    return place.time is None, place.time or 0.0, place.input, place.exchange, place.where, *sign[1:6], *said, *told
