"""A verdict on every promise, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from telemetry_audit.addresses import Addresses
from telemetry_audit.catalog import Catalog, Promise
from telemetry_audit.model import Finding, Level, Side, Verdict
from telemetry_audit.sides import without
from telemetry_audit.tally import Tally
from telemetry_audit.terms import Terms
from telemetry_audit.wholes import Lives, Outcome


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
class Grounds:
    """What verdicts rest on: all that was seen and found, whose the addresses are, what the rules over the whole come to, and the terms."""

    lives: Lives
    findings: tuple[Finding, ...]
    addresses: Addresses
    outcomes: Mapping[str, Outcome]
    terms: Terms

    @property
    def tally(self) -> Tally:
        """All that was counted."""
        return self.lives.tally


def verdicts(grounds: Grounds, catalog: Catalog) -> Iterator[PromiseVerdict]:
    """The verdict on each promise of the edition that counts."""
    return (_of(promise, grounds) for promise in catalog.promised(grounds.terms.document or None))


def _of(promise: Promise, grounds: Grounds) -> PromiseVerdict:
    tally, addresses = grounds.tally, grounds.addresses
    outcome = grounds.outcomes.get(promise.id, Outcome())
    count = dict.fromkeys(Level, 0)
    for finding in grounds.findings:
        if finding.statement.promise == promise.id:
            count[finding.statement.level] += finding.count
    through = sorted({each.statement.promise for each in grounds.findings if _breaks(each, promise)})
    waiting = addresses.undecided if promise.id == addresses.promise else 0
    seen = tally.looked_at[promise.id] + outcome.looked_at
    missing = tuple(_missing(promise, grounds))
    of_a_side = _is_of_a_side(promise, tally) or Side.UNKNOWN in _sides(tally)
    shown = bool(count[Level.BREACH] or count[Level.DRIFT] or (seen and tally.events and of_a_side))
    verdict = _verdict(promise, count, through=bool(through), shown=shown, decided=not missing)
    limits = (
        *(f"broken through {other}" for other in through),
        *(() if promise.not_testable or not shown else missing),
        *outcome.limits,
        *_of_sides(promise, tally, shown=shown),
        *_limits(promise, grounds.terms, shown=shown),
    )
    return PromiseVerdict(
        promise, verdict, seen - waiting, count[Level.BREACH], count[Level.DRIFT], count[Level.NOTE], limits
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


def _missing(promise: Promise, grounds: Grounds) -> Iterator[str]:
    """Without what nobody can say that a promise is kept, and what the operator can supply so that somebody can.

    A promise that includes others lacks what they lack.
    """
    tally, addresses, terms = grounds.tally, grounds.addresses, grounds.terms
    needs = {promise.id, *promise.includes}
    if "no-datasource-data" in needs and not (terms.canaries or terms.known_values):
        yield "single values of an answer are found only if they are known, and none were given (--canaries, --known-values)"
    if "user-names-hashed" in needs and not terms.known_users:
        yield "names outside the fields for identity are found only if they are known, and no users were given (--known-users)"
    if addresses.promise in needs and not terms.server_addresses and not addresses.limits:
        yield "nobody said which addresses are the server's (--server-address)"
    elif addresses.promise in needs and not terms.server_addresses:
        yield from addresses.limits
    for each in sorted(needs & grounds.outcomes.keys()):
        yield from grounds.outcomes[each].missing
    if not _is_of_a_side(promise, tally):
        yield "of what was seen nobody can tell from which side it came"
    if tally.unread:
        yield f"{tally.unread:,} {'exchange' if tally.unread == 1 else 'exchanges'} could not be read, and may hold what breaks it"


def _sides(tally: Tally) -> set[Side]:
    return {brief.side for brief in tally.events}


def _is_of_a_side(promise: Promise, tally: Tally) -> bool:
    """Whether something was seen of one of the sides that it takes to judge a promise: what another side sent shows nothing about it."""
    return not promise.sides or len(without(promise, tally)) < len(promise.sides)


def _of_sides(promise: Promise, tally: Tally, *, shown: bool) -> Iterator[str]:
    """The sides without which the answer is for the others alone, or none at all."""
    missing = without(promise, tally)
    if missing and not promise.not_testable and tally.events:
        nothing = f"nothing was seen of the {' and the '.join(missing)}"
        seen = [side for side in promise.sides if side not in missing]
        yield f"{nothing}, so this speaks for the {' and the '.join(seen)} alone" if shown and seen else nothing


def _limits(promise: Promise, terms: Terms, *, shown: bool) -> Iterator[str]:
    """What this answer cannot tell."""
    if promise.not_testable:
        yield promise.not_testable
        return
    if promise.id == "silent-when-off" and terms.telemetry is not False and not shown:
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
        are = "is" if terms.skipped == 1 else "are"
        yield f"{terms.skipped:,} of the {given:,} values of the export {are} too short or too common to be looked for"
