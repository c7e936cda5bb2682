"""From what was counted to what is said: a verdict on every promise, with its evidence and its limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from telemetry_audit.addresses import Addresses, settle
from telemetry_audit.anonymity import Anonymity, picture
from telemetry_audit.catalog import PING, Catalog
from telemetry_audit.editions import Elsewhere, elsewhere
from telemetry_audit.model import Acceptance, EventBrief, Finding, Level, Side, Unread
from telemetry_audit.sides import SideSeen, sides
from telemetry_audit.tally import Crossing, Destined, Instance, Tally, Timeline
from telemetry_audit.terms import Terms
from telemetry_audit.unseen import Unseen, unseen
from telemetry_audit.verdicts import Grounds, PromiseVerdict, verdicts
from telemetry_audit.wholes import Cadence, Lives, gathered, outcomes, with_found

_UNORDERED = frozenset({"HAR", "stored events"})
"""Kinds of recordings that list their entries in any order: browsers by page, exports by whatever was asked for."""

__all__ = ["Applied", "Coverage", "Input", "PromiseVerdict", "Report", "report"]


@dataclass(frozen=True, slots=True)
class Input:
    """A recording that was audited.

    Its name and kind, the SHA-256 of its bytes, its size in bytes, how many exchanges it held, and the first and last time, in seconds since the
    epoch, of those that were judged.
    """

    name: str
    kind: str
    sha256: str
    size: int
    exchanges: int
    first: float | None = None
    last: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen: `exchanges` is the sum of `judged`, `ignored` and `unread`; `pings` of those ignored are canary exchanges of our own."""

    exchanges: int
    judged: int
    ignored: int
    unread: int
    events: int
    sides: tuple[Side, ...]
    pings: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an acceptance: how many findings it covers, and whether its last day has passed."""

    acceptance: Acceptance
    findings: int
    expired: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a format needs, in a stable order, without a payload's value.

    `as_of` is the day on which acceptances were held to be expired or not, None where none of them has an end. `more_instances` is whether there were
    more than are listed.
    """

    terms: Terms
    inputs: tuple[Input, ...]
    coverage: Coverage
    promises: tuple[PromiseVerdict, ...]
    findings: tuple[Finding, ...]
    unread: tuple[Unread, ...]
    events: tuple[tuple[EventBrief, int], ...]
    destinations: tuple[tuple[Destined, int], ...]
    ignored: tuple[tuple[Destined, int], ...]
    addresses: Addresses
    anonymity: Anonymity
    timeline: Timeline
    crossings: tuple[tuple[Crossing, int], ...]
    shortfalls: tuple[str, ...] = ()
    acceptances: tuple[Applied, ...] = ()
    as_of: date | None = None
    cadences: tuple[Cadence, ...] = ()
    sides: tuple[SideSeen, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    editions: tuple[Elsewhere, ...] = ()
    instances: tuple[Instance, ...] = ()
    more_instances: bool = False

    def of_level(self, level: Level) -> tuple[Finding, ...]:
        """The findings of one level, in order."""
        return tuple(finding for finding in self.findings if finding.statement.level is level)

    @property
    def inconclusive(self) -> tuple[str, ...]:
        """Why the recording is no clean bill even without a breach; empty if it is one."""
        reasons = [*self.shortfalls]
        if not (self.coverage.events or self.coverage.pings):
            reasons.append("no telemetry was seen, so nothing was shown about it")
        if self.coverage.unread:
            reasons.append(f"of {self.coverage.exchanges:,} exchanges {self.coverage.unread:,} could not be read")
        return tuple(reasons)


def report(
    tally: Tally, inputs: tuple[Input, ...], catalog: Catalog, terms: Terms, shortfalls: tuple[str, ...] = ()
) -> Report:
    """The report on all that was counted; `shortfalls` are sentences on what is missing although it was seen, such as a journal's end."""
    addresses = settle(tally, known=terms.server_addresses)
    edition = terms.document or None
    lives = Lives(tally, catalog, edition, terms.telemetry, _unordered(inputs))
    settled = outcomes(lives)
    over_all = [found for outcome in settled.values() for found in outcome.found]
    findings = tuple(sorted((*tally.occurrences(), *addresses.findings, *gathered(over_all)), key=_order))
    grounds = Grounds(lives, findings, addresses, settled, terms)
    judged = tuple(verdicts(grounds, catalog))
    return Report(
        terms=terms,
        inputs=inputs,
        coverage=Coverage(
            exchanges=tally.exchanges,
            judged=tally.judged,
            ignored=tally.ignored.total(),
            unread=tally.unread,
            events=tally.events.total(),
            sides=tuple(sorted(tally.sides)),
            pings=_pings(tally, catalog),
        ),
        promises=judged,
        findings=findings,
        unread=tally.listed_unread(),
        events=tuple(sorted(tally.events.items())),
        destinations=tuple(sorted(tally.destinations.items())),
        ignored=tuple(sorted(tally.ignored.items())),
        addresses=addresses,
        anonymity=picture(tally),
        timeline=tally.timeline,
        crossings=tuple(sorted(tally.crossings.items())),
        shortfalls=shortfalls,
        cadences=tuple(rhythm.cadence for rhythm in lives.rhythms),
        sides=sides(tally, catalog, edition),
        unseen=unseen(tally, catalog, edition),
        editions=elsewhere(grounds, judged, catalog),
        instances=with_found(tally.instances.first(), over_all),
        more_instances=not tally.instances.complete,
    )


def _unordered(inputs: Iterable[Input]) -> frozenset[str]:
    """The recordings that need not have been written as things happened; a dump and a journal are."""
    return frozenset(each.name for each in inputs if each.kind in _UNORDERED)


def _pings(tally: Tally, catalog: Catalog) -> int:
    ours = {destination.id for destination in catalog.destinations if destination.purpose == PING}
    return sum(count for destined, count in tally.ignored.items() if destined.destination in ours)


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    statement = finding.statement
    return list(Level).index(statement.level), statement.rule, statement.event, statement.pointer, statement.id
