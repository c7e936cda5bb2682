"""PostHog's capture API (PostHog, "Capture and batch API endpoints"): an event or a `batch` of them, with an `api_key`."""

from __future__ import annotations

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.decoder import Decoded, Decoder, Example, Opened, members
from telemetry_audit.decoders.events import Framing, candidates, text, unwrap

_ENDPOINTS = frozenset({"decide", "flags", "batch", "capture", "e"})


def _kind_and_name(opened: Opened, item: dict[str, object]) -> tuple[str, str]:
    kind = opened.last_segment if opened.last_segment in _ENDPOINTS else "message"
    return ("track", text(item["event"])) if "event" in item else (kind, kind)


_FRAMING = Framing("posthog", ("batch",), _kind_and_name)


def _decode(opened: Opened, destination: Destination) -> Decoded:
    return unwrap(opened, destination, opened.messages(), _FRAMING)


def _recognises(opened: Opened) -> bool:
    parts = list(opened.messages())
    keyed = any("api_key" in members(part.value) for part in parts)
    return any(_is_event(item, keyed=keyed or "api_key" in members(item)) for item in candidates(parts, _FRAMING.lists))


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
