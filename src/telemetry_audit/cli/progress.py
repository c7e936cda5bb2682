"""How far an audit is, for whoever sits at a terminal: a line on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click


class Progress(Protocol):
    """Takes what was done."""

    def judged(self, exchanges: int) -> None:
        """So many exchanges more."""

    def done(self, size: int) -> None:
        """One recording more, of `size` bytes."""


class _Silent:
    def judged(self, exchanges: int) -> None:
        """Nobody looks."""

    def done(self, size: int) -> None:
        """Nobody looks."""


class _Line:
    """Of one recording, how many exchanges were judged."""

    def __init__(self) -> None:
        self.exchanges = 0

    def judged(self, exchanges: int) -> None:
        self.exchanges += exchanges
        click.echo(f"\r{self.exchanges:,} exchanges", nl=False, err=True)

    def done(self, size: int) -> None:
        """The line is erased by whoever drew it."""


class _Bar:
    """Of several, how many of their bytes are judged."""

    def __init__(self, bar: Any, recordings: int) -> None:
        self.bar, self.recordings, self.exchanges, self.finished = bar, recordings, 0, 0

    def judged(self, exchanges: int) -> None:
        self.exchanges += exchanges
        self.bar.update(0, self._told())

    def done(self, size: int) -> None:
        self.finished += 1
        self.bar.update(size, self._told())

    def _told(self) -> str:
        return f"{self.finished:,} of {self.recordings:,} recordings, {self.exchanges:,} exchanges"


@contextmanager
def progress(sizes: Sequence[int], *, wanted: bool = True) -> Iterator[Progress]:
    """The progress over recordings of these sizes (bytes); silent where standard error is no terminal or it is not wanted."""
    if not wanted or not sys.stderr.isatty():
        yield _Silent()
        return
    if len(sizes) > 1:
        with click.progressbar(
            length=sum(sizes), label="Judging", file=sys.stderr, item_show_func=lambda told: str(told or "")
        ) as bar:
            yield _Bar(bar, len(sizes))
        return
    line = _Line()
    try:
        yield line
    finally:
        if line.exchanges:
            click.echo("\r\x1b[K", nl=False, err=True)
