"""Reading a journal, also while it is being written: what was committed when it was opened, and nothing half."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import repeat
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Self

from telemetry_audit.journal.codec import Damaged, from_json, key_of, observation_of
from telemetry_audit.journal.database import identity_of, is_there
from telemetry_audit.journal.error import JournalError, reason_of
from telemetry_audit.journal.files import Hold, hold_on, run_path
from telemetry_audit.journal.identity import Identity
from telemetry_audit.journal.run import Run, State, run_name
from telemetry_audit.model import Observation, Statement, Unread
from telemetry_audit.terms import Terms

DAMAGED = "a line of the journal is damaged"
"""Why an exchange is unread whose line cannot be decoded."""


UNTOLD = "the journal could not be written at all"
"""Why a run failed that could not even store why."""


class Entry(NamedTuple):
    """A stored line of a run: its row, or 0 for one that stands for as many alike ones as `times` says."""

    run: int
    row: int
    line: bytes
    times: int


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as it was when it was opened: whose it is, its runs, and what they observed. Close it after use."""

    path: Path
    identity: Identity
    runs: tuple[Run, ...]
    _connection: sqlite3.Connection = field(repr=False)
    _statements: dict[str, Statement] = field(repr=False)

    @property
    def terms(self) -> Terms:
        """What its audit was made under."""
        return self.identity.terms

    def entries(self) -> Iterator[Entry]:
        """All lines: first those that stand for one observation each, in the order in which they were stored. Raises JournalError."""
        try:
            for query in (
                "SELECT run, number, CAST(line AS BLOB), 1 FROM observation ORDER BY number",
                "SELECT run, 0, CAST(line AS BLOB), count FROM repeated ORDER BY run, line",
            ):
                yield from map(Entry._make, self._connection.execute(query))
        except sqlite3.Error as problem:
            raise _damaged(self.path, problem) from None

    def read(self, entry: Entry) -> Observation:
        """The observation of a line; of a damaged one, that something is unread, under the number of its row."""
        name = run_name(self.path, entry.run)
        try:
            return observation_of(entry.line, name, self._statements)
        except (Damaged, TypeError):
            return Observation(name, entry.row, None, "", "", unread=(Unread(name, entry.row, "", DAMAGED),))

    def observations(self) -> Iterator[Observation]:
        """Every observation; those that were only counted come as often as they were, all with the number 0. Raises JournalError."""
        for entry in self.entries():
            yield from repeat(self.read(entry), entry.times)

    def named(self, path: Path) -> Journal:
        """The same journal as if it lay at `path`: its runs, and what they observed, are named after that."""
        return replace(self, path=path, runs=tuple(replace(run, name=run_name(path, run.number)) for run in self.runs))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Close it at the end of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def open_journal(path: Path) -> Journal:
    """The journal at `path` as it is now. Raises JournalError where it is none or cannot be read."""
    try:
        return _opened(path)
    except sqlite3.Error as problem:
        raise _damaged(path, problem) from None
    except OSError as problem:
        raise JournalError(f"{path} cannot be read: {reason_of(problem)}.") from None


def _opened(path: Path) -> Journal:
    if "\0" in str(path) or not (is_there(path) or path.exists()):
        raise JournalError(f"There is no journal {path}.")
    if not path.stat().st_size:
        raise JournalError(f"{path} is empty: nothing was ever stored in it.")
    place = path.resolve()  # its other files lie beside the file itself
    connection = _connected(place, path)
    try:
        identity = identity_of(connection, path)
        unended = connection.execute("SELECT number FROM run WHERE ended IS NULL").fetchall()
        holds = {number: hold_on(run_path(place, number)) for (number,) in unended}
        connection.execute("BEGIN")  # from here on one state; a run that began since the look at holds is alive
        rows = connection.execute("SELECT number, began, ended, failure, ledger, faults, lost FROM run ORDER BY number")
        runs = tuple(_run(path, row, holds.get(row[0], Hold.KEPT)) for row in rows)
        statements = dict(_statements(connection))
    except BaseException:
        connection.close()
        raise
    return Journal(path, identity, runs, connection, statements)


def _connected(place: Path, path: Path) -> sqlite3.Connection:
    """A connection that writes nothing; in a folder that cannot be written to, only to a journal that was closed."""
    modes = ["mode=ro"]
    log = place.with_name(f"{place.name}-wal")
    if not os.access(place.parent, os.W_OK) and not (log.exists() and log.stat().st_size):
        modes.append("mode=ro&immutable=1")  # nobody changes it, so that it needs no locks
    for mode in modes:
        connection = sqlite3.connect(f"{place.as_uri()}?{mode}", uri=True, timeout=10, isolation_level=None)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as problem:
            connection.close()
            if problem.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise JournalError(
        f"{path} was not closed, and reading it needs a folder that can be written to. Copy it and {log.name} to one, and read the copy."
    )


def _run(path: Path, row: tuple[int, float, float | None, str, bytes, bytes, int], hold: Hold) -> Run:
    number, began, ended, failure, ledger, faults, lost = row
    if ended is None and hold is Hold.GIVEN_UP:
        failure = failure or UNTOLD
    gone = State.RUNNING if hold is Hold.KEPT else State.BROKEN_OFF
    state = State.FAILED if failure else gone if ended is None else State.ENDED
    try:
        counted, faulty = from_json(ledger, dict[str, int]), from_json(faults, tuple[str, ...])
    except (Damaged, TypeError):
        raise JournalError(f"{path} is damaged: how its run {number} ended cannot be read.") from None
    return Run(number, run_name(path, number), began, ended, state, failure, MappingProxyType(counted), faulty, lost)


def _statements(connection: sqlite3.Connection) -> Iterator[tuple[str, Statement]]:
    """The statements that lines refer to; one that is damaged is missing, and its lines are damaged with it."""
    for key, content in connection.execute("SELECT key, CAST(content AS BLOB) FROM statement"):
        with suppress(Damaged, TypeError):
            if key == key_of(content):
                yield key, from_json(content, Statement)


def _damaged(path: Path, problem: sqlite3.Error) -> JournalError:
    return JournalError(f"{path} cannot be read as a journal: {reason_of(problem)}.")
