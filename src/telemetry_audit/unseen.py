"""What a document speaks of and was not seen, and what a recording must hold to show it: so that silence is not read as agreement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from telemetry_audit.catalog import Catalog
from telemetry_audit.model import Side
from telemetry_audit.tally import Tally

EVENT, FIELD, DESTINATION = "event", "field", "destination"


class Unseen(NamedTuple):
    """An event, a field of an event that was seen, or a destination that was not seen: the editions that speak of it, its side, and why it may be."""

    what: str
    name: str
    event: str
    editions: tuple[str, ...]
    side: Side
    why: str


def unseen(tally: Tally, catalog: Catalog, edition: str | None) -> tuple[Unseen, ...]:
    """Everything that the edition speaks of, None for all, and that was not seen."""
    return (
        *_events(tally, catalog, edition),
        *_fields(tally, catalog, edition),
        *_destinations(tally, catalog, edition),
    )


def _events(tally: Tally, catalog: Catalog, edition: str | None) -> Iterator[Unseen]:
    seen = {contract.id for brief in tally.events if (contract := catalog.named(brief.name))}
    for contract in (*catalog.events, *catalog.families):
        if contract.documented_in(edition) and contract.id not in seen:
            name = contract.id if contract.family else contract.names[0]
            why = _why(tally, contract.side, contract.shown_by)
            yield Unseen(EVENT, name, "", contract.documented_editions, contract.side, why)


def _fields(tally: Tally, catalog: Catalog, edition: str | None) -> Iterator[Unseen]:
    for contract in (*catalog.events, *catalog.families):
        bits = tally.shown.get(contract.id)
        if bits is None or not contract.documented_in(edition):
            continue
        name = contract.id if contract.family else contract.names[0]
        for number, pointer in enumerate(contract.shown_fields):
            if not bits >> number & 1:
                why = "the event was seen, and never with it"
                yield Unseen(FIELD, pointer, name, contract.documented_editions, contract.side, why)


def _destinations(tally: Tally, catalog: Catalog, edition: str | None) -> Iterator[Unseen]:
    """An entry without paths takes what the others of its hosts leave, so it is no destination of its own where one of them was seen."""
    seen = {destined.destination for destined in tally.destinations}
    hosts = {destination.hosts for destination in catalog.destinations if destination.id in seen}
    for destination in catalog.destinations:
        editions = destination.documented_editions
        rest = not destination.paths and destination.hosts in hosts
        if editions and edition in {None, *editions} and destination.id not in seen and not rest:
            yield Unseen(DESTINATION, destination.id, "", editions, destination.side, _why(tally, destination.side, ""))


def _why(tally: Tally, side: Side, shown_by: str) -> str:
    """What a recording must have held to show it."""
    if side is not Side.UNKNOWN and side not in tally.sides:
        lacks = f"no traffic of the {side} in it"
        return f"{lacks}; it takes {shown_by}" if shown_by else lacks
    return f"it takes {shown_by}" if shown_by else "what would send it was seen, and did not"
