"""Whether a contact's detail may stand in an event is settled by what its instance says of the newsletter, in whatever event."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from telemetry_audit.catalog import SETUP
from telemetry_audit.model import Condition, Verdict
from telemetry_audit.tally import Kind, Latest
from telemetry_audit.wholes.distinct import Whose
from telemetry_audit.wholes.lives import Lives
from telemetry_audit.wholes.whole import Example, Found, Outcome, Sent, Whole

_SOON = 600.0
"""Seconds by which a contact's detail may leave before the ping at set-up that says yes: one form sends both, in either order."""


class Word(NamedTuple):
    """What an instance said of the newsletter, and when, in seconds since the epoch; at any time where nobody knows."""

    time: float
    agreed: bool


def _check(lives: Lives) -> Outcome:
    said = _said(lives)
    waiting = [
        (kind, lives.whose(kind.instance, kind.recording), latest)
        for kind, latest in lives.tally.waiting.of(Condition.CONSENT)
    ]
    found = tuple(each for kind, whose, latest in waiting for each in _settled(kind, whose, latest, said))
    early = [latest for _, whose, latest in waiting if _is_early(latest, said.get(whose, ()))]
    limits = _limits(lives, {whose for _, whose, _ in waiting}, said)
    return Outcome(found, missing=(_EARLY,) if early else (), limits=tuple(limits))


_EARLY = "a contact's detail left before its instance said yes, and nobody can tell whether it had been asked by then"


def _said(lives: Lives) -> Mapping[Whose, Sequence[Word]]:
    """What each instance says of the newsletter, in order of time."""
    words = {
        whose: [
            Word(-math.inf if sign.place.time is None else sign.place.time, sign.consent)
            for sign in found.signs
            if sign.consent is not None
        ]
        for whose, found in lives.setups.items()
    }
    return {whose: sorted(told) for whose, told in words.items() if told}


def _settled(kind: Kind, whose: Whose, latest: Latest, said: Mapping[Whose, Sequence[Word]]) -> Iterator[Found]:
    words = said.get(whose, ())
    if not any(word.agreed for word in words):
        yield Found(kind.worst if words else kind.mild, latest.last(), latest.count, whose.instance)
    elif against := [place for place in latest.last() if not _agreed(words, place.time)]:
        yield Found(kind.worst, against, len(against), whose.instance)


def _agreed(words: Sequence[Word], time: float | None) -> bool:
    """Whether the last word at that time is yes, the first where there was none yet; without a time, whether all are."""
    if time is None:
        return all(word.agreed for word in words)
    before = bisect_right(words, time, key=lambda word: word.time - _SOON)
    return words[max(before, 1) - 1].agreed


def _is_early(latest: Latest, words: Sequence[Word]) -> bool:
    """Whether the first of these left well before the first word, and that is yes."""
    return bool(words) and words[0].agreed and latest.first < words[0].time - _SOON


def _limits(lives: Lives, whose: AbstractSet[Whose], said: Mapping[Whose, Sequence[Word]]) -> Iterator[str]:
    if agreed := sum(any(word.agreed for word in said.get(each, ())) for each in whose):
        yield f"consent was learnt from the set-up ping of {'one instance' if agreed == 1 else f'{agreed:,} instances'}"
    if SETUP in lives.tally.signs.cut or not lives.tally.waiting.complete:
        yield "there are more instances than are compared"


_INSTANCE = "659cf0bd504813315c336bf7"
_IDENTIFY = {
    "type": "identify",
    "userId": _INSTANCE,
    "traits": {"isInstance": True, "email": "jane@example.com", "name": "Jane Roe"},
}


def _setup(newsletter: object, instance: str = _INSTANCE) -> dict[str, object]:
    told = {"instanceId": instance, "disable-telemetry": False, "subscribe-marketing": newsletter}
    return {"type": "track", "event": "Installation Setup Complete", "userId": instance, "properties": told}


CONSENT_GIVEN = Whole(
    id="consent-given",
    promise="consent",
    title="Contact details only of an instance that said yes",
    says=(
        "An identify of the instance carries the administrator's name and e-mail address without saying whether the newsletter was asked for. The"
        " ping at set-up of the same instance says it, in this recording or another: if yes, nothing is wrong; if no, they are breaches of the rule "
        "`consent`. Where several say different things, the last one counts, from ten minutes before it on, and the first one for what left earlier; "
        "what left earlier than a first yes is undecided. If no such ping was seen, they are drift."
    ),
    check=_check,
    examples=(
        Example("the newsletter asked for", (Sent(0, _IDENTIFY), Sent(0.1, _setup(newsletter=True)))),
        Example(
            "asked for a day later", (Sent(0, _IDENTIFY), Sent(24, _setup(newsletter=True))), (), Verdict.UNDECIDED
        ),
        Example(
            "not asked for any more",
            (
                Sent(0, _setup(newsletter=True)),
                Sent(1, _IDENTIFY),
                Sent(2, _setup(newsletter=False)),
                Sent(3, _IDENTIFY),
            ),
            ((3, "breach"), (3, "breach")),
            Verdict.BROKEN,
        ),
        Example(
            "asked for after it had left",
            (
                Sent(0, _setup(newsletter=False)),
                Sent(1, _IDENTIFY),
                Sent(24, _setup(newsletter=True)),
                Sent(24, _IDENTIFY),
            ),
            ((1, "breach"), (1, "breach")),
            Verdict.BROKEN,
        ),
        Example(
            "not asked for",
            (Sent(0, _IDENTIFY), Sent(0.1, _setup(newsletter=False), recording="later")),
            ((0, "breach"), (0, "breach")),
            Verdict.BROKEN,
        ),
        Example("nobody says", (Sent(0, _IDENTIFY),), ((0, "drift"), (0, "drift")), Verdict.DIFFERS),
        Example(
            "another instance says it",
            (Sent(0, _IDENTIFY), Sent(0.1, _setup(newsletter=True, instance="659cf0bd504813315c336c00"))),
            ((0, "drift"), (0, "drift")),
            Verdict.DIFFERS,
        ),
    ),
)
