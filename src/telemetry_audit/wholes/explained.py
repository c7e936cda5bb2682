"""What explains pings that follow the one before sooner than they may."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from statistics import median
from typing import NamedTuple

from telemetry_audit.wholes.series import FEWEST_ALIKE, STEP, Gap, crossed, has, in_step, is_short, is_whole

_ALIKE = 0.02
_MANY = 8
_TOGETHER = 60.0
_MOST_UNSEEN = 3
_MOST = 0.8
_FIRST = 110.0
"""A clock sends at distances that differ by a fiftieth at most, and a server that starts again does not take the same time each time.

After a restart all pings wait for the same time, two minutes, so they come within a minute of one another, and none of them sooner than that
after the one before. Restarts that nobody saw explain up to three pings that nothing else speaks for. Pings come with others, or beside others that
go on, where four in five do; the latter is told of eight or more.
"""


class Sooner(NamedTuple):
    """When pings of another event came sooner than they may, and when its count began anew, as after a restart; each in order."""

    times: Sequence[float]
    anew: Sequence[float]


class Explained(NamedTuple):
    """What comes too soon in some rows, and how many gaps are whole.

    `started` follows a start that was seen, `anew` looks like it, `in_step` keeps the interval with pings other than the one before, as behind an
    address that several senders share, `irregular` comes as after restarts in a row that were not seen, and for `soon` there is no explanation.
    """

    started: list[Gap]
    anew: list[Gap]
    in_step: list[Gap]
    irregular: list[Gap]
    soon: list[Gap]
    whole: int

    @property
    def sooner(self) -> Sooner:
        """What it tells about other pings of the instance."""
        times = (gap.after.time for gap in (*self.anew, *self.irregular, *self.soon))
        return Sooner(sorted(times), sorted(gap.after.time for gap in self.anew))


def explained(
    rows: Sequence[Sequence[Gap]], period: float, starts: Sequence[float], others: Sequence[Sooner] = ()
) -> Explained:
    """What comes sooner than `period` seconds after the one before, by what explains it.

    `starts` are in order. `others` are pings of the same instance with other intervals, with which these come after a restart.

    A restart sends everything again and begins a new count of the interval. So a gap that is too short is as after a restart if the next one is whole
    again, or where it is the last, the one before; but if that is not exactly an interval, of more than a few only while there are twice as many
    whole ones: else it is no exception.
    """
    started: list[Gap] = []
    anew: list[Gap] = []
    loose: list[Gap] = []
    rest: list[Gap] = []
    stepped: list[Gap] = []
    anew_too = sorted(chain.from_iterable(other.anew for other in others))
    whole = sum(is_whole(gap, period) for row in rows for gap in row)
    for row in rows:
        if shared := in_step(row, period):
            stepped += shared
            continue
        for before, gap, following in zip((None, *row), row, (*row[1:], None), strict=False):
            if not is_short(gap, period):
                continue
            beside = following or before
            if bisect_right(starts, gap.after.time) > bisect_right(starts, gap.before.time):
                started.append(gap)
            elif has(anew_too, gap.after.time, _TOGETHER) or _is_anew(gap, beside, period):
                anew.append(gap)
            else:
                (rest if beside and is_short(beside, period) else loose).append(gap)
    if len(loose) > _MOST_UNSEEN and 2 * len(loose) > whole:
        rest += loose
    else:
        anew += loose
    return _told(Explained(started, anew, stepped, [], [], whole), rest, rows, period, others)


def _told(
    told: Explained, rest: list[Gap], rows: Sequence[Sequence[Gap]], period: float, others: Sequence[Sooner]
) -> Explained:
    """With the gaps that nothing has explained so far, which come in a row, or of which there are many.

    They are no restarts where one would not have come so soon. Where other pings come too soon with these, something was started again and again. It
    is not certain that it was where they come at one and the same distance, for all their clocks may be faster, or where those at the interval go on
    beside them as if nothing had been, unless another server is behind the address. Pings by themselves are no restarts in either case, and may be
    restarts in others.
    """
    if sum(gap.seconds < _FIRST for gap in rest) > _MOST_UNSEEN:
        return told._replace(soon=rest)
    against = _is_regular(rest) + _goes_on(rest, rows, period)
    speaks_for = any(_is_with(rest, rows, other.times) for other in others)
    if against > speaks_for:
        return told._replace(soon=rest)
    if against < speaks_for:
        return told._replace(anew=[*told.anew, *rest])
    return told._replace(irregular=rest)


def _is_anew(gap: Gap, beside: Gap | None, period: float) -> bool:
    """Whether a start is told by the pings alone: not sooner than one allows, and beside exactly one interval, which began with it."""
    return gap.seconds >= _FIRST and beside is not None and abs(beside.seconds - period) <= STEP * period


def _goes_on(rest: Sequence[Gap], rows: Sequence[Sequence[Gap]], period: float) -> bool:
    """Whether these are many, and most of them come while the pings at the interval go on."""
    if len(rest) < _MANY:
        return False
    beside_others = {id(gap) for row in rows if row for gap in crossed(row, period)}
    return sum(id(gap) in beside_others for gap in rest) >= _MOST * len(rest)


def _times(rows: Sequence[Sequence[Gap]]) -> Sequence[float]:
    """When the pings of these rows came, in order."""
    return sorted({ping.time for row in rows for gap in row for ping in (gap.before, gap.after)})


def _is_with(rest: Sequence[Gap], rows: Sequence[Sequence[Gap]], times: Sequence[float]) -> bool:
    """Whether what comes too soon does so with pings of another sort that do so too, and these with it."""
    mine = _times(rows)
    here = [time for time in times if mine and mine[0] - _TOGETHER <= time <= mine[-1] + _TOGETHER]
    with_them = sum(has(times, gap.after.time, _TOGETHER) for gap in rest)
    with_these = sum(has(mine, time, _TOGETHER) for time in here)
    return bool(rest) and with_them >= _MOST * len(rest) and with_these >= _MOST * len(here)


def _is_regular(found: Sequence[Gap]) -> bool:
    """Whether a clock seems to send these: two in three last as long as the one in the middle."""
    if len(found) < FEWEST_ALIKE:
        return False
    middle = median(gap.seconds for gap in found)
    alike = sum(abs(gap.seconds - middle) <= _ALIKE * middle for gap in found)
    return alike >= max(FEWEST_ALIKE, 2 * len(found) / 3)
