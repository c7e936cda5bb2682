"""A comparison for a terminal, to be read in half a minute."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from click import style

from telemetry_audit.comparison.page import Page, Section
from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.text_table import tabulate

_MOST_ROWS = 15
_WIDTH = 112
_WIDEST = 44
_COLOURS = {True: "green", False: "red", None: "yellow"}


def render(page: Page) -> str:
    """The page with ANSI colours; whoever prints it elsewhere than on a terminal takes them out."""
    return "\n".join(_lines(page)) + "\n"


def last_line(page: Page) -> str:
    """What it comes to, with ANSI colours."""
    return style(shown(page.conclusion), fg=_COLOURS[page.good], bold=True)


def _lines(page: Page) -> Iterator[str]:
    for section in page.sections:
        yield from _section(section)
        yield ""
    yield "What this comparison rests on:"
    for limit in page.limits:
        yield from textwrap.wrap(shown(limit), _WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield ""
    yield last_line(page)


def _section(section: Section) -> Iterator[str]:
    yield style(section.title, bold=True)
    rows = [[_cut(shown(cell)) for cell in row] for row in section.rows[:_MOST_ROWS]]
    heads = [column.head for column in section.columns]
    alignment = ["right" if column.number else "left" for column in section.columns]
    yield tabulate(rows, heads, disable_numparse=True, colalign=alignment)
    if len(section.rows) > _MOST_ROWS:
        yield f"… and {len(section.rows) - _MOST_ROWS:,} more lines: --format json lists all"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
