"""Pings in a row: which follow the one before sooner than they may, and what explains it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
_STEP = 0.01
_MOST = 0.8
_TOGETHER = 60.0
"""Restarts nobody saw explain up to three pings, and further ones at no fixed interval up to seven: an instance that is being set up starts often.

Pings are in step with one another where a whole interval lies between two of them, give or take a hundredth, and a row is so where four in five are.
After a restart all pings wait for the same time, so they come within a minute of one another.
"""


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

    `started` follows a start that was seen, `anew` looks like it, `in_step` keeps the interval with pings other than the one before, as behind an
    address that several senders share, `irregular` comes at no fixed interval, as after restarts in a row that were not seen, and for `soon` there
    is no explanation.
    """

    started: list[Gap]
    anew: list[Gap]
    in_step: list[Gap]
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


def explained(
    rows: Sequence[Sequence[Gap]], period: float, starts: Sequence[float], anew_too: Sequence[float]
) -> Explained:
    """What comes sooner than `period` seconds after the one before, by what explains it.

    `starts` are in order, and so is `anew_too`: when another ping of the instance began anew, with which this one comes after a restart.

    A restart sends everything again and begins a new count of the interval. So a gap that is too short is as after a restart if the next one is whole
    again, or where it is the last, the one before; but of more than a few only while there are twice as many whole ones: else it is no exception.
    """
    started: list[Gap] = []
    anew: list[Gap] = []
    rest: list[Gap] = []
    stepped: list[Gap] = []
    together: list[Gap] = []
    whole = sum(is_whole(gap, period) for row in rows for gap in row)
    for row in rows:
        if shared := _in_step(row, period):
            stepped += shared
            continue
        for before, gap, following in zip((None, *row), row, (*row[1:], None), strict=False):
            if not is_short(gap, period):
                continue
            if bisect_right(starts, gap.after.time) > bisect_right(starts, gap.before.time):
                started.append(gap)
            elif _has(anew_too, gap.after.time, _TOGETHER):
                together.append(gap)
            elif not _is_short(following or before, period):
                anew.append(gap)
            else:
                rest.append(gap)
    if len(anew) > _MOST_UNSEEN and 2 * len(anew) > whole:
        anew, rest = [], [*rest, *anew]
    anew += together
    if len(rest) >= _MANY or _is_regular(rest):
        return Explained(started, anew, stepped, [], rest, whole)
    return Explained(started, anew, stepped, rest, [], whole)


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


def _in_step(row: Sequence[Gap], period: float) -> list[Gap]:
    """What comes too soon in a row of several series that keep the interval each; none where it is one series at a shorter interval.

    Timers have no jitter. So where two of them share a row, a whole interval after the earlier ping comes its next, and a whole one before the later
    its last, which a restart breaks; and the pings lie at uneven distances, as those of one faster timer do not.
    """
    short = [gap for gap in row if is_short(gap, period)]
    if len(short) < _FEWEST_ALIKE or _is_even(row):
        return []
    times = [row[0].before.time, *(gap.after.time for gap in row)]
    kept = sum(_is_in_step(gap, times, period) for gap in short)
    return short if kept >= _MOST * len(short) else []


def _is_in_step(gap: Gap, times: Sequence[float], period: float) -> bool:
    """Whether the ping before goes on and the one after went on already, as far as the recording reaches."""
    following, previous = gap.before.time + period, gap.after.time - period
    goes_on, went_on = _has(times, following, _STEP * period), _has(times, previous, _STEP * period)
    return (goes_on or following > times[-1]) and (went_on or previous < times[0]) and (goes_on or went_on)


def _is_even(row: Sequence[Gap]) -> bool:
    middle = median(gap.seconds for gap in row)
    return sum(abs(gap.seconds - middle) <= TOLERANCE * middle for gap in row) >= _MOST * len(row)


def _has(times: Sequence[float], time: float, within: float) -> bool:
    """Whether one of the times, which are in order, is this one, give or take so many seconds."""
    return bisect_right(times, time + within) > bisect_left(times, time - within)


def _is_regular(found: Sequence[Gap]) -> bool:
    """Whether a clock seems to send these: most of them last as long as the one in the middle."""
    if len(found) < _FEWEST_ALIKE:
        return False
    middle = median(gap.seconds for gap in found)
    alike = sum(abs(gap.seconds - middle) <= _ALIKE * middle for gap in found)
    return alike >= max(_FEWEST_ALIKE, len(found) / 2)


def _is_short(gap: Gap | None, period: float) -> bool:
    return gap is not None and is_short(gap, period)
