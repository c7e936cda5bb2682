"""A comparison for a pull request's comment or a job's summary, in GitHub Flavored Markdown (https://github.github.com/gfm/).

Names from outside stand in code spans, of which GitHub makes no link, mention, reference, image or HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from telemetry_audit.comparison.page import Page, Section
from telemetry_audit.formats.gfm import code, prose

_MOST_ROWS = 30


def render(page: Page) -> str:
    """The page; each table says how many of its rows it has no room for."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield f"## {page.title}"
    yield ""
    yield f"**{prose(page.conclusion)}**"
    for section in page.sections:
        yield from ("", f"### {section.title}", "")
        yield from _table(section)
    yield from ("", "What this comparison rests on:", "")
    yield from (f"* {prose(limit)}" for limit in page.limits)


def _table(section: Section) -> Iterator[str]:
    columns = section.columns
    yield _row(column.head for column in columns)
    yield _row("--:" if column.number else "---" for column in columns)
    for row in section.rows[:_MOST_ROWS]:
        yield _row(code(cell) if column.outside else prose(cell) for column, cell in zip(columns, row, strict=True))
    if len(section.rows) > _MOST_ROWS:
        yield from ("", f"No room for {len(section.rows) - _MOST_ROWS:,} more rows: `--format json` lists all.")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
