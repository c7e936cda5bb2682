"""The engine that does its work in processes of its own on this machine.

Each process has one item at a time, so that the death of one, say for want of memory, is the loss of a known item. That item is given to a
new process once more, and accounted for as lost if that one dies too. A pool of the standard library ends as a whole when one of its processes dies,
and does not tell on which item.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.resource_tracker import ensure_running
from typing import Any

from telemetry_audit.runs.engine import EngineError, Lost, Map, Tell, Work
from telemetry_audit.runs.worker import Told, serve

_TRIES = 2


@contextmanager
def processes(jobs: int) -> Iterator[Map]:
    """The engine with up to `jobs` processes, which end when it is left. Raises EngineError where none can be started."""
    team = _Team(jobs)
    try:
        yield team.each
    finally:
        team.end()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    connection: Connection
    work: bytes = b""
    item: int = -1

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


@dataclass(slots=True)
class _Team:
    jobs: int
    idle: list[_Worker] = field(default_factory=list)
    busy: dict[Connection, _Worker] = field(default_factory=dict)

    def each(self, work: Work[Any, Any], items: Sequence[Any], tell: Tell, /) -> Iterator[tuple[int, Any]]:
        """As `Map` has it."""
        told = pickle.dumps(work)
        waiting = deque(range(len(items)))
        tries = [0] * len(items)
        while waiting or self.busy:
            while waiting and len(self.busy) < self.jobs:
                number = waiting.popleft()
                self._hand(told, number, items[number])
                tries[number] += 1
            for connection in wait(list(self.busy)):
                worker = self.busy[connection]  # type: ignore[index] # it waits for what it was given
                try:
                    answer = worker.connection.recv()
                except (EOFError, OSError):
                    del self.busy[worker.connection]
                    worker.end()
                    if tries[worker.item] < _TRIES:
                        waiting.appendleft(worker.item)
                    else:
                        yield worker.item, Lost()
                    continue
                if isinstance(answer, Told):
                    tell(answer.exchanges)
                else:
                    del self.busy[worker.connection]
                    self.idle.append(worker)
                    yield worker.item, answer

    def _hand(self, work: bytes, number: int, item: object) -> None:
        """Give an item to a process that has nothing to do, or to a new one; that one is dead already is found when its answer is waited for."""
        worker = self.idle.pop() if self.idle else _started()
        worker.item = number
        self.busy[worker.connection] = worker
        try:
            worker.connection.send((work if worker.work != work else b"", item))
        except OSError:
            return
        worker.work = work

    def end(self) -> None:
        """End every process, whatever it is at."""
        for worker in (*self.idle, *self.busy.values()):
            worker.end()
        self.idle.clear()
        self.busy.clear()


def _started() -> _Worker:
    """A new process. Ctrl-C reaches every process of a terminal: this one is started with that signal blocked, and ends when its parent does."""
    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs,), daemon=True)
    ensure_running()  # else starting the process would, and unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    except OSError as problem:
        raise EngineError(f"No process can be started ({problem.strerror}). Ask for fewer --jobs.") from None
    finally:
        theirs.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return _Worker(process, ours)
