"""A process that writes a journal, for tests that kill it, run several of it, or take its disk away: `python writing.py JOURNAL [CANARY]`.

It prints what happens and does what it is told on standard input, a line each:

    put N          put N observations, at most 1,000 of them unacknowledged: prints `stored NUMBER` or `counted NUMBER` for each, then `put`
    until failing  put them until the journal fails: prints `failing: WHY`
    drain          wait until all are stored: prints `drained`
    close          close the journal: prints `lost N: WHY`, and ends

It begins with `run N`. If it is refused, it says so on standard error and ends with 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from threading import BoundedSemaphore

from telemetry_audit.deployment import Deployment
from telemetry_audit.journal import JournalError, Writer
from telemetry_audit.model import Observation
from tests.journal.observed import begun, of_the_example

MOST = 1_000


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def endless(secret: bytes) -> Iterator[Observation]:
    """The example's observations again and again, each with a number of its own."""
    for number, observation in zip(count(), cycle(of_the_example(secret))):
        yield observation._replace(exchange=number)


class Putting:
    """Puts observations, so many at once and no more."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.observations = endless(writer.secret)
        self.slots = BoundedSemaphore(MOST)

    def one(self) -> bool:
        """Whether one could be put before the journal failed."""
        while not self.slots.acquire(timeout=0.05):
            if self.writer.failing:
                return False
        observation = next(self.observations)
        word = "counted" if observation.ignored_by else "stored"

        def stored() -> None:
            say(f"{word} {observation.exchange}")
            self.slots.release()

        assert self.writer.put(observation, stored)
        return True

    def drain(self) -> None:
        """Wait until all are stored."""
        self.writer.hurry()
        for _ in range(MOST):
            self.slots.acquire()
        self.slots.release(MOST)


def main() -> None:
    journal, *canaries = sys.argv[1:]
    try:
        writer = begun(Path(journal), Deployment(canaries=tuple(canaries)))
    except JournalError as problem:
        sys.exit(f"{problem}")
    say(f"run {writer.run}")
    putting = Putting(writer)
    for line in sys.stdin:
        match line.split():
            case ["put", number]:
                for _ in range(int(number)):
                    while not putting.one():
                        pass
                say("put")
            case ["until", "failing"]:
                while putting.one():
                    pass
                say(f"failing: {writer.failing}")
            case ["drain"]:
                putting.drain()
                say("drained")
            case ["close"]:
                lost = writer.close({}, ())
                say(f"lost {lost}: {writer.failing}")
                return


if __name__ == "__main__":
    main()
