"""The files of a journal: the database, its key, and one for each run that lives.

The key is apart, so that a journal can be handed on without it. Its lock admits one writer at a time: up to version 3.51.2 SQLite itself can damage
a database in WAL mode when one process commits while another checkpoints (https://sqlite.org/wal.html#walresetbug).
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from errno import ENOSPC
from pathlib import Path

from telemetry_audit.journal.error import JournalError

SECRET = 32
"""Bytes of a key."""

RESERVE = 1 << 16
"""Bytes that a run keeps free for its last words: some sixteen pages of SQLite's."""

PATIENCE = 4.0
"""Seconds to wait for another writer, whose commit takes milliseconds. Twice that is less than a container is given to stop."""

_STEP = 0.005
_OWN = os.O_CLOEXEC | os.O_NOFOLLOW


class Occupied(OSError):
    """Another process keeps the lock for longer than anyone should."""

    def __init__(self) -> None:
        """Say so, as the operating system would."""
        super().__init__(0, "another process does not let go of it")


def key_path(journal: Path) -> Path:
    """Where a journal's key is."""
    return journal.with_name(f"{journal.name}.key")


def run_path(journal: Path, number: int) -> Path:
    """The file that a run of this number holds while it lives."""
    return journal.with_name(f"{journal.name}.run-{number}")


def files_of(journal: Path) -> tuple[Path, ...]:
    """The journal and the files beside it that belong to it, there or not."""
    beside = (journal.with_name(journal.name + suffix) for suffix in ("-wal", "-shm", "-journal", ".key"))
    prefix = run_path(journal, 0).name.removesuffix("0")
    runs = (path for path in journal.parent.glob("*") if path.name.startswith(prefix))
    return (journal, *beside, *runs)


@dataclass(frozen=True, slots=True)
class Key:
    """A journal's key, open: `secret` keys fingerprints, and who holds the lock of `descriptor` may write."""

    secret: bytes
    descriptor: int


def open_key(journal: Path, *, new: bool) -> Key:
    """The key of a journal; where the journal is `new`, a key is made, mode 0600, unless one lies there. Raises JournalError and OSError."""
    path = key_path(journal)
    try:
        descriptor = os.open(path, os.O_RDWR | _OWN | (os.O_CREAT if new else 0), 0o600)
    except FileNotFoundError:
        if new:
            raise
        raise JournalError(
            f"{journal} has no key: {path} is missing. Put it back, or start another journal; `report` needs no key."
        ) from None
    try:
        with locked(descriptor):
            if new and not os.fstat(descriptor).st_size:
                _write(descriptor, secrets.token_bytes(SECRET))
            secret = os.pread(descriptor, SECRET + 1, 0)
    except BaseException:
        os.close(descriptor)
        raise
    if len(secret) != SECRET:
        os.close(descriptor)
        raise JournalError(f"{path} is no key: one has {SECRET} bytes. Put the right one there.")
    return Key(secret, descriptor)


@contextmanager
def locked(descriptor: int, patience: float = PATIENCE) -> Iterator[None]:
    """Be the only one who writes. Raises Occupied after so many seconds."""
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > until:
                raise Occupied from None
            time.sleep(_STEP)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class Hold(Enum):
    """What a reader learns from the file of a run that has not ended."""

    KEPT = "the run lives"
    GIVEN_UP = "it gave up its reserve, since it could not store what it saw"
    GONE = "it is no more"


class Lease:
    """The file that a run holds: locked while it lives, whoever ends it, and full of bytes that it can give up when the disk is full."""

    def __init__(self, path: Path) -> None:
        """Take the file; raises OSError, also where the reserve does not fit."""
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _OWN, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.fill()
        except BlockingIOError:
            os.close(self._descriptor)
            raise Occupied from None
        except BaseException:
            self.release()
            raise

    def fill(self) -> None:
        """Take the reserve (again). Raises OSError."""
        _write(self._descriptor, os.urandom(RESERVE))  # what a file system can neither pack nor leave out

    def free(self) -> None:
        """Give the reserve back to the disk."""
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)

    def release(self, *, remove: bool = True) -> None:
        """Let go of the file, and take it away unless another one has its name by now."""
        with suppress(OSError):
            if remove and os.path.samestat(self._path.stat(), os.fstat(self._descriptor)):
                self._path.unlink()
        os.close(self._descriptor)


def hold_on(path: Path) -> Hold:
    """What the file of a run tells; where it is not there or nobody can tell, the run is no more."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _OWN)
    except OSError:
        return Hold.GONE
    try:
        if not os.fstat(descriptor).st_size:
            return Hold.GIVEN_UP
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return Hold.KEPT
    except OSError:
        return Hold.GONE
    finally:
        os.close(descriptor)
    return Hold.GONE


def _write(descriptor: int, data: bytes) -> None:
    """Write a small file whole; a full disk takes a part of it without an error. Raises OSError."""
    if os.pwrite(descriptor, data, 0) != len(data):
        os.ftruncate(descriptor, 0)
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    os.fsync(descriptor)
