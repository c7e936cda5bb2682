"""Once an instance says that telemetry is switched off, only what the document exempts may leave it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from telemetry_audit.model import Condition, Place, Sign
from telemetry_audit.tally import Kind, Latest
from telemetry_audit.wholes.distinct import Distinct, Whose
from telemetry_audit.wholes.lives import Lives
from telemetry_audit.wholes.silence_examples import EXAMPLES
from telemetry_audit.wholes.whole import Found, Outcome, Whole


class Off(NamedTuple):
    """Since when telemetry is off, and when the instance was first restarted afterwards: seconds since the epoch, infinite if that was not seen."""

    since: float
    restarted: float


class After(NamedTuple):
    """The places of one kind after the switch: those before a restart and those after it, with how many there are, and whether some were not kept."""

    early: Sequence[Place]
    earlier: int
    late: Sequence[Place]
    later: int
    cut: bool


def _check(lives: Lives) -> Outcome:
    offs = _offs(lives)
    if lives.telemetry is not None or not offs:
        return _unsettled(lives, off=bool(offs))
    settled = [
        (kind, whose.instance, _after(latest, offs[whose]))
        for kind, latest in lives.tally.waiting.of(Condition.OFF)
        if (whose := lives.whose(kind.instance, kind.recording)) in offs
    ]
    seen = sum(after.earlier + after.later for *_, after in settled)
    alive = sum(
        _is_after(sign, offs[whose])
        for (_, whose), found in lives.pings.items()
        if whose in offs
        for sign in found.signs
    )
    return Outcome(
        tuple(each for kind, instance, after in settled for each in _found(kind, instance, after)),
        len(offs) + seen + alive,
        tuple(_missing(lives, offs, seen=bool(seen or alive))),
        tuple(_limits(lives, offs, any(after.cut for *_, after in settled))),
    )


def _unsettled(lives: Lives, *, off: bool) -> Outcome:
    """Where what the operator says counts, or no instance says in the end that telemetry is off."""
    if lives.telemetry:
        return Outcome(
            limits=("a set-up ping says that telemetry is off, and the operator that it is on",) if off else ()
        )
    if lives.telemetry is False:
        doubted = any(_last_word(found) is False for found in lives.setups.values())
        return Outcome(missing=(_DOUBTED,) if doubted else ())
    told = sum(any(sign.off for sign in found.signs) for found in lives.setups.values())
    return Outcome(looked_at=told, missing=(_WITHDRAWN,) if told else ())


def _last_word(found: Distinct) -> bool | None:
    """What the last ping at set-up that says so says of whether telemetry is off."""
    return next((sign.off for sign in reversed(found.signs) if sign.off is not None), None)


def _offs(lives: Lives) -> Mapping[Whose, Off]:
    """The instances whose last word on telemetry is that it is off, since they first said so."""
    since: dict[Whose, float] = {}
    for whose, found in lives.setups.items():
        for sign in found.signs:
            if sign.off is False:
                since.pop(whose, None)
            elif sign.off:
                since.setdefault(whose, math.inf if sign.place.time is None else sign.place.time)
    if not since:
        return {}
    starts = {whose: list(lives.starts.get(whose, ())) for whose in since}
    for rhythm in lives.rhythms:
        if rhythm.whose in starts:
            # What is irregular may be restarts, or clocks that are too fast: neither a breach nor silence can rest on it.
            starts[rhythm.whose] += [gap.after.time for gap in (*rhythm.started, *rhythm.anew)]
    return {
        whose: Off(at, min((time for time in starts[whose] if time > at), default=math.inf))
        for whose, at in since.items()
    }


def _after(latest: Latest, off: Off) -> After:
    places = [place for place in latest.last() if place.time is not None and place.time > off.since]
    late = [place for place in places if (place.time or 0) >= off.restarted]
    timed = latest.count - latest.untimed
    count = timed if latest.first > off.since else len(places)
    later = timed if latest.first >= off.restarted else len(late)
    return After(
        places[len(late) :], count - later, late, later, cut=timed > len(latest.last()) and latest.first <= off.since
    )


def _found(kind: Kind, instance: str, after: After) -> Iterator[Found]:
    if after.late:
        yield Found(kind.worst, after.late, after.later, instance)
    if after.early:
        yield Found(kind.mild, after.early, after.earlier, instance)


def _is_after(sign: Sign, off: Off) -> bool:
    return sign.place.time is not None and sign.place.time > off.since


def _missing(lives: Lives, offs: Mapping[Whose, Off], *, seen: bool) -> Iterator[str]:
    if math.inf in {off.since for off in offs.values()}:
        yield "a set-up ping that says that telemetry is off has no time, so nobody can tell what left after it"
    elif not seen:
        yield "nothing was seen of the instance after its set-up ping said that telemetry is off, so its silence shows nothing"
    elif math.inf in {off.restarted for off in offs.values()}:
        yield "no restart was seen after the set-up ping, and the switch is read at the start: silence before it shows nothing"
    waiting = lives.tally.waiting.of(Condition.OFF)
    untimed = sum(latest.untimed for kind, latest in waiting if lives.whose(kind.instance, kind.recording) in offs)
    if untimed:
        events = "1 event has" if untimed == 1 else f"{untimed:,} events have"
        yield f"{events} no time, so nobody can tell what left after telemetry was switched off"
    nameless = {lives.whose(kind.instance, kind.recording) for kind, _ in lives.tally.waiting.of(Condition.OFF)}
    if any(not whose.instance and whose not in offs for whose in nameless):
        yield "some events name no instance, and nobody can tell whether theirs has telemetry off"


_DOUBTED = "the operator says that telemetry is off, and a set-up ping that it is on"
_WITHDRAWN = "a set-up ping says that telemetry is off, and a later one of its instance that it is on; what left in between is not judged"


def _limits(lives: Lives, offs: Mapping[Whose, Off], cut: bool) -> Iterator[str]:  # noqa: FBT001 - whether not all are kept
    whose = "one instance" if len(offs) == 1 else f"{len(offs):,} instances"
    yield f"that telemetry is off was learnt from the set-up ping of {whose}, not from the operator (--telemetry)"
    if cut or not lives.tally.waiting.complete:
        yield "of what left after it, the latest of each kind are counted"


SILENT_ONCE_OFF = Whole(
    id="silent-once-off",
    promise="silent-when-off",
    title="Silence once the instance says that telemetry is off",
    says=(
        "Where the operator does not say whether telemetry is on, the ping at set-up does. From the moment on at which one that says off was "
        "recorded, what leaves its instance and is not exempt is a finding of the rule `sent-while-off`: drift until the instance is restarted, "
        "since the switch is read at the start, and a breach after that; silence counts from then on. The container's report of its start tells a "
        "restart, or pings whose count begins anew."
    ),
    check=_check,
    examples=EXAMPLES,
)
