"""How items of any vendor's envelope become events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Opened, Part, Unreadable, members, parsed
from telemetry_audit.locator import REPEAT, child, token
from telemetry_audit.model import Event, Form, Side

MOST_EVENTS = 50_000
"""Events that are taken out of one request; vendors take hundreds."""

TOO_MANY = "the request holds more than 50,000 events, and the rest of them was left"

_DEEPEST = 4
_BROWSER_LIBRARIES = re.compile(r"analytics\.js|analytics-next|web|posthog-js|amplitude-js|browser|rudder-js")


class Framing(NamedTuple):
    """How one vendor wraps events: the keys of a list of them, and how kind and name of an item are told."""

    vendor: str
    lists: tuple[str, ...]
    kind_and_name: Callable[[Opened, dict[str, object]], tuple[str, str]]


def unwrap(opened: Opened, destination: Destination, parts: Iterable[Part], framing: Framing) -> Decoded:
    """Every event in `parts`: an object is one, a list holds many, and so does a list under one of the framing's keys, however nested.

    What is no event (the rest of the envelope, items that are no objects) is kept as rest, so that it is judged too.
    """
    events: list[Event] = []
    rest: list[Part] = []
    for part in parts:
        for is_event, where, payload in _unwrapped(*part, framing.lists, 0):
            if not (is_event and isinstance(payload, dict)):
                rest.append(Part(where, payload))
            elif len(events) < MOST_EVENTS:
                events.extend(_events(opened, destination, framing, where, payload))
            else:
                return Decoded(tuple(events), tuple(rest), (TOO_MANY,))
    return Decoded(tuple(events), tuple(rest))


def _unwrapped(where: str, value: object, lists: tuple[str, ...], depth: int) -> Iterator[tuple[bool, str, object]]:
    """What is an event and what is not, each with its locator, in order."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["} and depth < _DEEPEST:
        try:
            value = parsed(value)
        except Unreadable:
            yield False, where, value
            return
    if isinstance(value, list) and depth < _DEEPEST:
        for index, item in enumerate(value):
            inside = child(where, str(index))
            if isinstance(item, dict) and item.keys().isdisjoint(lists):  # as nearly always
                yield True, inside, item
            else:
                yield from _unwrapped(inside, item, lists, depth + 1)
        return
    found = members(value)
    keys = (
        [key for key in found if key.partition(REPEAT)[0] in lists and isinstance(found[key], list)]
        if not found.keys().isdisjoint(lists)
        else []
    )
    if not keys or depth >= _DEEPEST:
        yield isinstance(value, dict), where, value
        return
    for key in keys:
        yield from _unwrapped(child(where, token(key)), found[key], lists, depth + 1)
    around = {key: inner for key, inner in found.items() if key not in keys}
    if around:
        yield False, where, around


def candidates(parts: Iterable[Part], lists: tuple[str, ...]) -> Iterator[object]:
    """Everything in `parts` that is an event if this framing is the right one."""
    return (value for part in parts for is_event, _, value in _unwrapped(*part, lists, 0) if is_event)


def _events(
    opened: Opened, destination: Destination, framing: Framing, where: str, payload: dict[str, object]
) -> list[Event]:
    """The event of a payload; one whose name or kind is given twice is each of them, since nobody knows which the vendor takes."""
    form = Form.STORE if opened.exchange.stored else Form.WIRE
    side = side_of(opened, destination, payload)
    readings = {framing.kind_and_name(opened, payload): None}
    if REPEAT in "".join(payload):
        repeated = [(key.partition(REPEAT)[0], value) for key, value in payload.items() if REPEAT in key]
        readings |= dict.fromkeys(framing.kind_and_name(opened, payload | {key: value}) for key, value in repeated)
    return [Event(framing.vendor, kind, name, payload, where, form, side) for kind, name in readings]


def side_of(opened: Opened, destination: Destination, payload: object) -> Side:
    """Which part of an installation sent an event, told by the SDK that it names, else by its destination, else by its user agent."""
    name = library_of(payload).lower()
    if name not in {"", "unknown"}:
        return Side.BROWSER if _BROWSER_LIBRARIES.search(name) else Side.SERVER
    if destination.side is not Side.UNKNOWN:
        return destination.side
    return Side.BROWSER if (opened.exchange.header("user-agent") or "").startswith("Mozilla/") else Side.UNKNOWN


def library_of(payload: object) -> str:
    """The SDK that an event names, "" without one."""
    found = members(payload)
    name = members(members(found.get("context")).get("library")).get("name")
    if not name:
        properties = members(found.get("properties"))
        name = properties.get("$lib") or properties.get("mp_lib")
    return text(name)


def text(value: object) -> str:
    """`value` if it is text, else ""."""
    return value if isinstance(value, str) else ""
