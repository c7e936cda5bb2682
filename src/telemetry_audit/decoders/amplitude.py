"""Amplitude's HTTP API v2 (Amplitude, "HTTP V2 API"): `api_key` and `events`; older libraries send a form with the events in `e`."""

from __future__ import annotations

from collections.abc import Iterator

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, Part, members, parsed
from telemetry_audit.decoders.events import Framing, candidates, text, unwrap


def _kind_and_name(_opened: Opened, item: dict[str, object]) -> tuple[str, str]:
    return "track", text(item.get("event_type"))


_FRAMING = Framing("amplitude", ("events",), _kind_and_name)


def _messages(opened: Opened) -> Iterator[Part]:
    if "e" in opened.form and "client" in opened.form:
        yield Part("form:e#", parsed(opened.form["e"]))
    else:
        yield from opened.messages()


def _decode(opened: Opened, destination: Destination) -> Decoded:
    return unwrap(opened, destination, _messages(opened), _FRAMING)


def _recognises(opened: Opened) -> bool:
    found = candidates(_messages(opened), _FRAMING.lists)
    return any("event_type" in members(item) and {"user_id", "device_id"} & members(item).keys() for item in found)


AMPLITUDE = Decoder(
    id="amplitude",
    says="Amplitude's HTTP API: lists of events, as JSON or in a form.",
    decode=_decode,
    recognises=_recognises,
    marks=(b"event_type",),
    examples=(
        Example(
            "version 2",
            "/2/httpapi",
            b'{"api_key":"k","events":[{"event_type":"e","user_id":"u"}]}',
            (("track", "e", "body#/events/0"),),
        ),
        Example(
            "a form",
            "/",
            b"client=k&e=%5B%7B%22event_type%22%3A%22e%22%2C%22device_id%22%3A%22d%22%7D%5D",
            (("track", "e", "form:e#/0"),),
        ),
        Example("an audit trail", "/log", b'{"events":[{"event_type":"login"}]}', ()),
    ),
)
