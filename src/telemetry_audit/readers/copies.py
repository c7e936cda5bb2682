"""Copies of what was fetched from an address, on disk until it is judged: it need not be fetched again."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field
from typing import IO, Self

MOST_BYTES = 1 << 30
"""Bytes of all copies together; what has no room is fetched once more when it is judged."""

MOST_FILES = 100
"""Copies, each of which is an open file."""


@dataclass(slots=True)
class Copies:
    """The room that is left for copies."""

    bytes: int = MOST_BYTES
    files: int = MOST_FILES

    def begin(self) -> Copy:
        """A copy to fill."""
        return Copy(self)


@dataclass(slots=True)
class Copy:
    """A copy in an unnamed temporary file, which vanishes with it; none as soon as there is no room."""

    room: Copies
    _size: int = 0
    _given_up: bool = False
    _file: IO[bytes] | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        """The copy itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what was taken if it is not done, as where it was no recording."""
        self._give_up()

    def take(self, piece: bytes) -> None:
        """Add what was read."""
        self._size += len(piece)
        if self._size > self.room.bytes or not self.room.files:
            self._give_up()
        if self._given_up:
            return
        try:
            self._file = self._file or _opened()
            self._file.write(piece)
        except OSError:  # the disk is full, say: then it is fetched again
            self._give_up()

    def done(self) -> mmap.mmap | None:
        """All that was taken, None where it had no room or there was nothing."""
        try:
            if self._file is None:
                return None
            with self._file as file:
                file.flush()
                content = mmap.mmap(file.fileno(), self._size, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return None
        self.room.bytes -= self._size
        self.room.files -= 1
        return content

    def _give_up(self) -> None:
        self._given_up = True
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _opened() -> IO[bytes]:
    import tempfile  # noqa: PLC0415 - it loads every archiver of the standard library

    return tempfile.TemporaryFile()
