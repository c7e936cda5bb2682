"""Segment's HTTP tracking API and the SDKs that speak it, RudderStack's among them.

Source: Segment, "HTTP API Source": one message a request at `/v1/<type>`, many in `batch` at `/v1/batch` and `/v1/import`; the browser's
library uses one-letter paths and text/plain bodies.
"""

from __future__ import annotations

import json

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, members
from telemetry_audit.decoders.events import Framing, candidates, text, unwrap

_LETTERS = {"t": "track", "i": "identify", "p": "page", "g": "group", "a": "alias", "s": "screen"}
_TYPES = frozenset(_LETTERS.values())
_SIGNS = ("messageId", "anonymousId", "userId", "writeKey", "sentAt", "originalTimestamp", "integrations", "context")
_FEWEST_SIGNS = 2


def _kind_and_name(opened: Opened, item: dict[str, object]) -> tuple[str, str]:
    segment = opened.last_segment
    told = text(item.get("type")).lower()
    kind = (
        told
        if told in _TYPES
        else _LETTERS.get(segment, segment if segment in _TYPES else "track" if item.get("event") else "message")
    )
    return kind, text(item.get("event")) if kind == "track" else text(item.get("name"))


_FRAMING = Framing("segment", ("batch",), _kind_and_name)


def _decode(opened: Opened, destination: Destination) -> Decoded:
    return unwrap(opened, destination, opened.messages(), _FRAMING)


def _recognises(opened: Opened) -> bool:
    return any(_is_message(opened, item) for item in candidates(opened.messages(), _FRAMING.lists))


def _is_message(opened: Opened, item: object) -> bool:
    found = members(item)
    typed = (
        text(found.get("type")) in _TYPES
        or opened.last_segment in _TYPES | _LETTERS.keys()
        or ("event" in found and "anonymousId" in found)
    )
    return typed and sum(sign in found for sign in _SIGNS) >= _FEWEST_SIGNS


_TRACK = {"type": "track", "event": "login_USER", "messageId": "m-1", "anonymousId": "a"}

SEGMENT = Decoder(
    id="segment",
    says="Segment's tracking API: single messages, batches, imports, one-letter paths, bodies as text/plain; RudderStack's too.",
    decode=_decode,
    recognises=_recognises,
    marks=(b"messageId", b"anonymousId", b"writeKey", b"originalTimestamp", b"data="),
    examples=(
        Example("one message", "/v1/track", json.dumps(_TRACK).encode(), (("track", "login_USER", "body#"),)),
        Example(
            "one letter",
            "/v1/p",
            b'{"name":"Home","anonymousId":"a","messageId":"m","type":"page"}',
            (("page", "Home", "body#"),),
        ),
        Example(
            "a batch",
            "/v1/import/",
            json.dumps(
                {"batch": [_TRACK, {"type": "identify", "userId": "u", "messageId": "m"}], "sentAt": "t"}
            ).encode(),
            (("track", "login_USER", "body#/batch/0"), ("identify", "", "body#/batch/1")),
        ),
        Example("an order", "/orders", b'{"type":"order","userId":"u","context":{}}', ()),
        Example("a batch of jobs", "/jobs", b'{"batch":[{"type":"print","messageId":"m"}]}', ()),
    ),
)
