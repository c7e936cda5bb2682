"""PostHog's capture API (PostHog, "Capture and batch API endpoints"): an event or a `batch` of them, with an `api_key`."""

from __future__ import annotations

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, members
from telemetry_audit.decoders.events import Framing, text, unwrap


def _kind_and_name(opened: Opened, item: dict[str, object]) -> tuple[str, str]:
    return ("track", text(item["event"])) if "event" in item else (opened.last_segment, opened.last_segment)


_FRAMING = Framing("posthog", ("batch",), _kind_and_name)


def _decode(opened: Opened, destination: Destination) -> Decoded:
    return unwrap(opened, destination, opened.messages(), _FRAMING)


def _recognises(opened: Opened) -> bool:
    for part in opened.messages():
        items = part.value if isinstance(part.value, list) else [part.value]
        for item in items[:3]:
            keyed = "api_key" in members(item)
            batch = members(item).get("batch")
            if any(_is_event(event, keyed=keyed) for event in (batch[:3] if isinstance(batch, list) else [item])):
                return True
    return False


def _is_event(item: object, *, keyed: bool) -> bool:
    properties = members(members(item).get("properties"))
    identified = "distinct_id" in members(item) or "distinct_id" in properties
    tokens = (members(item).get("token"), members(item).get("api_key"), properties.get("token"))
    own = any(text(token).startswith("phc_") for token in tokens)
    return identified and (own or (keyed and isinstance(members(item).get("event"), str)))


POSTHOG = Decoder(
    id="posthog",
    says="PostHog's capture API: single events and batches.",
    decode=_decode,
    recognises=_recognises,
    marks=(b"distinct_id", b"data="),
    examples=(
        Example(
            "a batch",
            "/batch/",
            b'{"api_key":"k","batch":[{"event":"e","distinct_id":"d"}]}',
            (("track", "e", "body#/batch/0"),),
        ),
        Example(
            "one",
            "/capture/",
            b'{"api_key":"k","event":"e","properties":{"distinct_id":"d"}}',
            (("track", "e", "body#"),),
        ),
        Example("flags", "/decide/?v=3", b'{"token":"phc_k","distinct_id":"d"}', (("decide", "decide", "body#"),)),
        Example("something else", "/x", b'{"api_key":"k","batch":[{"distinct_id":"d"}]}', ()),
    ),
)
