"""A process of its own for audits that could take long, so that none of them holds up the proxy.

The proxy starts it with `python -m telemetry_audit.live.worker` and talks to it over its standard input and output: frames of four bytes of length,
big-endian, and as many bytes. The first frame is the pickled deployment and keys, every further one a pickled task; the answer is an
observation as the journal writes it, in as many pieces as it takes for each to be short, and then an empty frame. A task may also be an answer that
passed: what to remember of it comes back, pickled, in as many pieces. What the proxy remembers of all of them is told before the next
task, and is not answered. Both ends are this program, so pickle reads nothing that came from elsewhere.
"""

from __future__ import annotations

import pickle
import signal
import struct
import sys
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any, BinaryIO, NamedTuple

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import Taint
from telemetry_audit.detectors.known import Remembered
from telemetry_audit.faults import where_of
from telemetry_audit.journal import encode
from telemetry_audit.live.taint import Answer, Learnt, learn
from telemetry_audit.model import Exchange, Observation

LENGTH = struct.Struct(">I")

MOST_FINDINGS = 100
"""Findings, events or anything else that is listed in one piece of an observation: the proxy takes one in at once, in about a millisecond."""

_LISTED = ("events", "findings", "claims", "portraits", "pending", "signs", "sources", "instances", "shown")

MOST_TRACES = 250
"""Digests in one piece of what is remembered: the proxy takes one in, and sends one, in about a millisecond."""


class Task(NamedTuple):
    """An exchange to audit, or one message of the WebSocket that it opened, by its number."""

    exchange: Exchange
    message: bytes | None = None
    number: int = 0

    @property
    def size(self) -> int:
        """The bytes that are to be looked at."""
        exchange = self.exchange
        headers = sum(len(name) + len(value) for name, value in exchange.headers)
        return len(exchange.body or b"") + len(self.message or b"") + len(exchange.target) + headers


def performed(audit: Audit, task: Task) -> Observation:
    """What a task comes to."""
    if task.message is None:
        return audit.see(task.exchange)
    return audit.see_message(task.exchange, task.number, task.message)


def pieces(observation: Observation) -> Iterator[Observation]:
    """An observation as several that come to the same: all but the last are parts, and none holds more than `MOST_FINDINGS` of anything."""
    listed = {name: getattr(observation, name) for name in _LISTED}
    rest = observation
    for start in range(0, max(map(len, listed.values())) - MOST_FINDINGS, MOST_FINDINGS):
        cut = {name: items[start : start + MOST_FINDINGS] for name, items in listed.items()}
        yield observation._replace(**cut, unread=(), looked_at={}, part=True)
        rest = observation._replace(**{name: items[start + MOST_FINDINGS :] for name, items in listed.items()})
    yield rest


def framed(content: bytes) -> bytes:
    """`content` as a frame."""
    return LENGTH.pack(len(content)) + content


def main() -> None:
    """Answer task after task until the input ends; a fault ends the process, which the proxy notices."""
    # Ctrl-C reaches every process of the terminal; this one ends when the proxy has no more for it.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        _perform_all(sys.stdin.buffer, sys.stdout.buffer)
    except Exception as fault:  # noqa: BLE001 - the outermost edge: a traceback would end with a message that can quote a payload
        sys.exit(where_of(fault))


def _perform_all(source: BinaryIO, answers: BinaryIO) -> None:
    deployment, secret, key = _read(source)
    audit = Audit(load(), deployment, secret, Taint(key) if key else None)
    while (task := _read(source)) is not None:
        if isinstance(task, list):
            audit.take(task)
            continue
        if isinstance(task, Answer):
            answers.writelines(framed(pickle.dumps(piece)) for piece in _parts(learn(audit, task)))
        else:  # a Task, although not of this module's class: this module is `__main__` here
            answers.writelines(framed(encode(piece)) for piece in pieces(performed(audit, task)))
        answers.write(framed(b""))
        answers.flush()


def _parts(learnt: Learnt) -> Iterator[Learnt]:
    yield Learnt([], learnt.skipped)
    yield from (Learnt(list(part)) for part in batched(learnt.traces, MOST_TRACES, strict=False))


def prepared(deployment: Deployment, secret: bytes, key: bytes) -> bytes:
    """The first frame; `key` is that of what is remembered, b"" where nothing is."""
    return framed(pickle.dumps((deployment, secret, key)))


def asked(task: Task | Answer) -> bytes:
    """The frame of a task."""
    return framed(pickle.dumps(task))


def taught(remembered: Iterable[Remembered]) -> bytes:
    """The frame of what the proxy remembers."""
    return framed(pickle.dumps(list(remembered)))


def learnt(content: bytes) -> Learnt:
    """What came back of an answer that passed, or a piece of it."""
    found: Learnt = pickle.loads(content)  # noqa: S301 - see above
    return found


def _read(source: BinaryIO) -> Any:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pickle.loads(source.read(LENGTH.unpack(head)[0]))  # noqa: S301 - see above


if __name__ == "__main__":
    main()
