"""Pings in a row, and the gaps between them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from telemetry_audit.wholes.clocks import Ping

TOLERANCE = 0.05
"""The part of an interval by which one may be off: pings are sent at a fixed rate, and networks and collectors of garbage delay them by seconds."""

FEWEST_ALIKE = 3
"""Gaps that it takes to see a pattern in them."""

STEP = 0.01
"""The part of an interval by which two pings of one clock are off at most."""

_EXACTLY = 0.001
_LINKS = 4
"""What is one series among many pings: so many whole intervals with other pings in each, exact to some seconds."""

_MOST = 0.8
"""Of the pings of a row, those that are in step where it is so as a whole: four in five."""


class Gap(NamedTuple):
    """The seconds from one ping to the next of a row, and both of them."""

    seconds: float
    before: Ping
    after: Ping


def gaps(pings: Sequence[Ping], key: Callable[[Ping], Hashable]) -> list[list[Gap]]:
    """The gaps of each row; pings of one clock and `key` are a row."""
    rows: dict[Hashable, list[Ping]] = {}
    for ping in pings:
        rows.setdefault((ping.clock, key(ping)), []).append(ping)
    return [[Gap(after.time - before.time, before, after) for before, after in pairwise(row)] for row in rows.values()]


def is_short(gap: Gap, period: float) -> bool:
    """Whether a gap is shorter than may be."""
    return gap.seconds < period * (1 - TOLERANCE)


def is_long(gap: Gap, period: float) -> bool:
    """Whether a gap is longer than may be."""
    return gap.seconds > period * (1 + TOLERANCE)


def is_between(gap: Gap, period: float) -> bool:
    """Whether it is no interval at all: longer than one, and between two recordings, so that nothing is known of what came in it."""
    return is_long(gap, period) and gap.before.sign.place.input != gap.after.sign.place.input


def is_whole(gap: Gap, period: float) -> bool:
    """Whether a gap shows that the interval is kept."""
    return not is_short(gap, period) and not is_between(gap, period)


def in_step(row: Sequence[Gap], period: float) -> list[Gap]:
    """What comes too soon in a row of several series that keep the interval each; none where it is one series at a shorter interval.

    Timers have no jitter. So where two of them share a row, a whole interval after the earlier ping comes its next, and a whole one before the later
    its last, which a restart breaks; and the pings lie at uneven distances, as those of one faster timer do not.
    """
    short = [gap for gap in row if is_short(gap, period)]
    if len(short) < FEWEST_ALIKE or _is_even(row):
        return []
    times = [row[0].before.time, *(gap.after.time for gap in row)]
    kept = sum(_is_in_step(gap, times, period) for gap in short)
    return short if kept >= _MOST * len(short) else []


def crossed(row: Sequence[Gap], period: float) -> list[Gap]:
    """What comes too soon while a series that keeps the interval goes on, before it and after it, as no timer does that a restart sets anew."""
    times = [row[0].before.time, *(gap.after.time for gap in row)]
    links = [0] * len(times)
    ends = [*times]
    for number in reversed(range(len(times))):
        after = _following(times, times[number] + period, _EXACTLY * period)
        if after is not None:
            links[number] = links[after] + (after > number + 1)
            ends[number] = ends[after]
    found: list[Gap] = []
    reach = -math.inf
    for number, gap in enumerate(row):
        if links[number] >= _LINKS:
            reach = max(reach, ends[number])
        if is_short(gap, period) and reach >= gap.after.time:
            found.append(gap)
    return found


def has(times: Sequence[float], time: float, within: float) -> bool:
    """Whether one of the times, which are in order, is this one, give or take so many seconds."""
    return bisect_right(times, time + within) > bisect_left(times, time - within)


def _following(times: Sequence[float], time: float, within: float) -> int | None:
    """The number of the first of the times, which are in order, that is this one, give or take so many seconds."""
    number = bisect_left(times, time - within)
    return number if number < len(times) and times[number] <= time + within else None


def _is_in_step(gap: Gap, times: Sequence[float], period: float) -> bool:
    """Whether the ping before goes on and the one after went on already, as far as the recording reaches."""
    following, previous = gap.before.time + period, gap.after.time - period
    goes_on, went_on = has(times, following, STEP * period), has(times, previous, STEP * period)
    return (goes_on or following > times[-1]) and (went_on or previous < times[0]) and (goes_on or went_on)


def _is_even(row: Sequence[Gap]) -> bool:
    middle = median(gap.seconds for gap in row)
    return sum(abs(gap.seconds - middle) <= TOLERANCE * middle for gap in row) >= _MOST * len(row)
