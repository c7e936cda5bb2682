"""What waits to be stored: bounded, and handed out in batches."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from threading import Condition
from typing import NamedTuple

MOST_ITEMS = 20_000
MOST_BYTES = 64 << 20
"""What may wait while the store fails: some minutes of busy traffic, and memory that a proxy can spare. Beyond it observations are lost."""

BATCH = 500
"""Items of one commit: by then synchronising the disk costs less than the rows do."""

BATCH_BYTES = 8 << 20

DELAY = 0.5
"""Seconds that the first item of a batch waits for more; with the commit itself that stays below a second."""


class Item(NamedTuple):
    """One observation to store.

    `repeated` tells a line that is only counted. `statements` are the keys and contents that the line refers to and that may not be stored
    yet. `stored` is called once all that is on disk. `since` is when it came, on the monotonic clock.
    """

    line: bytes
    repeated: bool
    statements: tuple[tuple[str, bytes], ...]
    stored: Callable[[], None] | None
    since: float

    @property
    def size(self) -> int:
        """Bytes of what is to be stored."""
        return len(self.line) + sum(len(content) for _, content in self.statements)


class Queue:
    """Items in order, put in by any thread and taken out by one, which says when they are done with."""

    def __init__(self) -> None:
        """Begin empty."""
        self.lost = 0
        self.closing = False
        self._items: deque[Item] = deque()
        self._bytes = 0
        self._hurried = 0
        self._changed = Condition()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._items)

    def put(self, item: Item) -> bool:
        """Take an item, or count it as lost where too much waits already, and tell which."""
        with self._changed:
            size = item.size
            if self.closing or len(self._items) >= MOST_ITEMS or self._bytes + size > MOST_BYTES:
                self.lost += 1
                return False
            self._items.append(item)
            self._bytes += size
            if len(self._items) == 1 or self._is_full():
                self._changed.notify()
            return True

    def hurry(self) -> None:
        """Let all that waits now be taken out at once."""
        with self._changed:
            self._hurried = len(self._items)
            self._changed.notify()

    def close(self) -> None:
        """Take nothing more in, and let out what is left."""
        with self._changed:
            self.closing = True
            self._changed.notify_all()

    def batch(self) -> list[Item]:
        """The next items to store, as soon as they are due; none once the queue is closed and empty."""
        with self._changed:
            while not self._is_due():
                self._changed.wait(self._items[0].since + DELAY - time.monotonic() if self._items else None)
            items: list[Item] = []
            size = 0
            for item in islice(self._items, BATCH):
                size += item.size
                if items and size > BATCH_BYTES:
                    break
                items.append(item)
            return items

    def done(self, count: int) -> None:
        """The first `count` items are stored, or given up."""
        with self._changed:
            for _ in range(count):
                self._bytes -= self._items.popleft().size
            self._hurried = max(0, self._hurried - count)

    def give_up(self) -> int:
        """Count all that still waits as lost; returns how many."""
        with self._changed:
            count = len(self._items)
            self._items.clear()
            self._bytes = 0
            self.lost += count
            return count

    def rest(self, seconds: float) -> None:
        """Wait, unless the queue is closed or closes."""
        with self._changed:
            self._changed.wait_for(lambda: self.closing, seconds)

    def _is_full(self) -> bool:
        return len(self._items) >= BATCH or self._bytes >= BATCH_BYTES

    def _is_due(self) -> bool:
        return (
            self.closing
            or bool(self._hurried)
            or self._is_full()
            or bool(self._items and time.monotonic() >= self._items[0].since + DELAY)
        )
