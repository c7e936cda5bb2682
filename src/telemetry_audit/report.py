"""From what was counted to what is said: a verdict on every promise, with its evidence and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from telemetry_audit.addresses import Addresses, settle
from telemetry_audit.anonymity import Anonymity, picture
from telemetry_audit.catalog import PING, Catalog, Promise
from telemetry_audit.model import Acceptance, EventBrief, Finding, Level, Side, Unread, Verdict
from telemetry_audit.tally import Crossing, Destined, Tally, Timeline
from telemetry_audit.terms import Terms


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
class PromiseVerdict:
    """The answer for one promise: how many places were looked at, how many findings of each level, and what limits the answer."""

    promise: Promise
    verdict: Verdict
    looked_at: int
    breaches: int
    drift: int
    notes: int
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an acceptance: how many findings it covers, and whether its last day has passed."""

    acceptance: Acceptance
    findings: int
    expired: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a format needs, in a stable order, without a payload's value."""

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
    findings = tuple(sorted((*tally.occurrences(), *addresses.findings), key=_order))
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
        promises=tuple(_verdicts(tally, findings, addresses, catalog, terms)),
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
    )


def _pings(tally: Tally, catalog: Catalog) -> int:
    ours = {destination.id for destination in catalog.destinations if destination.purpose == PING}
    return sum(count for destined, count in tally.ignored.items() if destined.destination in ours)


def _verdicts(
    tally: Tally, findings: tuple[Finding, ...], addresses: Addresses, catalog: Catalog, terms: Terms
) -> Iterator[PromiseVerdict]:
    for promise in catalog.promised(terms.document or None):
        count = dict.fromkeys(Level, 0)
        for finding in findings:
            if finding.statement.promise == promise.id:
                count[finding.statement.level] += finding.count
        through = sorted({each.statement.promise for each in findings if _breaks(each, promise)})
        waiting = addresses.undecided if promise.id == addresses.promise else 0
        looked_at = tally.looked_at[promise.id] - waiting
        missing = tuple(_missing(promise, terms, tally, addresses))
        shown = bool(tally.looked_at[promise.id] and tally.events)
        verdict = _verdict(promise, count, through=bool(through), shown=shown, decided=not missing)
        limits = (
            *(f"broken through {other}" for other in through),
            *(() if promise.not_testable or not shown else missing),
            *_limits(promise, terms, shown=shown),
        )
        yield PromiseVerdict(
            promise, verdict, looked_at, count[Level.BREACH], count[Level.DRIFT], count[Level.NOTE], limits
        )


def _breaks(finding: Finding, promise: Promise) -> bool:
    """Whether a finding breaks another promise that this one includes."""
    return finding.statement.level is Level.BREACH and finding.statement.promise in promise.includes


def _verdict(promise: Promise, count: dict[Level, int], *, through: bool, shown: bool, decided: bool) -> Verdict:
    if promise.not_testable:
        return Verdict.NOT_TESTABLE
    if count[Level.BREACH] or through:
        return Verdict.BROKEN
    if count[Level.DRIFT]:
        return Verdict.DIFFERS
    if not shown:
        return Verdict.NOT_SEEN
    return Verdict.KEPT if decided else Verdict.UNDECIDED


def _missing(promise: Promise, terms: Terms, tally: Tally, addresses: Addresses) -> Iterator[str]:
    """Without what nobody can say that a promise is kept, and what the operator can supply so that somebody can.

    A promise that includes others lacks what they lack.
    """
    needs = {promise.id, *promise.includes}
    if "no-datasource-data" in needs and not (terms.canaries or terms.known_values):
        yield "single values of an answer are found only if they are known, and none were given (--canaries, --known-values)"
    if "user-names-hashed" in needs and not terms.known_users:
        yield "names outside the fields for identity are found only if they are known, and no users were given (--known-users)"
    if addresses.promise in needs and not terms.server_addresses and not addresses.limits:
        yield "nobody said which addresses are the server's (--server-address)"
    elif addresses.promise in needs and not terms.server_addresses:
        yield from addresses.limits
    if tally.unread:
        yield f"{tally.unread:,} {'exchange' if tally.unread == 1 else 'exchanges'} could not be read, and may hold what breaks it"


def _limits(promise: Promise, terms: Terms, *, shown: bool) -> Iterator[str]:
    """What this answer cannot tell."""
    if promise.not_testable:
        yield promise.not_testable
        return
    if promise.id == "silent-when-off" and terms.telemetry is not False:
        yield ("nobody said that telemetry is off (--telemetry off)" if terms.telemetry is None else "telemetry is on")
    elif not shown:
        yield "nothing in the recording could show it"
    elif promise.id == "no-datasource-data" and (terms.canaries or terms.known_values):
        yield "queries, rows and secrets are told by their form; single values of an answer are found only if they are known"
    elif promise.id == "anonymous-users":
        yield "what names a person is told by its form or by the name of its field; other names, and streets, are found only if they are known"
    if terms.taint and shown and promise.id == "no-datasource-data":
        yield "the longer values of answers that passed were looked for within an hour (--taint), but for answers over 1 MiB or in no known form"
    if terms.too_short and promise.id in {"no-datasource-data", "user-names-hashed"}:
        yield f"{terms.too_short:,} of the values that were given are too short to be looked for inside texts"
    if terms.skipped and promise.id == "no-datasource-data":
        given = terms.known_values + terms.skipped
        yield f"{terms.skipped:,} of the {given:,} values of the export are too short or too common to be looked for"


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    statement = finding.statement
    return list(Level).index(statement.level), statement.rule, statement.event, statement.pointer, statement.id
