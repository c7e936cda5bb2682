"""Mixpanel's ingestion API.

Source: Mixpanel, "Ingestion API": `/track`, `/engage`, `/groups` take JSON objects or lists, as a body or as `data` in a form or query, in base64
or plain; `/import` takes lists; the browser's library sends recordings of sessions to `/record`.
"""

from __future__ import annotations

import base64
import json

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, Part, members
from telemetry_audit.decoders.events import Framing, candidates, side_of, text, unwrap
from telemetry_audit.model import Event, Form

_ENDPOINTS = frozenset({"track", "engage", "groups", "import", "record"})
_PROFILES = ("$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete")


def _kind_and_name(opened: Opened, item: dict[str, object]) -> tuple[str, str]:
    if "event" in item:
        return "track", text(item["event"])
    kind = "engage" if _is_profile(item) else opened.last_segment if opened.last_segment in _ENDPOINTS else "message"
    return kind, kind


_FRAMING = Framing("mixpanel", (), _kind_and_name)


def _decode(opened: Opened, destination: Destination) -> Decoded:
    if opened.last_segment == "record":
        return _recording(opened, destination)
    return unwrap(opened, destination, _messages(opened), _FRAMING)


def _messages(opened: Opened) -> list[Part]:
    """The usual documents, and JSON lines, which `/import` takes too."""
    lines = opened.text.split("\n") if opened.last_segment == "import" and opened.text.lstrip()[:1] == "{" else []
    if len([line for line in lines if line.strip()]) > 1:
        return [
            Part(
                "body#",
                [
                    Opened(opened.exchange, line.encode("utf-8", "surrogateescape")).json
                    for line in lines
                    if line.strip()
                ],
            )
        ]
    return list(opened.messages())


def _recording(opened: Opened, destination: Destination) -> Decoded:
    """A recorded session is one event, whose leaves are whatever the pages showed."""
    payload = opened.json
    return Decoded(
        (Event("mixpanel", "record", "record", payload, "body#", Form.WIRE, side_of(opened, destination, payload)),)
    )


def _recognises(opened: Opened) -> bool:
    if opened.last_segment == "record" and "distinct_id" in opened.query:
        return True
    found = candidates(opened.messages(), _FRAMING.lists)
    return any(_is_event(item) or ("$token" in members(item) and _is_profile(item)) for item in found)


def _is_event(item: object) -> bool:
    properties = members(members(item).get("properties"))
    signed = "token" in properties and ("distinct_id" in properties or "mp_lib" in properties)
    signed = signed or {"distinct_id", "time", "$insert_id"} <= properties.keys()
    return signed and isinstance(members(item).get("event"), str)


def _is_profile(item: object) -> bool:
    return bool({"$distinct_id", "$group_key"} & members(item).keys()) and any(
        key in members(item) for key in _PROFILES
    )


_EVENT = {"event": "PAGE_VIEW", "properties": {"token": "t", "distinct_id": "d"}}
_DATA = base64.b64encode(json.dumps(_EVENT).encode())

MIXPANEL = Decoder(
    id="mixpanel",
    says="Mixpanel's ingestion API: events, profiles, imports and session recordings; as JSON, as a form, in base64, as a pixel.",
    decode=_decode,
    recognises=_recognises,
    marks=(b"distinct_id", b"data="),
    examples=(
        Example("a form", "/track", b"data=" + _DATA.replace(b"=", b"%3D"), (("track", "PAGE_VIEW", "form:data#"),)),
        Example("a list", "/track", json.dumps([_EVENT]).encode(), (("track", "PAGE_VIEW", "body#/0"),)),
        Example("a pixel", "/track?data=" + _DATA.decode(), b"", (("track", "PAGE_VIEW", "query:data#"),)),
        Example(
            "a profile",
            "/engage",
            b'{"$token":"t","$distinct_id":"d","$set":{"a":1}}',
            (("engage", "engage", "body#"),),
        ),
        Example("a calendar", "/events", b'{"event":"party","properties":{"color":"red"}}', ()),
        Example("another form", "/save", b"data=hello", ()),
    ),
)
