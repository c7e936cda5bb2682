"""The decoder that takes the rest: whatever a request holds becomes leaves, so that nothing goes unlooked at."""

from __future__ import annotations

from telemetry_audit.catalog import Destination
from telemetry_audit.catalog.destinations import FETCHES
from telemetry_audit.decoders.decoder import TOO_DEEP, Decoded, Decoder, Example, Opened, Part, Unreadable, parsed
from telemetry_audit.decoders.events import side_of
from telemetry_audit.model import Event, Form

BINARY = "the body is binary, in a format that is not known here"


def content(opened: Opened) -> tuple[Part | None, tuple[str, ...]]:
    """A body as JSON, JSON lines, a form or text, whichever it is, and why it cannot be read to the end if so."""
    if not opened.body.strip():
        return None, ()
    if opened.text.lstrip()[:1] in {"{", "["}:
        try:
            return Part("body#", _json(opened)), ()
        except Unreadable as problem:
            if problem.args[0] == TOO_DEEP:
                return Part("body#", opened.text), (TOO_DEEP,)
    if opened.form and "urlencoded" in (opened.exchange.header("content-type") or "urlencoded"):
        return Part("form:", opened.form), ()
    binary = b"\0" in opened.body or any("\udc80" <= character <= "\udcff" for character in opened.text)
    return Part("body#", opened.text), (BINARY,) if binary else ()


def _json(opened: Opened) -> object:
    try:
        return opened.json
    except Unreadable as problem:
        lines = [line for line in opened.text.split("\n") if line.strip()]
        if problem.args[0] == TOO_DEEP or len(lines) < 2:  # noqa: PLR2004 - one line has been tried
            raise
        return [parsed(line) for line in lines]


def _decode(opened: Opened, destination: Destination) -> Decoded:
    part, unread = content(opened)
    query = (Part("query:", opened.query),) if opened.query else ()
    if destination.purpose in FETCHES:
        return Decoded((), (*((part,) if part else ()), *query), unread)
    part, rest = (part, query) if part else (query[0], ()) if query else (Part("path", opened.path), ())
    event = Event(
        destination.vendor.lower(),
        "request",
        destination.event or destination.id,
        part.value,
        part.where,
        Form.WIRE,
        side_of(opened, destination, part.value),
    )
    return Decoded((event,), rest, unread)


def _recognises(_opened: Opened) -> bool:
    return False  # it has no shape


PLAIN = Decoder(
    id="plain",
    says="Every other telemetry: a body as JSON, JSON lines, a form or text, with the URL and the headers.",
    decode=_decode,
    recognises=_recognises,
    marks=(),
    examples=(
        Example("JSON", "/collect", b'{"a":1}', (("request", "example", "body#"),)),
        Example("a form", "/collect", b"a=1&b=2", (("request", "example", "form:"),)),
        Example("a pixel", "/p.gif?u=1", b"", (("request", "example", "query:"),)),
        Example("text", "/log", b"hello", (("request", "example", "body#"),)),
    ),
)
