"""How often an instance says that it runs: the pings of one event and instance, measured and judged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from statistics import median
from typing import NamedTuple

from telemetry_audit.model import Verdict
from telemetry_audit.wholes.clocks import Ping, timed
from telemetry_audit.wholes.distinct import Distinct, Whose
from telemetry_audit.wholes.explained import Sooner, explained
from telemetry_audit.wholes.series import TOLERANCE, Gap, gaps, is_between, is_long, is_short

FEWEST = 3
"""Intervals that it takes for a verdict."""

FEWEST_WHOLE = 2
"""Of these, intervals of full length that it takes to say that the rhythm is kept."""

_HOUR = 3_600


class Cadence(NamedTuple):
    """The pings of one event and instance, and the verdict on how often they come.

    `instance` is a keyed fingerprint, "" where nothing names one. `hours` lie between two pings by the document. `pings` leaves `repeats` of the same
    message out; `untimed` of them have no time. `senders` and `organisations` are how many of each were told apart. Of the `intervals` within
    one sender and organisation, `median`, `shortest` and `longest` are in seconds. Of what came sooner than documented, `started` followed a start
    that was seen, `anew` look like it, `in_step` keep the interval with other pings than the one before, `irregular` look like several restarts,
    `of_senders` and `of_organisations` keep the interval by themselves, and `soon` have no explanation. `long` intervals are longer than documented;
    what is longer and lies between two recordings is no interval. A clock was set back `steps` times.
    """

    event: str
    contract: str
    instance: str
    hours: int
    pings: int
    repeats: int
    untimed: int
    senders: int
    organisations: int
    intervals: int
    median: float | None
    shortest: float | None
    longest: float | None
    started: int
    anew: int
    in_step: int
    irregular: int
    of_senders: int
    of_organisations: int
    soon: int
    long: int
    steps: int
    verdict: Verdict


class Rhythm(NamedTuple):
    """A cadence, whose it is, and the pings behind its numbers; `slow` is the last ping where the interval as a whole is too long.

    `sooner` is what it tells about other pings of the instance.
    """

    cadence: Cadence
    whose: Whose
    started: tuple[Gap, ...]
    anew: tuple[Gap, ...]
    in_step: tuple[Gap, ...]
    irregular: tuple[Gap, ...]
    of_senders: tuple[Gap, ...]
    of_organisations: tuple[Gap, ...]
    soon: tuple[Gap, ...]
    slow: tuple[Gap, ...]
    sooner: Sooner


class Life(NamedTuple):
    """What is known of an instance beside the pings to look at: whose they are, when it started, in seconds since the epoch, and its other pings.

    `unordered` are the recordings of which the order of entries says nothing.
    """

    whose: Whose
    starts: Sequence[float]
    others: Sequence[Sooner] = ()
    unordered: Collection[str] = ()


def rhythm(found: Distinct, hours: int, life: Life) -> Rhythm:
    """The rhythm of some pings, which are to come once in so many hours."""
    signs, whose = found.signs, life.whose
    period = float(hours * _HOUR)
    pings, steps = timed(signs, period * (1 - TOLERANCE), life.unordered)
    rows = gaps(pings, lambda ping: (ping.sign.sender, ping.sign.organisation))
    told = explained(rows, period, sorted(life.starts), life.others)
    every = [gap for gap in chain.from_iterable(rows) if not is_between(gap, period)]
    own = {gap.after for gap in every if is_short(gap, period)}
    joined = _short(pings, period, by_organisation=True, but=own)
    of_organisations = _short(pings, period, by_organisation=False, but=own | {gap.after for gap in joined})
    seconds = sorted(gap.seconds for gap in every)
    long = [gap for gap in every if is_long(gap, period)]
    slow = len(every) >= FEWEST and 2 * len(long) > len(every)
    differs = bool(told.in_step or told.irregular) or slow
    enough = len(every) >= FEWEST and (bool(told.soon) or differs or told.whole >= FEWEST_WHOLE)
    verdict = Verdict.BROKEN if told.soon else Verdict.DIFFERS if differs else Verdict.KEPT
    cadence = Cadence(
        event=signs[0].place.event,
        contract=signs[0].contract,
        instance=whose.instance,
        hours=hours,
        pings=len(signs),
        repeats=found.repeats,
        untimed=len(signs) - len(pings),
        senders=_different(sign.sender for sign in signs),
        organisations=_different(sign.organisation for sign in signs),
        intervals=len(every),
        median=median(seconds) if seconds else None,
        shortest=seconds[0] if seconds else None,
        longest=seconds[-1] if seconds else None,
        started=len(told.started),
        anew=len(told.anew),
        in_step=len(told.in_step),
        irregular=len(told.irregular),
        of_senders=len(joined),
        of_organisations=len(of_organisations),
        soon=len(told.soon),
        long=len(long),
        steps=steps,
        verdict=verdict if enough else Verdict.UNDECIDED,
    )
    return Rhythm(
        cadence,
        whose,
        tuple(told.started),
        tuple(told.anew),
        tuple(told.in_step),
        tuple(told.irregular),
        tuple(joined),
        tuple(of_organisations),
        tuple(told.soon) if enough else (),
        (max(long, key=lambda gap: gap.after.time),) if enough and slow and not told.soon else (),
        told.sooner,
    )


def _short(pings: Sequence[Ping], period: float, *, by_organisation: bool, but: set[Ping]) -> list[Gap]:
    """What comes too soon after the ping of another sender, or of another organisation."""
    rows = gaps(pings, lambda ping: ping.sign.organisation if by_organisation else "")
    return [gap for row in rows for gap in row if is_short(gap, period) and gap.after not in but]


def _different(told: Iterator[str]) -> int:
    return len({each for each in told if each})


def lasting(seconds: float) -> str:
    """A time in words: `2 h 00 min`, `59 min 58 s`, `12 s`."""
    whole = round(seconds)
    if whole >= _HOUR:
        return f"{whole // _HOUR:,} h {whole % _HOUR // 60:02} min"
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{whole} s"  # noqa: PLR2004 - seconds in a minute
