"""Pings in a row: which follow the one before sooner than they may, and what explains it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from telemetry_audit.model import Sign
from telemetry_audit.wholes.distinct import SAME

TOLERANCE = 0.05
"""The part of an interval by which one may be off: pings are sent at a fixed rate, and networks and collectors of garbage delay them by seconds."""


_ALIKE = 0.1
_FEWEST_ALIKE = 3
_MOST_UNSEEN = 3
_MANY = 8
"""Restarts nobody saw explain up to three pings, and further ones at no fixed interval up to seven: an instance that is being set up starts often."""


class Ping(NamedTuple):
    """A ping with a time, in seconds since the epoch, on a clock that goes forward; `clock` tells apart what stands before and after a step back."""

    time: float
    clock: tuple[str, int]
    sign: Sign


class Gap(NamedTuple):
    """The seconds from one ping to the next of a row, and both of them."""

    seconds: float
    before: Ping
    after: Ping


class Explained(NamedTuple):
    """What comes too soon in some rows, and how many gaps are whole.

    `started` follows a start that was seen, `anew` looks like it, `irregular` comes at no fixed interval, as after restarts in a row that were not
    seen, and for `soon` there is no explanation.
    """

    started: list[Gap]
    anew: list[Gap]
    irregular: list[Gap]
    soon: list[Gap]
    whole: int


def timed(signs: Sequence[Sign]) -> tuple[list[Ping], int]:
    """The signs that have a time as pings, in order, and how many times a clock was set back.

    A recording in which the time goes back from one exchange to a later one is cut there, and keeps clocks of its own; all others share one.
    """
    by_recording: defaultdict[str, list[Sign]] = defaultdict(list)
    for sign in signs:
        if sign.place.time is not None:
            by_recording[sign.place.input].append(sign)
    pings: list[Ping] = []
    steps = 0
    for recording, found in by_recording.items():
        found.sort(key=lambda sign: (sign.place.exchange, sign.place.where))
        times = [sign.place.time or 0.0 for sign in found]
        back = {number for number, (one, other) in enumerate(pairwise(times), 1) if other < one - SAME}
        steps += len(back)
        clock = 0
        for number, (time, sign) in enumerate(zip(times, found, strict=True)):
            clock += number in back
            pings.append(Ping(time, (recording, clock) if back else ("", 0), sign))
    return sorted(pings, key=lambda ping: ping[:2]), steps


def gaps(pings: Sequence[Ping], key: Callable[[Ping], Hashable]) -> list[list[Gap]]:
    """The gaps of each row; pings of one clock and `key` are a row."""
    rows: dict[Hashable, list[Ping]] = {}
    for ping in pings:
        rows.setdefault((ping.clock, key(ping)), []).append(ping)
    return [[Gap(after.time - before.time, before, after) for before, after in pairwise(row)] for row in rows.values()]


def explained(rows: Sequence[Sequence[Gap]], period: float, starts: Sequence[float]) -> Explained:
    """What comes sooner than `period` seconds after the one before, by what explains it; `starts` are in order.

    A restart sends everything again and begins a new count of the interval. So a gap that is too short is as after a restart if the next one is whole
    again, or where it is the last, the one before; but of more than a few only while there are twice as many whole ones: else it is no exception.
    """
    started: list[Gap] = []
    anew: list[Gap] = []
    rest: list[Gap] = []
    whole = sum(not is_short(gap, period) for row in rows for gap in row)
    for row in rows:
        for before, gap, following in zip((None, *row), row, (*row[1:], None), strict=False):
            if not is_short(gap, period):
                continue
            if bisect_right(starts, gap.after.time) > bisect_right(starts, gap.before.time):
                started.append(gap)
            elif not _is_short(following or before, period):
                anew.append(gap)
            else:
                rest.append(gap)
    if len(anew) > _MOST_UNSEEN and 2 * len(anew) > whole:
        anew, rest = [], [*rest, *anew]
    if len(rest) >= _MANY or _is_regular(rest):
        return Explained(started, anew, [], rest, whole)
    return Explained(started, anew, rest, [], whole)


def is_short(gap: Gap, period: float) -> bool:
    """Whether a gap is shorter than may be."""
    return gap.seconds < period * (1 - TOLERANCE)


def is_long(gap: Gap, period: float) -> bool:
    """Whether a gap is longer than may be, within one recording: of what lies between two nothing is known."""
    recorded = gap.before.sign.place.input == gap.after.sign.place.input
    return recorded and gap.seconds > period * (1 + TOLERANCE)


def _is_regular(found: Sequence[Gap]) -> bool:
    """Whether a clock seems to send these: most of them last as long as the one in the middle."""
    if len(found) < _FEWEST_ALIKE:
        return False
    middle = median(gap.seconds for gap in found)
    alike = sum(abs(gap.seconds - middle) <= _ALIKE * middle for gap in found)
    return alike >= max(_FEWEST_ALIKE, len(found) / 2)


def _is_short(gap: Gap | None, period: float) -> bool:
    return gap is not None and is_short(gap, period)
