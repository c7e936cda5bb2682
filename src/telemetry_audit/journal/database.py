"""The database of a journal: its tables, and how it is opened for writing.

It is SQLite's, with a write-ahead log (https://sqlite.org/wal.html), so it must be on a disk of the machine itself: the index of that log is shared
memory, which no network file system has.

| table | a row of it |
|---|---|
| `audit` | the one audit whose journal this is: terms (JSON), and what tells other lists and other keys apart |
| `run` | a process that wrote: when it began and ended (seconds since the epoch), its ledger and faults (JSON), why storing failed, what it lost |
| `statement` | what rules say, referred to by lines |
| `observation` | a line for an exchange or a part of one, in the order in which they came |
| `repeated` | a line for all ignored exchanges of a run that are alike, and how many they are |
"""

from __future__ import annotations

import os
import sqlite3
import stat
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from telemetry_audit.journal.codec import Damaged, from_json, to_json
from telemetry_audit.journal.error import JournalError
from telemetry_audit.journal.files import PATIENCE
from telemetry_audit.journal.identity import Identity
from telemetry_audit.terms import Terms

APPLICATION = int.from_bytes(b"tlmA")
"""SQLite's application_id, by which a journal is told from other databases."""

FORMAT = 1
"""SQLite's user_version; raised when tables or lines change."""

_HEADER = struct.Struct(">16s 44x I 4x I")
_MAGIC = b"SQLite format 3\0"
"""How a database begins (https://sqlite.org/fileformat.html, 1.3): with these bytes, and the two numbers at 60 and 68."""

_TABLES = """
CREATE TABLE audit (terms BLOB NOT NULL, lists BLOB NOT NULL, key BLOB NOT NULL);
CREATE TABLE run (
    number INTEGER PRIMARY KEY, began REAL NOT NULL, ended REAL, ledger BLOB NOT NULL DEFAULT '{}', faults BLOB NOT NULL DEFAULT '[]',
    failure TEXT NOT NULL DEFAULT '', lost INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE statement (key TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE observation (number INTEGER PRIMARY KEY, run INTEGER NOT NULL, line BLOB NOT NULL);
CREATE TABLE repeated (run INTEGER, line BLOB, count INTEGER NOT NULL, PRIMARY KEY (run, line)) WITHOUT ROWID;
"""


def is_there(path: Path) -> bool:
    """Whether a journal is at `path`; an empty file is none yet. Raises JournalError for what is none or of another version, and OSError."""
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False
    if not regular:
        raise JournalError(f"{path} is no file. Name another one.")
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
    if not head:
        return False
    magic, version, application = _HEADER.unpack(head.ljust(_HEADER.size, b"\0"))
    if magic != _MAGIC:
        raise JournalError(f"{path} is no journal of telemetry-audit. Name another file.")
    if application != APPLICATION:
        raise JournalError(f"{path} is a database, but no journal of telemetry-audit. Name another file.")
    if version != FORMAT:
        raise JournalError(f"{path} was written by another version of telemetry-audit. Use that version for it.")
    return True


def create(path: Path, who: Identity) -> None:
    """Make a journal, mode 0600, in one transaction. Raises OSError and sqlite3.Error."""
    with suppress(FileExistsError):  # empty: it was begun and did not come further
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    with closing(connect(path)) as connection, transaction(connection):
        for statement in _TABLES.strip().split(";\n"):
            connection.execute(statement)
        connection.execute("INSERT INTO audit VALUES (?, ?, ?)", (to_json(who.terms), who.lists, who.key))
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    os.fsync(folder)  # a power cut must not take the name of a file whose content was synchronised
    os.close(folder)


def connect(path: Path) -> sqlite3.Connection:
    """A journal that is there, to be written; nothing of it is changed yet. It may be handed to another thread. Raises sqlite3.Error."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )


def prepare(connection: sqlite3.Connection) -> None:
    """Have what is committed from now on stay, whatever happens next, and let others read meanwhile. Raises sqlite3.Error."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def identity_of(connection: sqlite3.Connection, path: Path) -> Identity:
    """Whose journal it is. Raises JournalError where it is damaged, and sqlite3.Error."""
    row = connection.execute("SELECT terms, lists, key FROM audit").fetchone()
    try:
        return Identity(from_json(row[0], Terms), row[1], row[2])
    except (Damaged, TypeError):
        raise JournalError(f"{path} is damaged: what it was begun with cannot be read.") from None


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside is done or nothing of it is. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
