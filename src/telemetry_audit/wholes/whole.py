"""What a rule over all that was seen is: the check of one promise, with examples of what it finds and of what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from telemetry_audit.model import Finding, Place, Statement, Verdict
from telemetry_audit.tally import MOST_PLACES, Places
from telemetry_audit.wholes.lives import Lives


class Found(NamedTuple):
    """A statement, places where it holds, how many of them there are in all, and of which instance, by its fingerprint, "" where nobody can tell."""

    statement: Statement
    places: Sequence[Place]
    times: int
    instance: str


class Outcome(NamedTuple):
    """What a check comes to: what it found, how many places it looked at, what it takes to say more, and what the answer rests on."""

    found: tuple[Found, ...] = ()
    looked_at: int = 0
    missing: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


class Sent(NamedTuple):
    """What left in an example: after so many hours, a message to Segment or the URL of a GET, from this client, in this recording."""

    hours: float
    message: Mapping[str, Any] | str
    client: str = "10.0.0.2"
    recording: str = "server"


@dataclass(frozen=True, slots=True)
class Example:
    """What left, exactly what is found in it (the place of what left in `sent`, and the level), and the verdict on the promise."""

    says: str
    sent: tuple[Sent, ...]
    finds: tuple[tuple[int, str], ...] = ()
    verdict: Verdict = Verdict.KEPT


@dataclass(frozen=True, slots=True)
class Whole:
    """One rule over all that was seen; `says` becomes its documentation."""

    id: str
    promise: str
    title: str
    says: str
    check: Callable[[Lives], Outcome]
    examples: tuple[Example, ...]


def gathered(found: Iterable[Found]) -> tuple[Finding, ...]:
    """What was found as findings, one for each statement; of very many places the first are kept."""
    places: dict[Statement, Places] = {}
    for statement, at, count, _ in found:
        places.setdefault(statement, Places(MOST_PLACES[statement.level])).add(at, count)
    return tuple(Finding(statement, kept.count, tuple(kept.first())) for statement, kept in places.items())
