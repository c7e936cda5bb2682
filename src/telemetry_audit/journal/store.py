"""One run's part of a journal: what is written of it, each time in one transaction that is on disk when it ends."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from errno import ENOENT
from pathlib import Path

from telemetry_audit.journal.codec import to_json
from telemetry_audit.journal.database import transaction
from telemetry_audit.journal.files import PATIENCE, Hold, Key, Lease, hold_on, locked, run_path
from telemetry_audit.journal.queue import Item


class Store:
    """The run that this process is, in a journal that is open for writing."""

    def __init__(self, path: Path, connection: sqlite3.Connection, key: Key) -> None:
        """Begin a run; who calls holds the lock of the key. Raises sqlite3.Error and OSError."""
        self._path = path
        self._connection = connection
        self._key = key
        self._file = _file_id(path)
        self._told_lost = 0
        self._failed = False
        self._told_failure = False
        with ExitStack() as undo:
            with transaction(connection):
                (self.run,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM run").fetchone()
                self._lease = Lease(run_path(path, self.run))
                undo.callback(self._lease.release)
                connection.execute("INSERT INTO run (number, began) VALUES (?, ?)", (self.run, time.time()))
                _sweep(path, connection)
            undo.pop_all()

    def put(self, items: Sequence[Item], lost: int) -> None:
        """Store items, and that so many observations are lost by now. Raises sqlite3.Error and OSError."""
        repeated = Counter(item.line for item in items if item.repeated)
        with locked(self._key.descriptor), transaction(self._connection):
            if _file_id(self._path) != self._file:
                raise OSError(ENOENT, "its file was moved or deleted")
            self._connection.executemany(
                "INSERT OR IGNORE INTO statement VALUES (?, ?)", (each for item in items for each in item.statements)
            )
            self._connection.executemany(
                "INSERT INTO observation (run, line) VALUES (?, ?)",
                ((self.run, item.line) for item in items if not item.repeated),
            )
            self._connection.executemany(
                "INSERT INTO repeated VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                ((self.run, line, count) for line, count in repeated.items()),
            )
            if self._failed or lost != self._told_lost:
                self._connection.execute("UPDATE run SET failure = '', lost = ? WHERE number = ?", (lost, self.run))
        self._told_lost = lost
        self._told_failure = False
        if self._failed:
            with suppress(OSError):  # still too full for the reserve, yet not for what matters
                self._lease.fill()
                self._failed = False

    def fail(self, reason: str) -> None:
        """Give the reserve up, and write into it that storing failed, if that is possible."""
        if not self._failed:
            self._lease.free()
            self._failed = True
        if not self._told_failure:
            with suppress(sqlite3.Error, OSError):
                with locked(self._key.descriptor, 0), self._at_once(), transaction(self._connection):
                    self._connection.execute("UPDATE run SET failure = ? WHERE number = ?", (reason, self.run))
                self._told_failure = True

    def end(self, ledger: Mapping[str, int], faults: Sequence[str], lost: int, failure: str) -> None:
        """Mark the run as ended, with `failure` if something could not be stored. Raises sqlite3.Error and OSError."""
        with locked(self._key.descriptor), transaction(self._connection):
            self._connection.execute(
                "UPDATE run SET ended = ?, ledger = ?, faults = ?, lost = ?, failure = ? WHERE number = ?",
                (time.time(), to_json(dict(ledger)), to_json(list(faults)), lost, failure, self.run),
            )

    def close(self, *, ended: bool) -> None:
        """Let go of the journal; if nobody else uses it, it becomes a single file, which can be read from a read-only folder.

        Where the run could not be marked as `ended`, its file stays there and says that it failed.
        """
        with suppress(OSError), locked(self._key.descriptor):
            with suppress(sqlite3.Error), self._at_once():
                self._connection.execute("PRAGMA journal_mode = DELETE")
            self._connection.close()
        self._lease.release(remove=ended)
        os.close(self._key.descriptor)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Wait for nobody who reads or writes: what is done inside is not worth it."""
        self._connection.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")


def _file_id(path: Path) -> tuple[int, int]:
    """What tells a file from another one of the same name; of none, what no file has."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return -1, -1
    return status.st_dev, status.st_ino


def _sweep(path: Path, connection: sqlite3.Connection) -> None:
    """Take the files of runs away that broke off."""
    for (number,) in connection.execute("SELECT number FROM run WHERE ended IS NULL"):
        left = run_path(path, number)
        if hold_on(left) is Hold.GONE:
            left.unlink(missing_ok=True)
