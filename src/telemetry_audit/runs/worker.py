"""What a process of the engine does: item after item, until the other end is closed."""

from __future__ import annotations

import gc
import os
import pickle
import sys
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, NamedTuple

from telemetry_audit.faults import where_of


class Told(NamedTuple):
    """A sign of progress: so many exchanges more."""

    exchanges: int


def serve(connection: Connection) -> None:
    """Answer each item with what comes of the work, which is told with the first of them. Both ends are this program."""
    Thread(target=_end_with_the_parent, daemon=True).start()
    gc.disable()  # as in `check`: observations hold no cycles
    try:
        _answer_all(connection)
    except (EOFError, OSError):
        return
    except Exception as fault:  # noqa: BLE001 - the outermost edge: a traceback would end with a message that can quote a payload
        sys.exit(where_of(fault))


def _answer_all(connection: Connection) -> None:
    work: Any = None
    while True:
        told, item = connection.recv()
        if told:
            work = pickle.loads(told)  # noqa: S301 - see above
        connection.send(work(item, lambda exchanges: connection.send(Told(exchanges))))


def _end_with_the_parent() -> None:
    """Leave at once when the parent is gone, also in the middle of a recording: nobody waits for it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
