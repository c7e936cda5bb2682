"""The sign of life comes no more often than the document says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from telemetry_audit.model import Level, Statement, Verdict
from telemetry_audit.statements import statement
from telemetry_audit.wholes.lives import Lives
from telemetry_audit.wholes.rhythm import FEWEST, FEWEST_WHOLE, Rhythm, lasting
from telemetry_audit.wholes.series import Gap
from telemetry_audit.wholes.whole import Example, Found, Outcome, Sent, Whole

_ID = "keep-alive-interval"
_SOONER = "comes too soon"
_SAYS = {
    "soon": (Level.BREACH, "too-often", f"{_SOONER}, and nothing that was seen explains it"),
    "irregular": (Level.DRIFT, "irregular", f"{_SOONER}, as after restarts that nobody saw"),
    "in_step": (
        Level.DRIFT,
        "in-step",
        f"{_SOONER}, in step with earlier ones, as of several senders behind one address",
    ),
    "slow": (Level.DRIFT, "too-seldom", "comes less often than the document says"),
    "started": (Level.NOTE, "after-start", f"{_SOONER}, after a start that was seen"),
    "anew": (Level.NOTE, "after-restart", f"{_SOONER}, as after a restart"),
    "of_senders": (Level.NOTE, "of-sender", f"{_SOONER}, from another sender, which keeps the interval by itself"),
    "of_organisations": (
        Level.NOTE,
        "of-organisation",
        f"{_SOONER}, for another organisation, whose pings keep the interval by themselves",
    ),
}
"""By the field of a rhythm: what is found there."""


def _check(lives: Lives) -> Outcome:
    found = lives.rhythms
    return Outcome(
        found=tuple(each for rhythm in found for name in _SAYS for each in _found(name, rhythm)),
        looked_at=sum(each.cadence.pings for each in found),
        missing=tuple(_missing(found)),
        limits=tuple(_limits(found, lives)),
    )


def _found(name: str, rhythm: Rhythm) -> Iterator[Found]:
    gaps: Sequence[Gap] = getattr(rhythm, name)
    said: dict[tuple[str, str], Statement] = {}
    for gap in gaps:
        sign = gap.after.sign
        shape = f"{lasting(gap.seconds)} after the one before"
        about = sign.place.event, sign.pointer
        says = said.get(about) or said.setdefault(about, statement(_ID, _ID, _SAYS[name], *about))
        yield Found(says, (sign.place._replace(shape=shape),), 1, rhythm.whose.instance)


def _missing(found: Sequence[Rhythm]) -> Iterator[str]:
    undecided = Counter((each.cadence.event, each.cadence.hours) for each in found if _is_open(each))
    for (event, hours), count in sorted(undecided.items()):
        whose = "one instance" if count == 1 else f"{count:,} instances"
        yield (
            f"{event}: of {whose} fewer than {FEWEST} intervals were seen, or fewer than {FEWEST_WHOLE} of full length; "
            f"it takes a recording of some {FEWEST * hours + 1} hours"
        )


def _is_open(rhythm: Rhythm) -> bool:
    return rhythm.cadence.verdict is Verdict.UNDECIDED


def _limits(found: Sequence[Rhythm], lives: Lives) -> Iterator[str]:
    def total(name: str) -> int:
        return sum(getattr(each.cadence, name) for each in found)

    yield from _explanations(found, total)
    if count := total("long"):
        longer = "interval is" if count == 1 else "intervals are"
        yield f"{count:,} {longer} longer than documented: the instance stood still, or pings were not recorded"
    if count := total("steps"):
        times = "once" if count == 1 else f"{count:,} times"
        yield f"a clock was set back {times} in the recordings; nothing is compared across that"
    if count := total("untimed"):
        yield f"{count:,} {'ping has' if count == 1 else 'pings have'} no time in the recording"
    if "keep-alive" in lives.tally.signs.cut:
        yield "there are more pings than are compared; the later ones were only counted"


def _explanations(found: Sequence[Rhythm], total: Callable[[str], int]) -> Iterator[str]:
    """What explains pings that come too soon."""
    if restarts := total("started") + total("anew"):
        seen = total("started")
        yield f"{_pings(restarts)} sooner than the document says, as after a restart; of {seen:,} of them the start was seen"
    if count := total("irregular"):
        yield f"{_pings(count)} sooner than the document says, in a row, as of an instance that starts again and again; its log tells whether it did"
    if count := total("of_senders"):
        senders = sum(each.cadence.senders for each in found if each.of_senders)
        yield f"{_pings(count)} from several senders, {senders:,} in all, each of which keeps the interval"
    if count := total("of_organisations"):
        organisations = sum(each.cadence.organisations for each in found if each.of_organisations)
        yield f"{_pings(count)} for several organisations, {organisations:,} in all, each at its own interval"
    if count := total("in_step"):
        yield (
            f"{_pings(count)} sooner than the document says, and a whole interval after an earlier one: as of several servers behind one address,"
            " of instances that are not named, of requests that were sent again, or of recorders whose clocks differ"
        )


def _pings(count: int) -> str:
    return f"{count:,} {'ping comes' if count == 1 else 'pings come'}"


_INSTANCE = "609ce8fb4092701c69df9846"
_RELEASES = f"https://cs.appsmith.com/api/v1/releases?instanceId={_INSTANCE}&version=v1.60&edition=CE"
_ACTIVE = {"type": "track", "event": "Instance Active", "userId": _INSTANCE}


def _active(organisation: str, number: int) -> dict[str, object]:
    named = {"instanceId": _INSTANCE, "organizationId": organisation}
    return {**_ACTIVE, "messageId": f"{number:08x}-0000-4000-8000-{organisation[:12]}", "properties": named}


def _sent() -> dict[str, object]:
    return {**_ACTIVE, "properties": {"instanceId": _INSTANCE}}


def _stored(number: int) -> dict[str, object]:
    return {**_sent(), "messageId": f"api-1joj5LZSzuVCI9Ksh{number:06}"}


def _every(hours: float, count: int, client: str = "10.0.0.2", first: float = 0.0) -> tuple[Sent, ...]:
    return tuple(Sent(first + hours * number, _RELEASES, client) for number in range(count))


_LOOP = (0.0, 0.2, 0.3, 0.54, 0.67, 0.98, 1.1, 1.34, 1.5, 1.63, 1.9, 2.2)

KEEP_ALIVE_INTERVAL = Whole(
    id=_ID,
    promise=_ID,
    title="The sign of life keeps its interval",
    says=(
        "Pings are compared by the times at which they were recorded, for each event and instance by itself, within one sender (client's address, "
        "user agent and anonymous id) and one organisation. Five per cent of the interval are allowed for. What comes sooner is a breach, unless "
        "something explains it: a start of the container was seen in between; the count begins anew, as after a restart; other senders or other "
        "organisations keep the interval by themselves. Drift are pings that come at uneven distances and keep the interval with earlier ones, as "
        "of servers that share an address, pings in a row at no fixed interval, as of an instance that starts again and again, and an interval "
        "that is longer as a whole. Where pings of two intervals, such as a server's of two hours and of six, come too soon together, it is "
        "restarts; at one and the same distance that is drift, for their clocks may be faster. Where a ping goes on at its interval and others come "
        "in between, it was no restart. Repeats of a message, whether sent or recorded "
        "twice, are one ping. Pings are put in order of time; a clock that was set back cuts the recording, and what is longer than an interval "
        "and lies between two recordings is none. It takes three intervals to tell, and two of full length to say that the promise is kept."
    ),
    check=_check,
    examples=(
        Example("every two hours", _every(2, 5)),
        Example("two hours and some seconds", _every(2.01, 5)),
        Example(
            "every hour",
            _every(1, 5),
            ((1, "breach"), (2, "breach"), (3, "breach"), (4, "breach")),
            Verdict.BROKEN,
        ),
        Example(
            "all at one moment, as in a recording without times",
            tuple(
                Sent(0, {**_ACTIVE, "messageId": f"6f1c8a52-2f0e-4c0b-9d57-3a1f5b7e9c1{number}"}) for number in range(6)
            ),
            (),
            Verdict.UNDECIDED,
        ),
        Example("too few to tell", _every(2, 3), (), Verdict.UNDECIDED),
        Example("a restart", (*_every(2, 3), *_every(2, 3, first=4.5)), ((3, "note"),)),
        Example(
            "restarts in a row",
            tuple(Sent(hours, _RELEASES) for hours in (0, 2, 2.2, 2.9, 3.1, 5.1)),
            ((2, "drift"), (3, "drift"), (4, "note")),
            Verdict.DIFFERS,
        ),
        Example(
            "restarts in a row, which another ping shows too",
            tuple(
                sorted(
                    (
                        *(
                            Sent(hours, _RELEASES)
                            for hours in (0, 2, 4, 4.5, 6.5, 8.5, 9, 11, 13, 13.5, 15.5, 17.5, 19.5)
                        ),
                        *(Sent(hours, _sent()) for hours in (0, 4.5, 9, 13.5, 19.5)),
                    ),
                    key=lambda sent: sent.hours,
                )
            ),
            tuple((number, "note") for number in (4, 5, 8, 9, 12, 13)),
            Verdict.UNDECIDED,
        ),
        Example(
            "an instance that starts again and again",
            tuple(Sent(hours, message) for hours in _LOOP for message in (_RELEASES, _sent())),
            tuple((number, "note") for number in range(2, 2 * len(_LOOP))),
            Verdict.UNDECIDED,
        ),
        Example(
            "an instance that starts again and again, of which one ping was seen",
            tuple(Sent(hours, _RELEASES) for hours in _LOOP),
            tuple((number, "drift") for number in range(1, len(_LOOP))),
            Verdict.DIFFERS,
        ),
        Example(
            "two pings, each at an interval of its own that is too short",
            tuple(sorted((*_every(1, 13), *(Sent(3.0 * n, _sent()) for n in range(5))), key=lambda sent: sent.hours)),
            tuple((number, "breach") for number in range(2, 18)),
            Verdict.BROKEN,
        ),
        Example(
            "a restart whose start was seen",
            (
                *_every(2, 3),
                Sent(4.4, {"userId": "203.0.113.9", "event": "Instance Start", "properties": {"ip": "203.0.113.9"}}),
                *_every(2, 3, first=4.5),
            ),
            ((4, "note"),),
        ),
        Example(
            "two pods",
            tuple(sorted((*_every(2, 4), *_every(2, 4, "10.0.0.3", 0.7)))),
            tuple((number, "note") for number in range(1, 8)),
        ),
        Example(
            "two pods behind one address",
            tuple(sorted((*_every(2, 4), *_every(2, 4, first=0.7)))),
            tuple((number, "drift") for number in range(1, 8)),
            Verdict.DIFFERS,
        ),
        Example(
            "a recording a day",
            tuple(Sent(24.0 * n, _RELEASES, recording=str(n)) for n in range(6)),
            (),
            Verdict.UNDECIDED,
        ),
        Example(
            "sent and stored",
            tuple(
                Sent(6.0 * n + stored / 9_000, _stored(n) if stored else _sent(), recording=str(stored))
                for stored in (0, 1)
                for n in range(5)
            ),
        ),
        Example(
            "two organisations",
            tuple(Sent(6.0 * n, _active(org, n)) for n in range(4) for org in ("64d5f0c2a1b2", "75e6f0c2a1b2")),
            tuple((number, "note") for number in (1, 3, 5, 7)),
        ),
        Example("every three hours", _every(3, 5), ((4, "drift"),), Verdict.DIFFERS),
        Example(
            "the same message twice",
            tuple(Sent(6.0 * n + again / 10, _active("64d5f0c2a1b2", n)) for n in range(4) for again in (0, 1)),
        ),
        Example("recorded twice", tuple(sent._replace(recording=name) for sent in _every(2, 4) for name in ("a", "b"))),
        Example(
            "two recordings with a day in between",
            (*_every(2, 3), *(each._replace(recording="later") for each in _every(2, 3, first=30))),
        ),
    ),
)
