"""How items of any vendor's envelope become events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Opened, Part, members
from telemetry_audit.locator import child
from telemetry_audit.model import Event, Form, Side

_BROWSER_LIBRARIES = ("analytics.js", "analytics-next", "web", "posthog-js", "amplitude-js", "browser", "rudder-js")


class Framing(NamedTuple):
    """How one vendor wraps events: the keys of a list of them, and how kind and name of an item are told."""

    vendor: str
    lists: tuple[str, ...]
    kind_and_name: Callable[[Opened, dict[str, object]], tuple[str, str]]


def unwrap(opened: Opened, destination: Destination, parts: Iterable[Part], framing: Framing) -> Decoded:
    """Every event in `parts`: an object is one, a list holds many, and so does a list under one of the framing's keys.

    What is no event (the rest of the envelope, items that are no objects) is kept as rest, so that it is judged too.
    """
    events: list[Event] = []
    rest: list[Part] = []
    for part in parts:
        items, around = _items(part, framing.lists)
        rest.extend(around)
        for item in items:
            if isinstance(item.value, dict):
                events.append(_event(opened, destination, framing, item.where, item.value))
            else:
                rest.append(item)
    return Decoded(tuple(events), tuple(rest))


def _items(part: Part, lists: tuple[str, ...]) -> tuple[list[Part], list[Part]]:
    where, value = part
    if isinstance(value, list):
        return [Part(child(where, str(index)), item) for index, item in enumerate(value)], []
    keys = [key for key in lists if isinstance(members(value).get(key), list)]
    if not keys:
        return ([part], []) if isinstance(value, dict) else ([], [part])
    items = [
        Part(child(child(where, key), str(index)), item)
        for key in keys
        for index, item in enumerate(members(value)[key])
    ]
    around = {key: inner for key, inner in members(value).items() if key not in keys}
    return items, [Part(where, around)] if around else []


def _event(opened: Opened, destination: Destination, framing: Framing, where: str, payload: dict[str, object]) -> Event:
    kind, name = framing.kind_and_name(opened, payload)
    form = Form.STORE if opened.exchange.stored else Form.WIRE
    return Event(framing.vendor, kind, name, payload, where, form, side_of(opened, destination, payload))


def side_of(opened: Opened, destination: Destination, payload: object) -> Side:
    """Which part of an installation sent an event, told by the SDK that it names, else by its destination, else by its user agent."""
    properties = members(members(payload).get("properties"))
    library = members(members(members(payload).get("context")).get("library")).get("name")
    name = text(library or properties.get("$lib") or properties.get("mp_lib")).lower()
    if name not in {"", "unknown"}:
        return Side.BROWSER if any(word in name for word in _BROWSER_LIBRARIES) else Side.SERVER
    if destination.side is not Side.UNKNOWN:
        return destination.side
    return Side.BROWSER if (opened.exchange.header("user-agent") or "").startswith("Mozilla/") else Side.UNKNOWN


def text(value: object) -> str:
    """`value` if it is text, else ""."""
    return value if isinstance(value, str) else ""
