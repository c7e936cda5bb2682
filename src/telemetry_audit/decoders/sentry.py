"""Sentry's envelopes and store endpoint.

Source: Sentry, "Envelopes": a line of JSON headers, then for each item a line of JSON headers and a payload, of `length` bytes or up to the
line's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders import json_text
from telemetry_audit.decoders.content import Undecodable, decoded
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, Part, Unreadable, members, parsed
from telemetry_audit.decoders.events import side_of, text
from telemetry_audit.model import Event, Form

_ENDPOINT = re.compile(r".*/api/[0-9]+/(?:envelope|store|security|minidump)")
_MOST_ITEMS = 1_000
_TOO_MANY_ITEMS = "the envelope holds more than 1,000 items, and the rest of them was left"
_BINARY_ITEM = "an item of the envelope is not JSON"


def _decode(opened: Opened, destination: Destination) -> Decoded:
    if not opened.body.strip():
        return Decoded()
    if opened.last_segment == "store" or b"\n" not in opened.body.strip():
        payload = opened.json
        return Decoded(
            (Event("sentry", "event", "event", payload, "body#", Form.WIRE, side_of(opened, destination, payload)),)
        )
    header, _, items = opened.body.partition(b"\n")
    events, rest, unread = [], [Part("envelope#", parsed(json_text.decode(header)))], []
    for number, (head, body) in enumerate(_items(items)):
        if number == _MOST_ITEMS:
            unread.append(_TOO_MANY_ITEMS)
            break
        where = f"envelope:{number}#"
        rest.append(Part(f"envelope#/items/{number}", {key: value for key, value in head.items() if key != "type"}))
        try:
            payload = _payload(body)
        except Unreadable:
            rest.append(Part(where, body.decode("utf-8", "replace")))
            unread.append(_BINARY_ITEM)
            continue
        kind = text(head.get("type")) or "item"
        events.append(Event("sentry", kind, kind, payload, where, Form.WIRE, side_of(opened, destination, payload)))
    return Decoded(tuple(events), tuple(rest), tuple(dict.fromkeys(unread)))


def _payload(body: bytes) -> object:
    """An item as JSON; that of a replay is a line of JSON and then JSON again, compressed or not."""
    head, _, recording = body.partition(b"\n")
    if not recording.strip():
        return parsed(json_text.decode(body))
    try:
        inflated = decoded(recording, "deflate")
    except Undecodable as problem:
        raise Unreadable(str(problem)) from None
    return [parsed(json_text.decode(head)), parsed(json_text.decode(inflated))]


def _items(data: bytes) -> Iterator[tuple[Mapping[str, object], bytes]]:
    """Headers and payload of each item."""
    while data.strip():
        line, _, data = data.lstrip(b"\n").partition(b"\n")
        header = members(parsed(json_text.decode(line)))
        length = header.get("length")
        if isinstance(length, int) and not isinstance(length, bool) and 0 <= length <= len(data):
            body, data = data[:length], data[length:]
        else:
            body, _, data = data.partition(b"\n")
        yield header, body


def _recognises(opened: Opened) -> bool:
    if _ENDPOINT.fullmatch(opened.path) and ("sentry_key" in opened.query or opened.exchange.header("x-sentry-auth")):
        return True
    lines = opened.text.split("\n", 2)
    if len(lines) < 2 or lines[0][:1] != "{" or lines[1][:1] != "{":  # noqa: PLR2004 - a header and the first item's header
        return False
    try:
        header, item = members(parsed(lines[0])), members(parsed(lines[1]))
    except Unreadable:
        return False
    return "type" in item and bool({"dsn", "sent_at", "event_id", "sdk"} & header.keys())


SENTRY = Decoder(
    id="sentry",
    says="Sentry's envelopes and its store endpoint: error events, sessions, traces, replays.",
    decode=_decode,
    recognises=_recognises,
    marks=(b"sent_at", b"event_id", b'"dsn"'),
    examples=(
        Example(
            "an envelope",
            "/api/42/envelope/?sentry_key=k",
            b'{"event_id":"a","sent_at":"t"}\n{"type":"event","length":13}\n{"level":"x"}\n{"type":"session"}\n{"sid":"s"}\n',
            (("event", "event", "envelope:0#"), ("session", "session", "envelope:1#")),
        ),
        Example(
            "a stored event",
            "/api/42/store/?sentry_key=k",
            b'{"event_id":"a","level":"error"}',
            (("event", "event", "body#"),),
        ),
        Example("two lines", "/x", b'{"a":1}\n{"type":"b"}', ()),
    ),
)
