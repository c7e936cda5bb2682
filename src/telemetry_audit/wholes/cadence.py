"""The sign of life comes no more often than the document says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from telemetry_audit.model import Level, Statement, Verdict
from telemetry_audit.statements import statement
from telemetry_audit.wholes.cadence_examples import EXAMPLES
from telemetry_audit.wholes.lives import Lives
from telemetry_audit.wholes.rhythm import FEWEST, FEWEST_WHOLE, Rhythm, lasting
from telemetry_audit.wholes.series import Gap
from telemetry_audit.wholes.whole import Found, Outcome, Whole

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
    examples=EXAMPLES,
)
