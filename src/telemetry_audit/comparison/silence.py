"""Two recordings, one with telemetry on and one with it off: what stopped, and what went on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from telemetry_audit.catalog import Catalog, Contract
from telemetry_audit.comparison.compare import NotComparable, hidden_names, seen_twice
from telemetry_audit.comparison.told import ANY, Sent, Told, span
from telemetry_audit.model import Level
from telemetry_audit.rules.sent_while_off import SENT_WHILE_OFF


class Outcome(StrEnum):
    """What became of an event or a destination when telemetry was switched off, what matters most first."""

    STILL_SENT = "still sent, and not exempt"
    NOT_DOCUMENTED = "still sent, and no document speaks of it"
    EXEMPT = "still sent, and exempt"
    STOPPED = "stopped, as promised"
    STOPPED_THOUGH_EXEMPT = "stopped, though exempt"
    NEVER_SEEN = "never seen while on, so nothing is shown"


_TELLING = frozenset({Outcome.STILL_SENT, Outcome.STOPPED})
"""What becomes of events that have to stop."""


_FEWEST_DUE = 1.0
"""Events that have to stop and would have come in the time that was recorded with telemetry off: with fewer, that none came shows nothing."""


class EventSilence(NamedTuple):
    """An event, how often it was seen with telemetry on and off, and what that comes to; `vendor` is "" for one that was never seen."""

    name: str
    vendor: str
    on: int
    off: int
    outcome: Outcome


class DestinationSilence(NamedTuple):
    """A destination, how many exchanges went there with telemetry on and off, and what that comes to."""

    host: str
    destination: str
    on: int
    off: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Silence:
    """What two recordings show of the promise of silence; `limits` are sentences on what they cannot show."""

    on: Told
    off: Told
    events: tuple[EventSilence, ...]
    destinations: tuple[DestinationSilence, ...]
    limits: tuple[str, ...]

    @property
    def broken(self) -> bool:
        """Whether something was sent although telemetry was off and no document exempts it."""
        outcomes = (*(each.outcome for each in self.events), *(each.outcome for each in self.destinations))
        return Outcome.STILL_SENT in outcomes

    @property
    def inconclusive(self) -> tuple[str, ...]:
        """Why silence shows nothing here; empty if it does."""
        sides = (("on", self.on), ("off", self.off))
        reasons = tuple(f"{side}: {reason}" for side, told in sides for reason in told.inconclusive)
        if not any(each.on and each.outcome in _TELLING for each in self.events):
            return (*reasons, "on: no event was seen that has to stop")
        return (*reasons, *self._too_short())

    def _too_short(self) -> Iterator[str]:
        """That what has to stop need not have come yet, had it not stopped."""
        if not self.on.hours or self.off.hours is None:
            return
        due = sum(each.on for each in self.events if each.outcome in _TELLING) * self.off.hours / self.on.hours
        if due < _FEWEST_DUE:
            yield "off: the recording is so short that, going by the other one, nothing that has to stop was due in it"


def silence(on: Told, off: Told, catalog: Catalog) -> Silence:
    """What stopped and what went on.

    What is exempt was decided by the rule on silence when `off` was audited. Raises NotComparable where `off` was not audited with telemetry off,
    `on` was, or the two were held against different editions.
    """
    if off.deployment.telemetry != "off":
        raise NotComparable(
            "The report on telemetry that is off was made without --telemetry off. Make it again with it."
        )
    if on.deployment.telemetry == "off":
        raise NotComparable("The report on telemetry that is on was made with --telemetry off. Make it again without.")
    if on.document != off.document:
        raise NotComparable(
            "The two were held against different editions of the documents. Give both the same --document."
        )
    levels = dict(_levels(off))
    exempt = catalog.exempt_when_off(None if off.document == ANY else off.document)
    events = (*_events(on.events, off.events, levels, exempt, catalog), *_never(on, off, exempt, catalog))
    ordered = sorted(events, key=lambda each: (list(Outcome).index(each.outcome), each.name, each.vendor))
    destinations = sorted(
        _destinations(on, off, levels), key=lambda each: (list(Outcome).index(each.outcome), *each[:2])
    )
    return Silence(on, off, tuple(ordered), tuple(destinations), tuple(_limits(on, off, exempt, catalog)))


def _levels(off: Told) -> Iterator[tuple[str, Level]]:
    """What the rule on silence says of each event or host, the most serious last."""
    found = [finding for finding in off.findings if finding.promise == SENT_WHILE_OFF.promise]
    for finding in sorted(found, key=lambda each: list(Level).index(each.level), reverse=True):
        yield finding.event, finding.level


def _events(
    on: Iterable[Sent], off: Iterable[Sent], levels: Mapping[str, Level], exempt: frozenset[str], catalog: Catalog
) -> Iterator[EventSilence]:
    slugs = {name: contract.id for contract in catalog.events for name in contract.names}
    purposes = {(each.name, each.vendor): each.purpose for each in (*on, *off)}
    was, is_ = _counted(on), _counted(off)
    for key, purpose in purposes.items():
        name = key[0]
        if key in is_:
            outcome = _went_on(levels.get(name))
        elif {purpose, slugs.get(name)} & exempt:
            outcome = Outcome.STOPPED_THOUGH_EXEMPT
        else:
            outcome = Outcome.STOPPED
        yield EventSilence(*key, was.get(key, 0), is_.get(key, 0), outcome)


def _went_on(level: Level | None) -> Outcome:
    """What the rule's finding on something that still leaves comes to; without one it is exempt."""
    if level is None:
        return Outcome.EXEMPT
    return Outcome.STILL_SENT if level is Level.BREACH else Outcome.NOT_DOCUMENTED


