"""From journals to a report, the same as `check` makes of the same traffic."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from telemetry_audit.catalog import Catalog
from telemetry_audit.journal.error import JournalError
from telemetry_audit.journal.identity import differences
from telemetry_audit.journal.reading import Entry, Journal
from telemetry_audit.journal.run import Run, State
from telemetry_audit.model import Observation
from telemetry_audit.report import Input, Report, report
from telemetry_audit.tally import Destined, Recorded, Tally

OBSERVATIONS = "observations"
"""The entry of a run's ledger that says how many observations it put that count as exchanges."""

_KINDS = {
    State.RUNNING: "journal, still being written",
    State.ENDED: "journal",
    State.FAILED: "journal, storing failed",
    State.BROKEN_OFF: "journal, broken off",
}

JOURNAL_KINDS = frozenset(_KINDS.values())
"""What a report says of a run where it names the kind of a recording."""


@dataclass(slots=True)
class _Account:
    """What a run stored: the SHA-256 and the size in bytes of its lines."""

    run: Run
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def take(self, entry: Entry) -> None:
        line = entry.line if entry.row else b"%d times %b" % (entry.times, entry.line)
        self.digest.update(line + b"\n")
        self.size += len(line) + 1


def journal_report(journals: Sequence[Journal], catalog: Catalog) -> Report:
    """One report on all runs of some journals. Raises JournalError where they are of different audits, or damaged."""
    _refuse_strangers(journals, catalog)
    tally = Tally()
    accounts: list[_Account] = []
    claimed: dict[bytes, Journal] = {}
    for journal in journals:
        told = Tally()
        accounts += _read(journal, told)
        if told.claims:
            claimed.setdefault(journal.identity.key, journal)
        tally.merge(told)
    terms = journals[0].terms
    if len(claimed) > 1 and not terms.server_addresses:
        one, other = (each.path for each in list(claimed.values())[:2])
        raise JournalError(
            f"{one} and {other} have different keys, so an address in one cannot be told from that in the other, and nobody said which are the "
            "server's. Report on each by itself; for the next audit give --server-address, or the same key to both before they begin."
        )
    configurations = dict.fromkeys(each.terms.configuration for each in journals if each.terms.configuration)
    return report(
        tally,
        tuple(_input(account, tally) for account in accounts),
        catalog,
        replace(terms, configuration=", ".join(configurations)),
        tuple(sentence for account in accounts for sentence in _shortfalls(account.run, tally)),
    )


def _refuse_strangers(journals: Sequence[Journal], catalog: Catalog) -> None:
    first = journals[0]
    if first.terms.catalog != catalog.digest:
        raise JournalError(
            f"{first.path} was held against other documents than this version of telemetry-audit has. "
            f"Report on it with the one that wrote it, {first.terms.tool}."
        )
    for journal in journals[1:]:
        differing = differences(first.identity, journal.identity)
        if differing:
            raise JournalError(
                f"{first.path} and {journal.path} are of different audits: {', '.join(differing)}. Report on each by itself."
            )


def _read(journal: Journal, tally: Tally) -> list[_Account]:
    accounts = {run.number: _Account(run) for run in journal.runs}
    for entry in journal.entries():
        if entry.run not in accounts:
            raise JournalError(f"{journal.path} is damaged: a line in it is of no run.")
        accounts[entry.run].take(entry)
        observation = journal.read(entry)
        if entry.row:
            tally.add(observation)
        else:
            tally.merge(_times(observation, entry.times))
    return list(accounts.values())


def _times(observation: Observation, count: int) -> Tally:
    """What `count` observations come to that are alike and tell only where something went, or that could not be read."""
    recordings = {observation.recording: Recorded(count)}
    if observation.unread:
        return Tally(recordings, unread=count, unread_items=[*observation.unread])
    return Tally(recordings, ignored=Counter({Destined(observation.host, observation.destination): count}))


def _input(account: _Account, tally: Tally) -> Input:
    run = account.run
    return Input(
        run.name,
        _KINDS[run.state],
        account.digest.hexdigest(),
        account.size,
        *tally.recordings.get(run.name, Recorded()),
    )


def _shortfalls(run: Run, tally: Tally) -> Iterator[str]:
    """What is missing although a run saw it, or may be."""
    name, stored = run.name, tally.recordings.get(run.name, Recorded()).exchanges
    if run.state is State.BROKEN_OFF:
        yield f"{name} broke off, and what it had not stored is missing"
    if run.state is State.FAILED:
        yield f"{name} could not store all that it saw: {run.reason}"
    if run.lost:
        yield f"{name} lost {_count(run.lost, 'observation')}, for it could not store more"
    if run.faults:
        yield f"{name} met {_count(len(run.faults), 'fault')} in telemetry-audit, first {run.faults[0]}"
    observed = run.ledger.get(OBSERVATIONS, stored)
    if not stored <= observed <= stored + run.lost:
        yield f"{name} observed {_count(observed, 'exchange')}, and the journal holds {stored:,}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
