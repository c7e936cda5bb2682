"""Which sides of an installation were seen, from what, and which promises it takes them to judge."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from telemetry_audit.catalog import Catalog, Promise
from telemetry_audit.model import Side
from telemetry_audit.tally import Tally

SIDES = (Side.SERVER, Side.BROWSER, Side.INSTALLER, Side.ENTRYPOINT)


class Program(NamedTuple):
    """What sent events: the library that they name and the program that the user agent names, from how many clients, and how many events.

    A name that could be data stands as its fingerprint in braces; "" where nothing names one.
    """

    library: str
    program: str
    clients: int
    events: int


class SideSeen(NamedTuple):
    """A side: how many events came from it, by what sent them, most events first; and the promises that it takes it to judge, or another side."""

    side: Side
    events: int
    sources: tuple[Program, ...]
    promises: tuple[str, ...]


def sides(tally: Tally, catalog: Catalog, edition: str | None) -> tuple[SideSeen, ...]:
    """Every side, whether it was seen or not."""
    clients: defaultdict[tuple[Side, str, str], set[str]] = defaultdict(set)
    events: defaultdict[tuple[Side, str, str], int] = defaultdict(int)
    for (side, library, program, client), count in tally.sources.first().items():
        events[side, library, program] += count
        clients[side, library, program] |= {client} if client else set()
    programs = [
        (side, Program(library, program, len(clients[side, library, program]), count))
        for (side, library, program), count in events.items()
    ]
    promised = [promise for promise in catalog.promised(edition) if not promise.not_testable]
    return tuple(
        SideSeen(
            side,
            sum(count for brief, count in tally.events.items() if brief.side is side),
            tuple(sorted((each for of, each in programs if of is side), key=lambda each: (-each.events, each))),
            tuple(promise.id for promise in promised if side in promise.sides),
        )
        for side in SIDES
    )


def without(promise: Promise, tally: Tally) -> tuple[Side, ...]:
    """The sides that it takes to judge a promise and of which nothing was seen."""
    return tuple(Side(side) for side in promise.sides if Side(side) not in tally.sides)
