"""The webhook of the installer's scripts: one small object, which some scripts write without a comma."""

from __future__ import annotations

import re

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, Unreadable, members, parsed
from telemetry_audit.decoders.events import text
from telemetry_audit.model import Event, Form, Side

_MISSING_COMMA = re.compile(r'(?<=["}\]0-9el])(\s+)(?="[A-Za-z]{1,64}"\s*:)')


def _decode(opened: Opened, _destination: Destination) -> Decoded:
    if not opened.body.strip():
        return Decoded()
    try:
        payload = opened.json
    except Unreadable:
        payload = parsed(_MISSING_COMMA.sub(r",\1", opened.text))
    name = text(members(payload).get("event"))
    return Decoded((Event("appsmith", "track", name, payload, "body#", Form.WIRE, Side.INSTALLER),))


def _recognises(_opened: Opened) -> bool:
    return False  # too small to have a shape of its own


INSTALLER = Decoder(
    id="installer",
    says="The webhook to which the installer's scripts of 2020 to 2022 report their steps.",
    decode=_decode,
    recognises=_recognises,
    marks=(),
    examples=(
        Example(
            "a step",
            "/0a1b",
            b'{"userId":"203.0.113.7","event":"Installation Started","data":{"os":"ubuntu"}}',
            (("track", "Installation Started", "body#"),),
        ),
        Example(
            "without a comma",
            "/0a1b",
            b'{"userId": "203.0.113.7",\n "event": "Root Check Passed"\n "data": {"os": "ubuntu"}}',
            (("track", "Root Check Passed", "body#"),),
        ),
    ),
)
