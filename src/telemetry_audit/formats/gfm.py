"""GitHub Flavored Markdown in which nothing from outside can act (https://github.github.com/gfm/): tables that fit, code spans, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import counted

MOST_IN_A_CELL = 100
_LONGEST_SENTENCE = 400

_WORDS = re.compile(
    r"(?!\d+[.)] |.*(?:www\.|GH-\d|\b[0-9a-f]{7,}\b))[A-Za-z0-9](?:[A-Za-z0-9 .,;()'“”%-]|: )*", re.IGNORECASE
)
"""A sentence in which GitHub and Markdown see nothing: no list, link, reference to an issue or a commit, and no mark of emphasis."""

type Row = Sequence[str]


def section(title: str, headers: Row, rows: Iterable[Row], share: int, total: int) -> Iterator[str]:
    """A table below its title; nothing where it has no rows."""
    if total:
        yield from (f"### {title}", "")
        yield from table(headers, rows, share, total)


def table(headers: Row, rows: Iterable[Row], share: int, total: int) -> Iterator[str]:
    """A table of as many rows as `share` bytes hold, and how many of the `total` do not fit; a header with `>` stands above numbers."""
    yield row(header.removesuffix(" >") for header in headers)
    yield row("--:" if header.endswith(">") else "---" for header in headers)
    yield from fitting(map(row, rows), share, "row", total)
    yield ""


def row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def fitting(lines: Iterable[str], share: int, noun: str, total: int) -> Iterator[str]:
    """The first lines that `share` bytes hold, and how many of the `total` there is no room for."""
    room = share
    for told, line in enumerate(lines):
        room -= len(line.encode()) + 1
        if room < 0:
            yield from ("", f"No room for {counted(total - told, noun)} more: `--format json` lists all.")
            return
        yield line


def code(text: str, most: int = MOST_IN_A_CELL) -> str:
    """Text from outside as a code span, without the backticks that would end it and the bars that would end a table's cell."""
    safe = shown(text[:most]).replace("`", r"\x60").replace("|", r"\x7c")
    return f"`{safe}{'…' if len(text) > most else ''}`" if text else ""


def prose(text: str) -> str:
    """A sentence as it is if it is harmless, else as a code span."""
    return text if len(text) <= _LONGEST_SENTENCE and _WORDS.fullmatch(text) else code(text, _LONGEST_SENTENCE)
