"""When pings were recorded: in order of time, whatever order the recording has, unless its clock was set back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from telemetry_audit.model import Sign
from telemetry_audit.wholes.distinct import SAME

_MOST_STEPS = 2
"""Times that a clock is believed to have been set back in a recording by more than what lies between two pings; more are an order of another sort."""


class Ping(NamedTuple):
    """A ping with a time, in seconds since the epoch, on a clock that goes forward; `clock` tells apart what stands before and after a step back."""

    time: float
    clock: tuple[str, int]
    sign: Sign


def timed(signs: Sequence[Sign], soonest: float, unordered: Collection[str] = ()) -> tuple[list[Ping], int]:
    """The signs that have a time as pings, in order, and how many times a clock was set back.

    A recording in which the clock was set back is cut there, and keeps clocks of its own; all others share one. `unordered` are the recordings of
    which the order of entries says nothing. In the others the time also goes back where an exchange was written late, since no answer came: that it
    was the clock is believed only where the pings, put in order of time, would come sooner than `soonest` seconds after one another.
    """
    by_recording: defaultdict[str, list[Sign]] = defaultdict(list)
    for sign in signs:
        if sign.place.time is not None:
            by_recording[sign.place.input].append(sign)
    pings: list[Ping] = []
    steps = 0
    for recording, found in by_recording.items():
        found.sort(key=lambda sign: (sign.place.exchange, sign.place.where))
        back = () if recording in unordered else _set_back(found, soonest)
        steps += len(back)
        clock = 0
        for number, sign in enumerate(found):
            clock += number in back
            pings.append(Ping(sign.place.time or 0.0, (recording, clock) if back else ("", 0), sign))
    return sorted(pings, key=lambda ping: ping[:2]), steps


def _set_back(found: Sequence[Sign], soonest: float) -> Collection[int]:
    """The numbers of the signs before which the clock was set back."""
    times = [sign.place.time or 0.0 for sign in found]
    back = {number for number, (one, other) in enumerate(pairwise(times), 1) if other < one - SAME}
    return back if 0 < len(back) <= _MOST_STEPS and _comes_sooner(found, soonest) else ()


def _comes_sooner(found: Sequence[Sign], soonest: float) -> bool:
    """Whether pings of one sender and organisation, in order of time, come sooner than that after one another."""
    rows: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for sign in found:
        rows[sign.sender, sign.organisation].append(sign.place.time or 0.0)
    return any(other - one < soonest for row in rows.values() for one, other in pairwise(sorted(row)))