def _never(on: Told, off: Told, exempt: frozenset[str], catalog: Catalog) -> Iterator[EventSilence]:
    """The documented events that ought to stop and were seen neither with telemetry on nor off."""
    seen = {each.name for each in (*on.events, *off.events)}
    for contract in _ought_to_stop(catalog.events, on.document, exempt):
        if seen.isdisjoint(contract.names):
            yield EventSilence(contract.names[0] if contract.names else contract.id, "", 0, 0, Outcome.NEVER_SEEN)


def _ought_to_stop(contracts: Iterable[Contract], document: str, exempt: frozenset[str]) -> Iterator[Contract]:
    edition = None if document == ANY else document
    return (each for each in contracts if each.documented_in(edition) and not {each.purpose, each.id} & exempt)


def _destinations(on: Told, off: Told, levels: Mapping[str, Level]) -> Iterator[DestinationSilence]:
    was, is_ = ({(each.host, each.destination): each.exchanges for each in told.destinations} for told in (on, off))
    by_purpose: dict[str, list[Outcome]] = {}
    for event in off.events:
        by_purpose.setdefault(event.purpose, []).append(_went_on(levels.get(event.name)))
    sent: dict[tuple[str, str], list[Outcome]] = {}
    for crossed in off.crossings:
        sent.setdefault((crossed.host, crossed.destination), []).extend(by_purpose.get(crossed.purpose, ()))
    for key in was | is_:
        host, destination = key
        own = (levels[name] for name in (host, f"{host} ({destination})") if name in levels)
        outcomes = [*sent.get(key, ()), *map(_went_on, own)]
        worst = min(outcomes, key=list(Outcome).index, default=Outcome.NOT_DOCUMENTED)  # unknown is not exempt
        yield DestinationSilence(*key, was.get(key, 0), is_.get(key, 0), worst if key in is_ else Outcome.STOPPED)


def _counted(events: Iterable[Sent]) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for each in events:
        counted[each.name, each.vendor] = counted.get((each.name, each.vendor), 0) + each.count
    return counted


def _limits(on: Told, off: Told, exempt: frozenset[str], catalog: Catalog) -> Iterator[str]:
    yield f"what may leave with telemetry off: {', '.join(sorted(exempt))}"
    yield from seen_twice(on, off)
    yield from hidden_names(on, off)
    seen = {each.name for each in on.events}
    for family in _ought_to_stop(catalog.families, on.document, exempt):
        if family.names:
            told = sum(catalog.named(name) is family for name in seen)
            were = "was" if told == 1 else "were"
            more = " or more" if family.pattern else ""
            yield f"of the {len(family.names):,}{more} events of the family {family.id} {told:,} {were} seen with telemetry on"
    spans = on.hours, off.hours
    if not spans[0] or not spans[1]:
        yield "how long each side was recorded is not known: what stopped may only not have come yet"
    elif spans[1] * 2 < spans[0]:
        yield f"with telemetry off the recording spans {span(spans[1])}, with it on {span(spans[0])}: what stopped may only not have come yet"
