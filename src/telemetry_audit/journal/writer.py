"""Writing a journal: observations from any thread, stored in groups by one thread; a failure is said, and outlived if it ends."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path
from threading import Thread

from telemetry_audit.deployment import Deployment
from telemetry_audit.faults import where_of
from telemetry_audit.journal.codec import key_of, line_of, to_json
from telemetry_audit.journal.database import connect, create, identity_of, is_there, prepare
from telemetry_audit.journal.error import JournalError, reason_of
from telemetry_audit.journal.files import locked, open_key
from telemetry_audit.journal.identity import differences, identity
from telemetry_audit.journal.queue import Item, Queue
from telemetry_audit.journal.run import run_name
from telemetry_audit.journal.store import Store
from telemetry_audit.model import Observation, Statement
from telemetry_audit.terms import Terms

RETRY = 1.0
"""Seconds between two attempts while the store fails."""

GIVE_UP = 30.0
"""Seconds after which closing no longer waits for a disk that does not answer."""

_CACHED = 8_192


class Writer:
    """One run of a journal, from its beginning to `close`.

    `run` is its number, `name` the recording that its observations belong to, `secret` (32 bytes) the key of its fingerprints. `failing` is empty
    while all is well, else a sentence that holds nothing of a payload. After a fork only the parent may use it.
    """

    def __init__(self, path: Path, store: Store, secret: bytes) -> None:
        """Take a run that was begun; `open_writer` does."""
        self.run = store.run
        self.name = run_name(path, store.run)
        self.secret = secret
        self.failing = ""
        self._store = store
        self._queue = Queue()
        self._known: set[str] = set()
        self._kept = lru_cache(_CACHED)(_kept)
        self._last_words: tuple[Mapping[str, int], Sequence[str]] = ({}, ())
        self._troubles: list[str] = []
        self._thread = Thread(target=self._guarded, name="journal", daemon=True)
        self._thread.start()

    @property
    def lost(self) -> int:
        """How many observations could not be stored and are given up."""
        return self._queue.lost

    def put(self, observation: Observation, stored: Callable[[], None] | None = None) -> bool:
        """Let an observation be stored within a second; returns at once, False if it is lost because too much waits already.

        `stored` is called in another thread as soon as it is on disk; it must return at once, and is never called for one that is lost. What an
        observation says of its recording's name is left out: it is this run's.
        """
        new: dict[str, bytes] = {}

        def key(statement: Statement) -> str:
            found, content = self._kept(statement)
            if found not in self._known:
                new[found] = content
            return found

        repeated = _is_only_counted(observation)
        line = line_of(observation._replace(exchange=0, time=None) if repeated else observation, key)
        return self._queue.put(Item(line, repeated, tuple(new.items()), stored, time.monotonic()))

    def hurry(self) -> None:
        """Let all that waits be stored now."""
        self._queue.hurry()

    def close(self, ledger: Mapping[str, int], faults: Sequence[str]) -> int:
        """Store what waits, mark the run as ended, and let go of the journal; returns how many observations could not be stored.

        `ledger` holds what was counted while observing; its `observations` must be the number of those that were put, parts left out. `faults`
        are the places of faults in this program. Does not raise and does not hang; if the end itself could not be stored, `failing` says so.
        """
        if not self._queue.closing:
            self._last_words = (ledger, faults)
            self._queue.close()
        self._thread.join(GIVE_UP)
        return self._queue.lost + len(self._queue)

    def _guarded(self) -> None:
        """The thread; its end before the run's is told, for nothing is stored from then on."""
        try:
            self._work()
        except Exception as fault:  # noqa: BLE001 - the thread's edge
            self.failing = _cannot(fault)

    def _work(self) -> None:
        """Store one batch after the other until the queue is closed and empty, or closed and the store fails."""
        while items := self._queue.batch():
            is_last_try = self._queue.closing
            if self._try(partial(self._store.put, items, self.lost)):
                self._acknowledge(items)
            elif is_last_try:
                break
            else:
                self._queue.rest(RETRY)
        failure = self.failing if self._queue.give_up() else ""
        ledger, faults = self._last_words
        ended = self._try(partial(self._store.end, ledger, (*faults, *self._troubles), self.lost, failure))
        self._store.close(ended=ended)

    def _try(self, action: Callable[[], None]) -> bool:
        """Whether it could be done; if not, what kept it from being done is said here and, if possible, in the journal."""
        try:
            action()
        except Exception as problem:  # noqa: BLE001 - whatever it is: said, tried again, and what is lost is counted
            self.failing = _cannot(problem)
            self._store.fail(self.failing)
            return False
        self.failing = ""
        return True

    def _acknowledge(self, items: Sequence[Item]) -> None:
        self._queue.done(len(items))
        if len(self._known) > _CACHED:
            self._known.clear()
        self._known.update(key for item in items for key, _ in item.statements)
        for item in items:
            try:
                if item.stored is not None:
                    item.stored()
            except Exception as fault:  # noqa: BLE001 - the caller's: told with the faults of the run
                self._troubles.append(where_of(fault))


def open_writer(path: Path, terms: Terms, deployment: Deployment) -> Writer:
    """Begin a run of the journal at `path`; one that is not there is made, mode 0600, with its key `NAME.key` unless one lies there.

    Raises JournalError where it cannot be written, is no journal, or is that of another audit.
    """
    try:
        return _opened(path, terms, deployment)
    except sqlite3.Error as problem:
        raise JournalError(f"{path} cannot be used as a journal: {reason_of(problem)}.") from None
    except OSError as problem:
        raise JournalError(f"The journal {path} cannot be written: {reason_of(problem)}.") from None


def _opened(path: Path, terms: Terms, deployment: Deployment) -> Writer:
    if "\0" in str(path):
        raise JournalError("The name of the journal holds a character that no file's name can hold.")
    place = path.absolute()
    if not place.parent.is_dir():
        raise JournalError(f"The journal {path} cannot be written: there is no folder {path.parent}.")
    if place.is_symlink():
        raise JournalError(
            f"{path} is a link. Name the journal itself, so that its key and its other files lie beside it."
        )
    key = open_key(place, new=not is_there(place))
    with ExitStack() as undo:
        undo.callback(os.close, key.descriptor)
        with locked(key.descriptor):
            who = identity(terms, deployment, key.secret)
            if not is_there(place):
                create(place, who)
            connection = connect(place)
            undo.callback(connection.close)
            differing = differences(identity_of(connection, path), who)
            if differing:
                raise JournalError(
                    f"{path} is the journal of another audit; these differ: {', '.join(differing)}. Start another journal."
                )
            prepare(connection)
            store = Store(place, connection, key)
        undo.pop_all()
    return Writer(path, store, key.secret)


def _cannot(problem: Exception) -> str:
    return f"The journal cannot be written: {reason_of(problem)}."


def _is_only_counted(observation: Observation) -> bool:
    """Whether an observation tells only where something went that is no telemetry."""
    told = (
        observation.unread or observation.events or observation.findings or observation.claims or observation.looked_at
    )
    return bool(observation.ignored_by) and not observation.part and not told


def _kept(statement: Statement) -> tuple[str, bytes]:
    content = to_json(statement)
    return key_of(content), content
