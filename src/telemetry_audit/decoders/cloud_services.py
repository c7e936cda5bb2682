"""Requests to Appsmith's cloud services: the request itself is the event, and `destinations.toml` gives it its name."""

from __future__ import annotations

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, Part
from telemetry_audit.model import Event, Form, Side


def _decode(opened: Opened, destination: Destination) -> Decoded:
    side = destination.side if destination.side is not Side.UNKNOWN else Side.SERVER
    query = Part("query:", opened.query)
    if opened.body.strip():
        event = Event("appsmith", "request", destination.event, opened.json, "body#", Form.WIRE, side)
        return Decoded((event,), (query,) if opened.query else ())
    return Decoded((Event("appsmith", "request", destination.event, query.value, query.where, Form.WIRE, side),))


def _recognises(_opened: Opened) -> bool:
    return False  # a request like any other, told by its host alone


CLOUD_SERVICES = Decoder(
    id="cloud-services",
    says="Requests to Appsmith's cloud services: the parameters of a GET, the JSON of a POST.",
    decode=_decode,
    recognises=_recognises,
    marks=(),
    examples=(
        Example("a GET", "/api/v1/releases?instanceId=i&version=v", b"", (("request", "releases", "query:"),)),
        Example("a POST", "/api/v1/feature-flags", b'{"instanceId":"i"}', (("request", "feature-flags", "body#"),)),
    ),
)
