"""Everything that an exchange holds, for the rules to see: its events, and all that surrounds them, so that nothing goes unlooked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders import Decoded, Opened, Part, Unreadable, content, decoder_of
from telemetry_audit.locator import REPEAT


def evidence(opened: Opened, destination: Destination) -> Decoded:
    """What the destination's decoder makes of an exchange, the messages of a WebSocket, and whatever the decoder left.

    Where the decoder cannot read the exchange, what stands there is taken as plain text and the reason is kept.
    """
    try:
        made = decoder_of(destination, opened).decode(opened, destination)
    except Unreadable as problem:
        part, reasons = content(opened)
        made = Decoded((), (part,) if part else (), (str(problem), *reasons))
    if opened.exchange.messages:
        made = _with_messages(made, opened, destination)
    left = tuple(_left(opened, made)) if "?" in opened.exchange.target or opened.form else ()
    return made._replace(rest=(*made.rest, *left)) if left else made


def _with_messages(made: Decoded, opened: Opened, destination: Destination) -> Decoded:
    """With the WebSocket messages that the client sent: each is read as a body of its own would be."""
    events, rest, unread = list(made.events), list(made.rest), list(made.unread)
    alone = opened.exchange._replace(messages=(), target=opened.raw_path)
    for number, message in enumerate(opened.exchange.messages):
        found = message_evidence(Opened(alone, message), destination, number)
        events.extend(found.events)
        rest.extend(found.rest)
        unread.extend(found.unread)
    return Decoded(tuple(events), tuple(rest), tuple(unread))


def message_evidence(message: Opened, destination: Destination, number: int) -> Decoded:
    """What the WebSocket message of this number holds, opened as the body of an exchange without a query and without messages."""
    found = evidence(message, destination)
    events = (each._replace(where=_in_message(number, each.where)) for each in found.events if _is_inside(each.where))
    rest = (Part(_in_message(number, where), value) for where, value in found.rest if _is_inside(where))
    return Decoded(tuple(events), tuple(rest), found.unread)


def _is_inside(where: str) -> bool:
    """Whether a place is in the message and not in the URL, which is looked at once for the exchange."""
    return not where.startswith(("query:", "path"))


def _in_message(number: int, where: str) -> str:
    """A place of the message's own; what stands in a form or an envelope inside it is told by the message alone."""
    return f"ws:{number}{where.removeprefix('body')}" if where.startswith("body#") else f"ws:{number}#"


def _left(opened: Opened, made: Decoded) -> Iterator[Part]:
    """The parameters of the query and the fields of a form that no event and no other part was made of."""
    taken = {event.where for event in made.events} | {part.where for part in made.rest}
    if "query:" not in taken and (query := _untaken(opened.query, "query", taken)):
        yield Part("query:", query)
    if not any(where.startswith(("body#", "envelope")) or where == "form:" for where in taken) and (
        form := _untaken(opened.form, "form", taken)
    ):
        yield Part("form:", form)


def _untaken(found: Mapping[str, str], kind: str, taken: set[str]) -> dict[str, str]:
    names = {where.partition("#")[0] for where in taken if where.startswith(f"{kind}:")}
    return {name: value for name, value in found.items() if f"{kind}:{name.partition(REPEAT)[0]}" not in names}
