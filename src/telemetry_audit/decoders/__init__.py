"""Exchange to events: one file a vendor, this list, and the choice among them."""

from __future__ import annotations

import re

from ahocorasick_rs import BytesAhoCorasick, Implementation

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.amplitude import AMPLITUDE
from telemetry_audit.decoders.cloud_services import CLOUD_SERVICES
from telemetry_audit.decoders.content import Undecodable, decoded
from telemetry_audit.decoders.decoder import TOO_DEEP, Decoded, Decoder, Opened, Part, Unreadable
from telemetry_audit.decoders.events import library_of
from telemetry_audit.decoders.installer import INSTALLER
from telemetry_audit.decoders.mixpanel import MIXPANEL
from telemetry_audit.decoders.plain import PLAIN, content
from telemetry_audit.decoders.posthog import POSTHOG
from telemetry_audit.decoders.segment import SEGMENT
from telemetry_audit.decoders.sentry import SENTRY

DECODERS: tuple[Decoder, ...] = (SEGMENT, POSTHOG, MIXPANEL, AMPLITUDE, SENTRY, CLOUD_SERVICES, INSTALLER, PLAIN)
"""In the order in which their framings are tried at a host that nobody named."""

_MARKS = tuple(dict.fromkeys(mark for decoder in DECODERS for mark in decoder.marks))
_ANY_MARK = BytesAhoCorasick(_MARKS, implementation=Implementation.DFA)
_SHORT = 1 << 16
_IN_QUERY = re.compile(r"[?&](?:data|sentry_key|distinct_id)=")
_BY_ID = {decoder.id: decoder for decoder in DECODERS}


def decoder_of(destination: Destination, opened: Opened) -> Decoder:
    """The decoder that a destination names; where it names the plain one or none, that of the framing that the request has."""
    named = _BY_ID[destination.decoder or PLAIN.id]
    return recognise(opened) or named if named is PLAIN else named


def recognise(opened: Opened) -> Decoder | None:
    """The decoder whose framing a request has, told without knowing its host; None for ordinary traffic.

    Raises Unreadable where it bears the marks of one and nests too deep to tell.
    """
    target, body = opened.exchange.target, opened.body
    in_query = "=" in target and bool(_IN_QUERY.search(target))
    disguised = b"\\u00" in body or b"\0" in body[:4]
    if not (in_query or disguised or bears_marks(body)):
        return None
    for decoder in DECODERS:
        if decoder.marks and (in_query or disguised or any(mark in body for mark in decoder.marks)):
            try:
                if decoder.recognises(opened):
                    return decoder
            except Unreadable as problem:
                if str(problem) == TOO_DEEP:
                    raise
    return None


def bears_marks(body: bytes) -> bool:
    """Whether a word of some vendor's framing stands in a body."""
    if len(body) <= _SHORT:
        # One pass for all takes a quarter of the time, which every ordinary exchange costs, but it lists each place.
        return bool(_ANY_MARK.find_matches_as_indexes(body))
    return any(mark in body for mark in _MARKS)


__all__ = [
    "DECODERS",
    "PLAIN",
    "Decoded",
    "Decoder",
    "Opened",
    "Part",
    "Undecodable",
    "Unreadable",
    "bears_marks",
    "content",
    "decoded",
    "decoder_of",
    "library_of",
    "recognise",
]
