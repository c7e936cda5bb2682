"""A comparison as a page: tables with titles, limits and a last line, which a terminal and a pull request show alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from telemetry_audit.comparison.told import Told, span


class Column(NamedTuple):
    """A column of a table: its head, whether its cells hold names from outside, and whether they are numbers."""

    head: str
    outside: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a comparison shows: `conclusion` is its last line, and `good` whether that is good news, None where nothing can be said."""

    title: str
    conclusion: str
    good: bool | None
    sections: tuple[Section, ...]
    limits: tuple[str, ...]


def sides(one: tuple[str, Told], other: tuple[str, Told]) -> Section:
    """The table of the two sides of a comparison, each with its name."""
    columns = (
        Column("side"),
        Column("recordings", outside=True),
        Column("kind"),
        Column("spans", number=True),
        Column("exchanges", number=True),
        Column("unread", number=True),
        Column("events", number=True),
    )
    return Section("What is compared", columns, [(name, *_side(told)) for name, told in (one, other)])


def _side(told: Told) -> Iterator[str]:
    yield ", ".join(item.name for item in told.inputs)
    yield ", ".join(dict.fromkeys(item.kind for item in told.inputs))
    yield span(told.hours) if told.hours else ""
    yield from (f"{count:,}" for count in (told.coverage.exchanges, told.coverage.unread, told.coverage.events))


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, for example `1,200 events`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
